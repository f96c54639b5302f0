import { proofLimitMs } from '@yizhan/rules/access/session-limits'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AccessFixture, signedByCentre, signingIn, totp } from '../fixture/access-fixture.ts'
import { judgeCall } from './call-guard.ts'

const { origin, email, own } = signingIn

let at: AccessFixture

beforeAll(async () => {
  at = await AccessFixture.open()
})
afterAll(() => at.close())
beforeEach(() => at.begin())

test('a code of the authenticator opens once, also for two who bring it at the same moment', async () => {
  const { key } = await at.readyAdministrator()
  const [one, two, late] = [at.browser(), at.browser(), at.browser()]
  for (const person of [one, two, late]) await person.signIn(own)
  const code = totp(key)
  const answers = await Promise.all([one, two].map((person) => person.post('/two-factor/verify-totp', { code })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  const again = await late.post('/two-factor/verify-totp', { code })
  expect(again.status).toBe(401)
  expect(await again.json()).toEqual({ code: 'CODE_SPENT' })
  expect(await at.access.whoIs(late.headers())).toBeNull()
  await at.forgetSpentCodes()
  expect((await late.post('/two-factor/verify-totp', { code: totp(key) })).status).toBe(200)
})

test('the database holds nothing that opens a session, a second factor or a recovery', async () => {
  const { person, backupCodes, key } = await at.readyAdministrator()
  const pending = at.browser()
  await pending.signIn(own)
  const { rows } = await at.owner.query<{ dump: string }>(
    `select concat_ws(' ', (select json_agg(s) from auth."session" s), (select json_agg(v) from auth."verification" v),
       (select json_agg(f) from auth."twoFactor" f), (select json_agg(a) from auth."account" a)) as dump`,
  )
  const dump = rows[0]?.dump ?? ''
  const secrets = [...person.cookies(), ...pending.cookies()].map((value) => value.slice(0, value.lastIndexOf('.')))
  expect(secrets).toHaveLength(2)
  expect(person.cookies()).toContain(signedByCentre(secrets[0] ?? ''))
  for (const secret of [...secrets, ...backupCodes, own, key]) expect(dump).not.toContain(secret)
  const { rows: sessions } = await at.owner.query<{ token: string }>('select "token" from auth."session"')
  expect(sessions.length).toBeGreaterThan(0)
  for (const { token } of sessions) {
    const cookie = `yizhan.session_token=${encodeURIComponent(signedByCentre(token))}`
    expect(await at.access.whoIs(new Headers({ origin, cookie }))).toBeNull()
  }
})

test('a deed of weight asks for the factor again after ten minutes; proving it changes the token and not the end of the session', async () => {
  const { person, key } = await at.readyAdministrator()
  const member = async () => {
    const visitor = await at.access.visitorOf(person.headers())
    return visitor.kind === 'member' ? visitor : expect.unreachable('nobody is signed in')
  }
  const judge = async () => judgeCall(await member(), 'account.create', Date.now() + at.passedMs)
  expect((await judge()).allowed).toBe(true)
  at.passedMs = proofLimitMs
  expect(await judge()).toEqual({ allowed: false, why: 'step-up-needed' })
  expect(judgeCall(await member(), 'account.list', Date.now() + at.passedMs).allowed).toBe(true)
  expect(await at.access.own.removeAuthenticator({ ...(await member()), requestId: 'request-0' })).toEqual({
    ok: false,
    error: 'step-up-needed',
  })
  expect((await person.post('/passkey/registration-options', {})).status).toBe(403)
  const before = person.headers()
  const { rows: ends } = await at.owner.query('select "createdAt", "id" from auth."session"')
  at.passedMs = 0
  await at.owner.query(`update auth."session" set "factorProvedAt" = now() - interval '11 minutes'`)
  expect(await judge()).toEqual({ allowed: false, why: 'step-up-needed' })
  expect((await person.post('/prove-again', { code: '000000' })).status).toBe(401)
  expect((await person.post('/prove-again', {})).status).toBe(401)
  expect((await person.post('/prove-again', { code: totp(key) })).status).toBe(200)
  expect((await judge()).allowed).toBe(true)
  expect((await person.post('/prove-again', { code: totp(key) })).status).toBe(401)
  expect(await at.access.whoIs(before)).toBeNull()
  expect((await at.owner.query('select "createdAt", "id" from auth."session"')).rows).toEqual(ends)
})

test('wrong codes of somebody who is asked again are stopped after five, for every browser of theirs', async () => {
  const { person, key } = await at.readyAdministrator()
  const statuses: number[] = []
  for (let turn = 0; turn < 7; turn++) statuses.push((await person.post('/prove-again', { code: '000000' })).status)
  expect(statuses).toEqual([...Array(5).fill(401), 429, 429])
  expect((await person.post('/prove-again', { code: totp(key) })).status).toBe(429)
})

test('guesses at the password by which a factor is set up are stopped after five', async () => {
  const person = at.browser()
  await person.signIn(await at.firstPassword())
  const statuses: number[] = []
  for (let turn = 0; turn < 6; turn++) {
    statuses.push((await person.post('/two-factor/enable', { password: `guess ${turn}` })).status)
  }
  expect(statuses.at(-1)).toBe(429)
  expect(statuses).not.toContain(200)
})

test('one sees where one is signed in, ends one of them or all others, and nobody else’s', async () => {
  const oneTime = await at.firstPassword()
  const [here, there, third] = [at.browser(), at.browser(), at.browser()]
  const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36'
  await here.signIn(oneTime, { 'user-agent': agent })
  await there.signIn(oneTime)
  await third.signIn(oneTime)
  const caller = async () => {
    const visitor = await at.access.visitorOf(here.headers())
    if (visitor.kind !== 'member') expect.unreachable('nobody is signed in')
    return { ...visitor, requestId: 'request-0' }
  }
  const { sessions } = await at.access.own.read(await caller())
  expect(sessions).toHaveLength(3)
  const current = sessions.find((session) => session.current)
  expect(current).toMatchObject({ browser: 'chrome', system: 'windows' })
  const other = sessions.find((session) => !session.current)
  const notMine = { ...(await caller()), who: { ...(await caller()).who, userId: 'somebody else' } }
  expect(await at.access.own.endSession(notMine, other?.sessionId ?? '')).toEqual({
    ok: false,
    error: 'session-unknown',
  })
  expect(await at.access.own.endSession(await caller(), other?.sessionId ?? '')).toEqual({ ok: true })
  expect((await at.access.own.read(await caller())).sessions).toHaveLength(2)
  await at.access.own.endOtherSessions(await caller())
  expect((await at.access.own.read(await caller())).sessions).toMatchObject([{ current: true }])
  expect(await at.access.whoIs(here.headers())).not.toBeNull()
  for (const ended of [there, third]) expect(await at.access.whoIs(ended.headers())).toBeNull()
})

test('a session id that was there before the sign-in is not taken over, and one from before a sign-out is dead', async () => {
  const person = at.browser()
  const planted = `yizhan.session_token=${encodeURIComponent(signedByCentre('planted-by-somebody-else-0000000'))}`
  await person.post('/sign-in/email', { email, password: await at.firstPassword() }, { cookie: planted })
  expect(person.cookies()[0]).not.toContain('planted')
  expect(await at.access.whoIs(new Headers({ origin, cookie: planted }))).toBeNull()
  expect(await at.access.whoIs(person.headers())).not.toBeNull()
})

test('a password of seventy characters or of faces is as good as any', async () => {
  const oneTime = await at.firstPassword()
  const person = at.browser()
  await person.signIn(oneTime)
  const long = 'seven larks sing at the window of the ward before the sun is up in May'
  expect([...long].length).toBeGreaterThan(64)
  expect(await at.setPassword(person.headers(), oneTime, long)).toEqual({ ok: true })
  expect((await at.browser().signIn(long)).status).toBe(200)
  const faces = '🐢🦜🌋🧭🪁🥁🧵🪴🦔🛶🧩🪐'
  expect(await at.setPassword(person.headers(), long, faces)).toEqual({ ok: true })
  expect((await at.browser().signIn(faces)).status).toBe(200)
  expect((await at.browser().signIn(faces.slice(0, -2))).status).toBe(401)
})

test('under the profile of level 3 a plain password is refused, and one of ninety days is due', async () => {
  await at.access.close()
  at.access = at.openAccess('mlps3')
  const oneTime = await at.firstPassword()
  const person = at.browser()
  await person.signIn(oneTime)
  const plain = await at.setPassword(person.headers(), oneTime, own)
  expect(plain).toEqual({ ok: false, error: 'password-too-weak', why: 'too-plain' })
  expect(await at.setPassword(person.headers(), oneTime, `${own} 7 TIMES`)).toEqual({ ok: true })
  expect(await at.dutiesOf(person.headers())).toEqual(['set-up-second-factor'])
  await at.owner.query(`update auth."account" set "updatedAt" = now() - interval '91 days'`)
  expect(await at.dutiesOf(person.headers())).toEqual(['set-up-second-factor', 'renew-password'])
  await at.access.close()
  at.access = at.openAccess()
  expect(await at.dutiesOf(person.headers())).toEqual(['set-up-second-factor'])
})
