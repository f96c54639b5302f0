import { createHmac } from 'node:crypto'
import { channel } from 'node:diagnostics_channel'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idleHeader, proofLimitMs } from '@yizhan/rules/access/session-limits'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type CentreDatabase, inTenant, openDatabase } from '../postgres/database.ts'
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.ts'
import { type Access, createAccess } from './access.ts'
import { judgeCall } from './call-guard.ts'

const tenantId = '019ab000-0000-7000-8000-000000000001'
const origin = 'http://127.0.0.1:8080'
const secret = 'a secret of a test, long enough for all of it'
const email = 'admin@hospital.example'
const own = 'larks at five in the morning'
const secondFactor = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) })

let database: TestDatabase
let centre: CentreDatabase
let owner: pg.Pool
let keysFolder: string
let access: Access
const faults: string[] = []
let auditedBefore = 0
/** How much later than now the centre believes it is. */
let passedMs = 0

beforeAll(async () => {
  database = await createTestDatabase()
  centre = openDatabase(database.appUrl, { maxConnections: 4, onIdleError: () => undefined })
  owner = new pg.Pool({ connectionString: database.migratorUrl })
  await inHospital(
    `insert into tenant (tenant_id, name, help_desk, zone, created_at) values ($1, '{}', '{}', 'Asia/Shanghai', now())`,
    [tenantId],
  )
})

afterAll(async () => {
  await owner.end()
  await centre.close()
  await database.drop()
})

beforeEach(async () => {
  passedMs = 0
  await inHospital('delete from membership where tenant_id = $1', [tenantId])
  await owner.query('delete from auth."user"')
  await owner.query('delete from auth.sign_in_limit')
  keysFolder = await mkdtemp(join(tmpdir(), 'yizhan-access-'))
  access = openAccess()
  auditedBefore = (await auditRows()).length
  return async () => {
    await access.close()
    await rm(keysFolder, { recursive: true })
    expect(faults.splice(0)).toEqual([])
  }
})

function openAccess(passwordProfile?: 'mlps3'): Access {
  return createAccess({
    passwordProfile,
    appUrl: database.appUrl,
    db: centre.db,
    now: () => Date.now() + passedMs,
    origins: [origin],
    secret,
    keysFolder,
    onFault: (message) => faults.push(message),
    hospitalOf: async () => ({ name: { 'zh-CN': '演示医院', en: 'Demo Hospital' }, zone: 'Asia/Shanghai' }),
  })
}

async function inHospital(statement: string, values: unknown[]): Promise<void> {
  const client = await owner.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('app.tenant_id', $1, true)`, [tenantId])
    await client.query(statement, values)
    await client.query('commit')
  } finally {
    client.release()
  }
}

/** A browser as far as sign-in is concerned: it keeps cookies and names its origin. */
function browser(peerAddress = '203.0.113.7') {
  const jar = new Map<string, string>()
  const headers = (extra: Record<string, string> = {}) =>
    new Headers({ origin, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...extra })
  return {
    headers,
    lastCookies: [] as string[],
    cookies: () => [...jar.values()].map(decodeURIComponent),
    async post(path: string, body: unknown, extra: Record<string, string> = {}) {
      const response = await access.handle(
        new Request(`${origin}/auth${path}`, {
          method: 'POST',
          headers: headers({ 'content-type': 'application/json', ...extra }),
          body: JSON.stringify(body),
        }),
        { peerAddress, requestId: 'request-0' },
      )
      this.lastCookies = response.headers.getSetCookie()
      for (const cookie of this.lastCookies) {
        const [pair = ''] = cookie.split(';')
        const [name = '', value = ''] = pair.split(/=(.*)/s)
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      return response
    },
    signIn(password: string, extra: Record<string, string> = {}) {
      return this.post('/sign-in/email', { email, password }, extra)
    },
  }
}

async function firstPassword(): Promise<string> {
  const password = await access.ensureFirstAdministrator({ tenantId, email, displayName: '演示管理员' })
  return password ?? expect.unreachable('the first administrator has no one-time password')
}

function setPassword(headers: Headers, currentPassword: string, newPassword: string) {
  return access.setOwnPassword(headers, { currentPassword, newPassword, requestId: 'request-0' })
}

/** A person who has walked through both duties, with the key of their second factor and their recovery codes. */
async function readyAdministrator() {
  const person = browser()
  const oneTime = await firstPassword()
  await person.signIn(oneTime)
  expect(await setPassword(person.headers(), oneTime, own)).toEqual({
    ok: true,
  })
  const enabled = secondFactor.parse(await (await person.post('/two-factor/enable', { password: own })).json())
  const key = new URL(enabled.totpURI).searchParams.get('secret') ?? ''
  expect((await person.post('/two-factor/verify-totp', { code: totp(key) })).status).toBe(200)
  await forgetSpentCodes()
  return { person, key, backupCodes: enabled.backupCodes }
}

/** As if the next code of the authenticator had come: a test need not wait half a minute for it. */
async function forgetSpentCodes() {
  await owner.query('update auth."twoFactor" set "lastStep" = null')
}

/** RFC 6238 with the 30-second step and six digits that authenticator apps use, written here to judge the server. */
function totp(base32: string): string {
  const bits = [...base32].map((symbol) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(symbol).toString(2).padStart(5, '0'),
  )
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A cookie's value as the centre signs it, for tests of what a thief of the database could make. */
function signedByCentre(value: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('base64')}`
}

async function dutiesOf(headers: Headers) {
  return (await access.whoIs(headers))?.duties
}

test('the first administrator signs in with the one-time password and walks through both duties', async () => {
  const oneTime = await firstPassword()
  expect(oneTime).toMatch(/^(?:[2-9a-hjkmnp-tv-z]{4}-){3}[2-9a-hjkmnp-tv-z]{4}$/)
  const person = browser()
  expect((await person.signIn(oneTime)).status).toBe(200)
  expect(await access.whoIs(person.headers())).toMatchObject({
    displayName: '演示管理员',
    tenantId,
    zone: 'Asia/Shanghai',
    roles: ['administrator'],
    duties: ['set-own-password', 'set-up-second-factor'],
  })
  await setPassword(person.headers(), oneTime, own)
  expect(await dutiesOf(person.headers())).toEqual(['set-up-second-factor'])
  const enabled = secondFactor.parse(await (await person.post('/two-factor/enable', { password: own })).json())
  const key = new URL(enabled.totpURI).searchParams.get('secret') ?? ''
  await person.post('/two-factor/verify-totp', { code: totp(key) })
  expect(await dutiesOf(person.headers())).toEqual([])
})

test('the one-time password is told again until it is replaced, from a file that only its owner may read', async () => {
  const oneTime = await firstPassword()
  expect(await firstPassword()).toBe(oneTime)
  const [file = ''] = await readdir(keysFolder)
  expect((await stat(join(keysFolder, file))).mode & 0o777).toBe(0o600)
  const person = browser()
  await person.signIn(oneTime)
  await setPassword(person.headers(), oneTime, own)
  expect(await readdir(keysFolder)).toEqual([])
  expect(await access.ensureFirstAdministrator({ tenantId, email, displayName: '演示管理员' })).toBeNull()
})

test('a lost one-time password is drawn anew, and the old one no longer opens', async () => {
  const lost = await firstPassword()
  const [file = ''] = await readdir(keysFolder)
  await rm(join(keysFolder, file))
  const fresh = await firstPassword()
  expect(fresh).not.toBe(lost)
  expect((await browser().signIn(lost)).status).toBe(401)
  expect((await browser().signIn(fresh)).status).toBe(200)
})

test('nodes that start together draw one password', async () => {
  const other = openAccess()
  const person = { tenantId, email, displayName: '演示管理员' }
  const [one, two] = await Promise.all([
    access.ensureFirstAdministrator(person),
    other.ensureFirstAdministrator(person),
  ])
  expect(one).toBe(two)
  await other.close()
})

test('after set-up the password alone opens nothing; the code of the authenticator does', async () => {
  const { key } = await readyAdministrator()
  const later = browser()
  expect(await (await later.signIn(own)).json()).toMatchObject({ twoFactorRedirect: true })
  expect(await access.whoIs(later.headers())).toBeNull()
  expect((await later.post('/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
  expect((await later.post('/two-factor/verify-totp', { code: totp(key) })).status).toBe(200)
  expect(await dutiesOf(later.headers())).toEqual([])
})

test('a code of the authenticator opens once, also for two who bring it at the same moment', async () => {
  const { key } = await readyAdministrator()
  const [one, two, late] = [browser(), browser(), browser()]
  for (const person of [one, two, late]) await person.signIn(own)
  const code = totp(key)
  const answers = await Promise.all([one, two].map((person) => person.post('/two-factor/verify-totp', { code })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  const again = await late.post('/two-factor/verify-totp', { code })
  expect(again.status).toBe(401)
  expect(await again.json()).toEqual({ code: 'CODE_SPENT' })
  expect(await access.whoIs(late.headers())).toBeNull()
  await forgetSpentCodes()
  expect((await late.post('/two-factor/verify-totp', { code: totp(key) })).status).toBe(200)
})

test('the database holds nothing that opens a session, a second factor or a recovery', async () => {
  const { person, backupCodes, key } = await readyAdministrator()
  const pending = browser()
  await pending.signIn(own)
  const { rows } = await owner.query<{ dump: string }>(
    `select concat_ws(' ', (select json_agg(s) from auth."session" s), (select json_agg(v) from auth."verification" v),
       (select json_agg(f) from auth."twoFactor" f), (select json_agg(a) from auth."account" a)) as dump`,
  )
  const dump = rows[0]?.dump ?? ''
  const secrets = [...person.cookies(), ...pending.cookies()].map((value) => value.slice(0, value.lastIndexOf('.')))
  expect(secrets).toHaveLength(2)
  expect(person.cookies()).toContain(signedByCentre(secrets[0] ?? ''))
  for (const secret of [...secrets, ...backupCodes, own, key]) expect(dump).not.toContain(secret)
  const { rows: sessions } = await owner.query<{ token: string }>('select "token" from auth."session"')
  expect(sessions.length).toBeGreaterThan(0)
  for (const { token } of sessions) {
    const cookie = `yizhan.session_token=${encodeURIComponent(signedByCentre(token))}`
    expect(await access.whoIs(new Headers({ origin, cookie }))).toBeNull()
  }
})

test('a deed of weight asks for the factor again after ten minutes; proving it changes the token and not the end of the session', async () => {
  const { person, key } = await readyAdministrator()
  const member = async () => {
    const visitor = await access.visitorOf(person.headers())
    return visitor.kind === 'member' ? visitor : expect.unreachable('nobody is signed in')
  }
  const judge = async () => judgeCall(await member(), 'account.create', Date.now() + passedMs)
  expect((await judge()).allowed).toBe(true)
  passedMs = proofLimitMs
  expect(await judge()).toEqual({ allowed: false, why: 'step-up-needed' })
  expect(judgeCall(await member(), 'account.list', Date.now() + passedMs).allowed).toBe(true)
  expect(await access.own.removeAuthenticator({ ...(await member()), requestId: 'request-0' })).toEqual({
    ok: false,
    error: 'step-up-needed',
  })
  expect((await person.post('/passkey/registration-options', {})).status).toBe(403)
  const before = person.headers()
  const { rows: ends } = await owner.query('select "createdAt", "id" from auth."session"')
  passedMs = 0
  await owner.query(`update auth."session" set "factorProvedAt" = now() - interval '11 minutes'`)
  expect(await judge()).toEqual({ allowed: false, why: 'step-up-needed' })
  expect((await person.post('/prove-again', { code: '000000' })).status).toBe(401)
  expect((await person.post('/prove-again', {})).status).toBe(401)
  expect((await person.post('/prove-again', { code: totp(key) })).status).toBe(200)
  expect((await judge()).allowed).toBe(true)
  expect((await person.post('/prove-again', { code: totp(key) })).status).toBe(401)
  expect(await access.whoIs(before)).toBeNull()
  expect((await owner.query('select "createdAt", "id" from auth."session"')).rows).toEqual(ends)
})

test('wrong codes of somebody who is asked again are stopped after five, for every browser of theirs', async () => {
  const { person, key } = await readyAdministrator()
  const statuses: number[] = []
  for (let turn = 0; turn < 7; turn++) statuses.push((await person.post('/prove-again', { code: '000000' })).status)
  expect(statuses).toEqual([...Array(5).fill(401), 429, 429])
  expect((await person.post('/prove-again', { code: totp(key) })).status).toBe(429)
})

test('guesses at the password by which a factor is set up are stopped after five', async () => {
  const person = browser()
  await person.signIn(await firstPassword())
  const statuses: number[] = []
  for (let turn = 0; turn < 6; turn++) {
    statuses.push((await person.post('/two-factor/enable', { password: `guess ${turn}` })).status)
  }
  expect(statuses.at(-1)).toBe(429)
  expect(statuses).not.toContain(200)
})

test('one sees where one is signed in, ends one of them or all others, and nobody else’s', async () => {
  const oneTime = await firstPassword()
  const [here, there, third] = [browser(), browser(), browser()]
  const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36'
  await here.signIn(oneTime, { 'user-agent': agent })
  await there.signIn(oneTime)
  await third.signIn(oneTime)
  const caller = async () => {
    const visitor = await access.visitorOf(here.headers())
    if (visitor.kind !== 'member') expect.unreachable('nobody is signed in')
    return { ...visitor, requestId: 'request-0' }
  }
  const { sessions } = await access.own.read(await caller())
  expect(sessions).toHaveLength(3)
  const current = sessions.find((session) => session.current)
  expect(current).toMatchObject({ browser: 'chrome', system: 'windows' })
  const other = sessions.find((session) => !session.current)
  const notMine = { ...(await caller()), who: { ...(await caller()).who, userId: 'somebody else' } }
  expect(await access.own.endSession(notMine, other?.sessionId ?? '')).toEqual({ ok: false, error: 'session-unknown' })
  expect(await access.own.endSession(await caller(), other?.sessionId ?? '')).toEqual({ ok: true })
  expect((await access.own.read(await caller())).sessions).toHaveLength(2)
  await access.own.endOtherSessions(await caller())
  expect((await access.own.read(await caller())).sessions).toMatchObject([{ current: true }])
  expect(await access.whoIs(here.headers())).not.toBeNull()
  for (const ended of [there, third]) expect(await access.whoIs(ended.headers())).toBeNull()
})

test('a session id that was there before the sign-in is not taken over, and one from before a sign-out is dead', async () => {
  const person = browser()
  const planted = `yizhan.session_token=${encodeURIComponent(signedByCentre('planted-by-somebody-else-0000000'))}`
  await person.post('/sign-in/email', { email, password: await firstPassword() }, { cookie: planted })
  expect(person.cookies()[0]).not.toContain('planted')
  expect(await access.whoIs(new Headers({ origin, cookie: planted }))).toBeNull()
  expect(await access.whoIs(person.headers())).not.toBeNull()
})

test('a password of seventy characters or of faces is as good as any', async () => {
  const oneTime = await firstPassword()
  const person = browser()
  await person.signIn(oneTime)
  const long = 'seven larks sing at the window of the ward before the sun is up in May'
  expect([...long].length).toBeGreaterThan(64)
  expect(await setPassword(person.headers(), oneTime, long)).toEqual({ ok: true })
  expect((await browser().signIn(long)).status).toBe(200)
  const faces = '🐢🦜🌋🧭🪁🥁🧵🪴🦔🛶🧩🪐'
  expect(await setPassword(person.headers(), long, faces)).toEqual({ ok: true })
  expect((await browser().signIn(faces)).status).toBe(200)
  expect((await browser().signIn(faces.slice(0, -2))).status).toBe(401)
})

test('under the profile of level 3 a plain password is refused, and one of ninety days is due', async () => {
  await access.close()
  access = openAccess('mlps3')
  const oneTime = await firstPassword()
  const person = browser()
  await person.signIn(oneTime)
  const plain = await setPassword(person.headers(), oneTime, own)
  expect(plain).toEqual({ ok: false, error: 'password-too-weak', why: 'too-plain' })
  expect(await setPassword(person.headers(), oneTime, `${own} 7 TIMES`)).toEqual({ ok: true })
  expect(await dutiesOf(person.headers())).toEqual(['set-up-second-factor'])
  await owner.query(`update auth."account" set "updatedAt" = now() - interval '91 days'`)
  expect(await dutiesOf(person.headers())).toEqual(['set-up-second-factor', 'renew-password'])
  await access.close()
  access = openAccess()
  expect(await dutiesOf(person.headers())).toEqual(['set-up-second-factor'])
})

test('a recovery code opens once', async () => {
  const { backupCodes } = await readyAdministrator()
  const [code] = backupCodes
  expect(backupCodes).toHaveLength(10)
  expect(code).toMatch(/^[2-9a-hjkmnp-tv-z]{5}-[2-9a-hjkmnp-tv-z]{5}$/)
  const first = browser()
  await first.signIn(own)
  expect((await first.post('/two-factor/verify-backup-code', { code })).status).toBe(200)
  expect(await access.whoIs(first.headers())).not.toBeNull()
  const second = browser()
  await second.signIn(own)
  expect((await second.post('/two-factor/verify-backup-code', { code })).status).toBe(401)
})

test('thirty wrong passwords under ever new forwarded addresses are stopped after five', async () => {
  await firstPassword()
  const statuses: number[] = []
  for (let turn = 0; turn < 30; turn++) {
    const forwarded = `198.51.100.${turn}`
    const response = await browser().signIn(`wrong password ${turn}`, {
      'x-forwarded-for': forwarded,
      'x-real-ip': forwarded,
      forwarded: `for=${forwarded}`,
    })
    statuses.push(response.status)
  }
  expect(statuses).toEqual([...Array(5).fill(401), ...Array(25).fill(429)])
})

test('the limit outlives a restart of the centre, says when to come back, and leaves other places alone', async () => {
  const oneTime = await firstPassword()
  for (let turn = 0; turn < 5; turn++) await browser().signIn('wrong password')
  await access.close()
  access = openAccess()
  const stopped = await browser().signIn(oneTime)
  expect(stopped.status).toBe(429)
  expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(500)
  expect((await browser('203.0.113.8').signIn(oneTime)).status).toBe(200)
})

test('many addresses together do not get more than twenty tries at one account', async () => {
  await firstPassword()
  const statuses: number[] = []
  for (let turn = 0; turn < 25; turn++) {
    statuses.push((await browser(`198.51.100.${turn}`).signIn('wrong password')).status)
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(20)
})

test('the session cookie is kept from scripts and other sites, and ends with the browser', async () => {
  const person = browser()
  await person.signIn(await firstPassword())
  const [cookie = ''] = person.lastCookies
  expect(cookie).toMatch(/^yizhan\.session_token=/)
  expect(cookie).toContain('HttpOnly')
  expect(cookie).toContain('SameSite=Strict')
  expect(cookie).not.toContain('Max-Age')
})

test('a session ends after fifteen idle minutes; asking prolongs it, asking for an idle page does not', async () => {
  const person = browser()
  await person.signIn(await firstPassword())
  const minutesLeft = async () => {
    const { rows } = await owner.query(
      'select round(extract(epoch from "expiresAt" - now()) / 60)::int as left from auth."session"',
    )
    return rows[0].left
  }
  expect(await minutesLeft()).toBe(15)
  await owner.query(`update auth."session" set "expiresAt" = now() + interval '5 minutes'`)
  expect(await access.whoIs(person.headers({ [idleHeader]: '1' }))).not.toBeNull()
  expect(await minutesLeft()).toBe(5)
  expect(await access.whoIs(person.headers())).not.toBeNull()
  expect(await minutesLeft()).toBe(15)
  await owner.query(`update auth."session" set "expiresAt" = now() - interval '1 second'`)
  expect(await access.visitorOf(person.headers())).toEqual({ kind: 'not-signed-in' })
})

test('a session ends ten hours after sign-in however busy it is', async () => {
  const person = browser()
  await person.signIn(await firstPassword())
  await owner.query(
    `update auth."session" set "createdAt" = now() - interval '9 hours 55 minutes', "expiresAt" = now() + interval '3 minutes'`,
  )
  expect(await access.whoIs(person.headers())).not.toBeNull()
  const { rows } = await owner.query(
    'select round(extract(epoch from "expiresAt" - now()) / 60)::int as left from auth."session"',
  )
  expect(rows[0].left).toBe(5)
})

test('a new own password ends the other sessions, stops the old password, and is held to the rules', async () => {
  const oneTime = await firstPassword()
  const here = browser()
  const elsewhere = browser()
  await here.signIn(oneTime)
  await elsewhere.signIn(oneTime)
  const change = (currentPassword: string, newPassword: string) =>
    setPassword(here.headers(), currentPassword, newPassword)
  expect(await change('not the password', own)).toEqual({ ok: false, error: 'password-wrong' })
  expect(await change(oneTime, 'short')).toEqual({ ok: false, error: 'password-too-weak', why: 'too-short' })
  expect(await change(oneTime, 'hospital2026!')).toEqual({ ok: false, error: 'password-too-weak', why: 'common' })
  expect(await change(oneTime, oneTime)).toEqual({ ok: false, error: 'password-too-weak', why: 'same-as-before' })
  expect(await access.whoIs(elsewhere.headers())).not.toBeNull()
  expect(await change(oneTime, own)).toEqual({ ok: true })
  expect(await access.whoIs(here.headers())).not.toBeNull()
  expect(await access.whoIs(elsewhere.headers())).toBeNull()
  expect((await browser().signIn(oneTime)).status).toBe(401)
  expect((await browser().signIn(own)).status).toBe(200)
})

test('signing out ends the session in the database', async () => {
  const person = browser()
  await person.signIn(await firstPassword())
  const cookies = person.headers()
  await person.post('/sign-out', {})
  expect(await access.whoIs(cookies)).toBeNull()
})

test('an account without a hospital is told apart from nobody', async () => {
  const person = browser()
  await person.signIn(await firstPassword())
  await inHospital('delete from membership where tenant_id = $1', [tenantId])
  expect(await access.visitorOf(person.headers())).toEqual({ kind: 'no-membership' })
  expect(await access.visitorOf(new Headers())).toEqual({ kind: 'not-signed-in' })
})

test('calls that the console does not make are not there, sign-up first of all', async () => {
  const person = browser()
  for (const path of [
    '/sign-up/email',
    '/change-password',
    '/two-factor/disable',
    '/delete-user',
    '/request-password-reset',
    '/ok',
  ]) {
    expect((await person.post(path, { email: 'x@hospital.example', password: own, name: 'x' })).status).toBe(404)
  }
})

test('a body that is no JSON, no address, or too large is refused', async () => {
  const send = (body: string) =>
    access.handle(new Request(`${origin}/auth/sign-in/email`, { method: 'POST', headers: { origin }, body }), {
      requestId: 'request-0',
    })
  expect((await send('{')).status).toBe(400)
  expect((await send('null')).status).toBe(400)
  expect((await send('{"email":["x"]}')).status).toBe(400)
  expect((await send(JSON.stringify({ email, password: 'x'.repeat(5000) }))).status).toBe(413)
})

test('a call sent by another site, or by none, is refused', async () => {
  const oneTime = await firstPassword()
  expect((await browser().signIn(oneTime, { origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await browser().signIn(oneTime, { origin: 'null' })).status).toBe(403)
  expect((await browser().signIn(oneTime, { origin: '' })).status).toBe(403)
})

test('nobody can have a device trusted past the second factor', async () => {
  const { key } = await readyAdministrator()
  const later = browser()
  await later.signIn(own)
  expect((await later.post('/two-factor/verify-totp', { code: totp(key), trustDevice: true })).status).toBe(400)
})

async function auditRows() {
  return await inTenant(centre.db, tenantId, (tx) =>
    tx.selectFrom('audit').selectAll().orderBy('at').orderBy('action').execute(),
  )
}

/** What the audit trail of the hospital has gained since it was last asked, and by whom. */
async function newlyAudited(): Promise<string[]> {
  const rows = await auditRows()
  const { rows: users } = await owner.query<{ id: string }>('select "id" from auth."user"')
  const userId = users[0]?.id ?? ''
  const fresh = rows.slice(auditedBefore)
  auditedBefore = rows.length
  for (const row of fresh) {
    expect(row).toMatchObject({ object_kind: 'account', object_id: userId, request_id: 'request-0' })
    expect(row.actor_id).toBe(row.actor_kind === 'user' ? userId : 'sign-in')
  }
  return fresh.map(({ actor_kind, action }) => `${actor_kind} ${action}`)
}

test('the audit trail of the hospital tells who signed in and out and what they changed about their account', async () => {
  const { person, key, backupCodes } = await readyAdministrator()
  expect(await newlyAudited()).toEqual([
    'user signed-in',
    'user own-password-set',
    'user second-factor-begun',
    'user second-factor-set-up',
  ])
  await person.post('/sign-out', {})
  await person.post('/sign-out', {})
  expect(await newlyAudited()).toEqual(['user signed-out'])
  const later = browser()
  await later.signIn(own)
  expect(await newlyAudited()).toEqual([])
  await later.post('/two-factor/verify-totp', { code: '000000' })
  expect(await newlyAudited()).toEqual(['system sign-in-failed'])
  await later.post('/two-factor/verify-totp', { code: totp(key) })
  expect(await newlyAudited()).toEqual(['user signed-in'])
  const elsewhere = browser()
  await elsewhere.signIn(own)
  await elsewhere.post('/two-factor/verify-backup-code', { code: backupCodes[0] })
  expect(await newlyAudited()).toEqual(['user signed-in'])
})

test('wrong passwords are in the audit trail, and the lock once: a flood of tries does not fill it', async () => {
  await firstPassword()
  await newlyAudited()
  for (let turn = 0; turn < 12; turn++) await browser().signIn('wrong password')
  expect(await newlyAudited()).toEqual([...Array(5).fill('system sign-in-failed'), 'system sign-in-locked'])
  const stranger = { email: 'nobody@hospital.example', password: 'wrong password' }
  expect((await browser('203.0.113.9').post('/sign-in/email', stranger)).status).toBe(401)
  expect(await newlyAudited()).toEqual([])
})

test('ten wrong codes close the second factor, and the audit trail says so once', async () => {
  await readyAdministrator()
  await newlyAudited()
  for (let turn = 0; turn < 12; turn++) {
    const guesser = browser()
    await guesser.signIn(own)
    await guesser.post('/two-factor/verify-totp', { code: '000000' })
  }
  expect(await newlyAudited()).toEqual([...Array(10).fill('system sign-in-failed'), 'system sign-in-locked'])
})

test('a made-up cookie of a pending second factor is nobody’s, whatever is in it', async () => {
  await readyAdministrator()
  await newlyAudited()
  for (const value of ['', 'x', '2fa-aaaaaaaaaaaaaaaaaaaa.sig', '2fa-%00aaaaaaaaaaaaaaaaaaa.sig', '%', '%ff.sig']) {
    const cookie = `yizhan.two_factor=${value}`
    const answer = await browser().post('/two-factor/verify-totp', { code: '000000' }, { cookie })
    expect(answer.status).toBe(401)
  }
  expect(await newlyAudited()).toEqual([])
})

test('a new password and its audit row are written together or not at all', async () => {
  const oneTime = await firstPassword()
  const person = browser()
  await person.signIn(oneTime)
  await owner.query('revoke insert on audit from yizhan_app')
  await expect(setPassword(person.headers(), oneTime, own)).rejects.toMatchObject({ code: '42501' })
  await owner.query('grant insert on audit to yizhan_app')
  expect(await dutiesOf(person.headers())).toContain('set-own-password')
  expect((await browser().signIn(oneTime)).status).toBe(200)
})

test('row-level security shows memberships to their person and their hospital only', async () => {
  await firstPassword()
  const app = new pg.Pool({ connectionString: database.appUrl, options: '-c role=yizhan_app', max: 1 })
  const seen = async (setting: string, value: string) => {
    await app.query('begin')
    await app.query('select set_config($1, $2, true)', [setting, value])
    const { rows } = await app.query('select user_id from membership')
    await app.query('commit')
    return rows.length
  }
  const { rows } = await app.query('select "id" from auth."user"')
  expect((await app.query('select from membership')).rowCount).toBe(0)
  expect(await seen('app.user_id', rows[0].id)).toBe(1)
  expect(await seen('app.user_id', 'somebody else')).toBe(0)
  expect(await seen('app.tenant_id', tenantId)).toBe(1)
  expect(await seen('app.tenant_id', '019ab000-0000-7000-8000-000000000002')).toBe(0)
  await app.end()
})

test('nothing is called but the database: no telemetry, no look-ups of passwords elsewhere', async () => {
  const called: string[] = []
  const note = (message: unknown) => called.push(JSON.stringify(message, ['request', 'origin', 'path', 'host']))
  const requests = ['undici:request:create', 'http.client.request.start'].map((name) => channel(name))
  for (const request of requests) request.subscribe(note)
  const watched = openAccess()
  await watched.ensureFirstAdministrator({ tenantId, email, displayName: '演示管理员' })
  await readyAdministrator()
  await watched.close()
  for (const request of requests) request.unsubscribe(note)
  expect(called).toEqual([])
})
