import { channel } from 'node:diagnostics_channel'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { idleHeader } from '@yizhan/rules/access/session-limits'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AccessFixture, secondFactor, signingIn, totp } from '../fixture/access-fixture.ts'
import { inTenant } from '../postgres/database.ts'

const { tenantId, origin, email, own } = signingIn

let at: AccessFixture
let auditedBefore = 0

beforeAll(async () => {
  at = await AccessFixture.open()
})
afterAll(() => at.close())
beforeEach(async () => {
  const end = await at.begin()
  auditedBefore = (await auditRows()).length
  return end
})

test('the first administrator signs in with the one-time password and walks through both duties', async () => {
  const oneTime = await at.firstPassword()
  expect(oneTime).toMatch(/^(?:[2-9a-hjkmnp-tv-z]{4}-){3}[2-9a-hjkmnp-tv-z]{4}$/)
  const person = at.browser()
  expect((await person.signIn(oneTime)).status).toBe(200)
  expect(await at.access.whoIs(person.headers())).toMatchObject({
    displayName: '演示管理员',
    tenantId,
    zone: 'Asia/Shanghai',
    roles: ['administrator'],
    duties: ['set-own-password', 'set-up-second-factor'],
  })
  await at.setPassword(person.headers(), oneTime, own)
  expect(await at.dutiesOf(person.headers())).toEqual(['set-up-second-factor'])
  const enabled = secondFactor.parse(await (await person.post('/two-factor/enable', { password: own })).json())
  const key = new URL(enabled.totpURI).searchParams.get('secret') ?? ''
  await person.post('/two-factor/verify-totp', { code: totp(key) })
  expect(await at.dutiesOf(person.headers())).toEqual([])
})

test('the one-time password is told again until it is replaced, from a file that only its owner may read', async () => {
  const oneTime = await at.firstPassword()
  expect(await at.firstPassword()).toBe(oneTime)
  const [file = ''] = await readdir(at.keysFolder)
  expect((await stat(join(at.keysFolder, file))).mode & 0o777).toBe(0o600)
  const person = at.browser()
  await person.signIn(oneTime)
  await at.setPassword(person.headers(), oneTime, own)
  expect(await readdir(at.keysFolder)).toEqual([])
  expect(await at.access.ensureFirstAdministrator({ tenantId, email, displayName: '演示管理员' })).toBeNull()
})

test('a lost one-time password is drawn anew, and the old one no longer opens', async () => {
  const lost = await at.firstPassword()
  const [file = ''] = await readdir(at.keysFolder)
  await rm(join(at.keysFolder, file))
  const fresh = await at.firstPassword()
  expect(fresh).not.toBe(lost)
  expect((await at.browser().signIn(lost)).status).toBe(401)
  expect((await at.browser().signIn(fresh)).status).toBe(200)
})

test('nodes that start together draw one password', async () => {
  const other = at.openAccess()
  const person = { tenantId, email, displayName: '演示管理员' }
  const [one, two] = await Promise.all([
    at.access.ensureFirstAdministrator(person),
    other.ensureFirstAdministrator(person),
  ])
  expect(one).toBe(two)
  await other.close()
})

test('after set-up the password alone opens nothing; the code of the authenticator does', async () => {
  const { key } = await at.readyAdministrator()
  const later = at.browser()
  expect(await (await later.signIn(own)).json()).toMatchObject({ twoFactorRedirect: true })
  expect(await at.access.whoIs(later.headers())).toBeNull()
  expect((await later.post('/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
  expect((await later.post('/two-factor/verify-totp', { code: totp(key) })).status).toBe(200)
  expect(await at.dutiesOf(later.headers())).toEqual([])
})

test('a recovery code opens once', async () => {
  const { backupCodes } = await at.readyAdministrator()
  const [code] = backupCodes
  expect(backupCodes).toHaveLength(10)
  expect(code).toMatch(/^[2-9a-hjkmnp-tv-z]{5}-[2-9a-hjkmnp-tv-z]{5}$/)
  const first = at.browser()
  await first.signIn(own)
  expect((await first.post('/two-factor/verify-backup-code', { code })).status).toBe(200)
  expect(await at.access.whoIs(first.headers())).not.toBeNull()
  const second = at.browser()
  await second.signIn(own)
  expect((await second.post('/two-factor/verify-backup-code', { code })).status).toBe(401)
})

test('thirty wrong passwords under ever new forwarded addresses are stopped after five', async () => {
  await at.firstPassword()
  const statuses: number[] = []
  for (let turn = 0; turn < 30; turn++) {
    const forwarded = `198.51.100.${turn}`
    const response = await at.browser().signIn(`wrong password ${turn}`, {
      'x-forwarded-for': forwarded,
      'x-real-ip': forwarded,
      forwarded: `for=${forwarded}`,
    })
    statuses.push(response.status)
  }
  expect(statuses).toEqual([...Array(5).fill(401), ...Array(25).fill(429)])
})

test('the limit outlives a restart of the centre, says when to come back, and leaves other places alone', async () => {
  const oneTime = await at.firstPassword()
  for (let turn = 0; turn < 5; turn++) await at.browser().signIn('wrong password')
  await at.access.close()
  at.access = at.openAccess()
  const stopped = await at.browser().signIn(oneTime)
  expect(stopped.status).toBe(429)
  expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(500)
  expect((await at.browser('203.0.113.8').signIn(oneTime)).status).toBe(200)
})

test('many addresses together do not get more than twenty tries at one account', async () => {
  await at.firstPassword()
  const statuses: number[] = []
  for (let turn = 0; turn < 25; turn++) {
    statuses.push((await at.browser(`198.51.100.${turn}`).signIn('wrong password')).status)
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(20)
})

test('the session cookie is kept from scripts and other sites, and ends with the browser', async () => {
  const person = at.browser()
  await person.signIn(await at.firstPassword())
  const [cookie = ''] = person.lastCookies
  expect(cookie).toMatch(/^yizhan\.session_token=/)
  expect(cookie).toContain('HttpOnly')
  expect(cookie).toContain('SameSite=Strict')
  expect(cookie).not.toContain('Max-Age')
})

test('a session ends after fifteen idle minutes; asking prolongs it, asking for an idle page does not', async () => {
  const person = at.browser()
  await person.signIn(await at.firstPassword())
  const minutesLeft = async () => {
    const { rows } = await at.owner.query(
      'select round(extract(epoch from "expiresAt" - now()) / 60)::int as left from auth."session"',
    )
    return rows[0].left
  }
  expect(await minutesLeft()).toBe(15)
  await at.owner.query(`update auth."session" set "expiresAt" = now() + interval '5 minutes'`)
  expect(await at.access.whoIs(person.headers({ [idleHeader]: '1' }))).not.toBeNull()
  expect(await minutesLeft()).toBe(5)
  expect(await at.access.whoIs(person.headers())).not.toBeNull()
  expect(await minutesLeft()).toBe(15)
  await at.owner.query(`update auth."session" set "expiresAt" = now() - interval '1 second'`)
  expect(await at.access.visitorOf(person.headers())).toEqual({ kind: 'not-signed-in' })
})

test('a session ends ten hours after sign-in however busy it is', async () => {
  const person = at.browser()
  await person.signIn(await at.firstPassword())
  await at.owner.query(
    `update auth."session" set "createdAt" = now() - interval '9 hours 55 minutes', "expiresAt" = now() + interval '3 minutes'`,
  )
  expect(await at.access.whoIs(person.headers())).not.toBeNull()
  const { rows } = await at.owner.query(
    'select round(extract(epoch from "expiresAt" - now()) / 60)::int as left from auth."session"',
  )
  expect(rows[0].left).toBe(5)
})

test('a new own password ends the other sessions, stops the old password, and is held to the rules', async () => {
  const oneTime = await at.firstPassword()
  const here = at.browser()
  const elsewhere = at.browser()
  await here.signIn(oneTime)
  await elsewhere.signIn(oneTime)
  const change = (currentPassword: string, newPassword: string) =>
    at.setPassword(here.headers(), currentPassword, newPassword)
  expect(await change('not the password', own)).toEqual({ ok: false, error: 'password-wrong' })
  expect(await change(oneTime, 'short')).toEqual({ ok: false, error: 'password-too-weak', why: 'too-short' })
  expect(await change(oneTime, 'hospital2026!')).toEqual({ ok: false, error: 'password-too-weak', why: 'common' })
  expect(await change(oneTime, oneTime)).toEqual({ ok: false, error: 'password-too-weak', why: 'same-as-before' })
  expect(await at.access.whoIs(elsewhere.headers())).not.toBeNull()
  expect(await change(oneTime, own)).toEqual({ ok: true })
  expect(await at.access.whoIs(here.headers())).not.toBeNull()
  expect(await at.access.whoIs(elsewhere.headers())).toBeNull()
  expect((await at.browser().signIn(oneTime)).status).toBe(401)
  expect((await at.browser().signIn(own)).status).toBe(200)
})

test('signing out ends the session in the database', async () => {
  const person = at.browser()
  await person.signIn(await at.firstPassword())
  const cookies = person.headers()
  await person.post('/sign-out', {})
  expect(await at.access.whoIs(cookies)).toBeNull()
})

test('an account without a hospital is told apart from nobody', async () => {
  const person = at.browser()
  await person.signIn(await at.firstPassword())
  await at.inHospital('delete from membership where tenant_id = $1', [tenantId])
  expect(await at.access.visitorOf(person.headers())).toEqual({ kind: 'no-membership' })
  expect(await at.access.visitorOf(new Headers())).toEqual({ kind: 'not-signed-in' })
})

test('calls that the console does not make are not there, sign-up first of all', async () => {
  const person = at.browser()
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
    at.access.handle(new Request(`${origin}/auth/sign-in/email`, { method: 'POST', headers: { origin }, body }), {
      requestId: 'request-0',
    })
  expect((await send('{')).status).toBe(400)
  expect((await send('null')).status).toBe(400)
  expect((await send('{"email":["x"]}')).status).toBe(400)
  expect((await send(JSON.stringify({ email, password: 'x'.repeat(5000) }))).status).toBe(413)
})

test('a call sent by another site, or by none, is refused', async () => {
  const oneTime = await at.firstPassword()
  expect((await at.browser().signIn(oneTime, { origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await at.browser().signIn(oneTime, { origin: 'null' })).status).toBe(403)
  expect((await at.browser().signIn(oneTime, { origin: '' })).status).toBe(403)
})

test('nobody can have a device trusted past the second factor', async () => {
  const { key } = await at.readyAdministrator()
  const later = at.browser()
  await later.signIn(own)
  expect((await later.post('/two-factor/verify-totp', { code: totp(key), trustDevice: true })).status).toBe(400)
})

async function auditRows() {
  return await inTenant(at.centre.db, tenantId, (tx) =>
    tx.selectFrom('audit').selectAll().orderBy('at').orderBy('action').execute(),
  )
}

/** What the audit trail of the hospital has gained since it was last asked, and by whom. */
async function newlyAudited(): Promise<string[]> {
  const rows = await auditRows()
  const { rows: users } = await at.owner.query<{ id: string }>('select "id" from auth."user"')
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
  const { person, key, backupCodes } = await at.readyAdministrator()
  expect(await newlyAudited()).toEqual([
    'user signed-in',
    'user own-password-set',
    'user second-factor-begun',
    'user second-factor-set-up',
  ])
  await person.post('/sign-out', {})
  await person.post('/sign-out', {})
  expect(await newlyAudited()).toEqual(['user signed-out'])
  const later = at.browser()
  await later.signIn(own)
  expect(await newlyAudited()).toEqual([])
  await later.post('/two-factor/verify-totp', { code: '000000' })
  expect(await newlyAudited()).toEqual(['system sign-in-failed'])
  await later.post('/two-factor/verify-totp', { code: totp(key) })
  expect(await newlyAudited()).toEqual(['user signed-in'])
  const elsewhere = at.browser()
  await elsewhere.signIn(own)
  await elsewhere.post('/two-factor/verify-backup-code', { code: backupCodes[0] })
  expect(await newlyAudited()).toEqual(['user signed-in'])
})

test('wrong passwords are in the audit trail, and the lock once: a flood of tries does not fill it', async () => {
  await at.firstPassword()
  await newlyAudited()
  for (let turn = 0; turn < 12; turn++) await at.browser().signIn('wrong password')
  expect(await newlyAudited()).toEqual([...Array(5).fill('system sign-in-failed'), 'system sign-in-locked'])
  const stranger = { email: 'nobody@hospital.example', password: 'wrong password' }
  expect((await at.browser('203.0.113.9').post('/sign-in/email', stranger)).status).toBe(401)
  expect(await newlyAudited()).toEqual([])
})

test('ten wrong codes close the second factor, and the audit trail says so once', async () => {
  await at.readyAdministrator()
  await newlyAudited()
  for (let turn = 0; turn < 12; turn++) {
    const guesser = at.browser()
    await guesser.signIn(own)
    await guesser.post('/two-factor/verify-totp', { code: '000000' })
  }
  expect(await newlyAudited()).toEqual([...Array(10).fill('system sign-in-failed'), 'system sign-in-locked'])
})

test('a made-up cookie of a pending second factor is nobody’s, whatever is in it', async () => {
  await at.readyAdministrator()
  await newlyAudited()
  for (const value of ['', 'x', '2fa-aaaaaaaaaaaaaaaaaaaa.sig', '2fa-%00aaaaaaaaaaaaaaaaaaa.sig', '%', '%ff.sig']) {
    const cookie = `yizhan.two_factor=${value}`
    const answer = await at.browser().post('/two-factor/verify-totp', { code: '000000' }, { cookie })
    expect(answer.status).toBe(401)
  }
  expect(await newlyAudited()).toEqual([])
})

test('a new password and its audit row are written together or not at all', async () => {
  const oneTime = await at.firstPassword()
  const person = at.browser()
  await person.signIn(oneTime)
  await at.owner.query('revoke insert on audit from yizhan_app')
  await expect(at.setPassword(person.headers(), oneTime, own)).rejects.toMatchObject({ code: '42501' })
  await at.owner.query('grant insert on audit to yizhan_app')
  expect(await at.dutiesOf(person.headers())).toContain('set-own-password')
  expect((await at.browser().signIn(oneTime)).status).toBe(200)
})

test('row-level security shows memberships to their person and their hospital only', async () => {
  await at.firstPassword()
  const app = new pg.Pool({ connectionString: at.database.appUrl, options: '-c role=yizhan_app', max: 1 })
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
  const watched = at.openAccess()
  await watched.ensureFirstAdministrator({ tenantId, email, displayName: '演示管理员' })
  await at.readyAdministrator()
  await watched.close()
  for (const request of requests) request.unsubscribe(note)
  expect(called).toEqual([])
})
