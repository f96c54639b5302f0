import { randomUUID } from 'node:crypto'
import { safe } from '@orpc/client'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { passwordFits } from '../access/password-hash.ts'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { addHospital, type HospitalFixture, hospitalOfTwoSites, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'

let hospital: HospitalFixture
let centre: CentreFixture
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  centre.signIn('administrator')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const key = () => ({ operationId: randomUUID() })
const desk = () => ({
  ...key(),
  email: `${randomUUID()}@hospital.example`,
  displayName: '前台甲',
  roles: ['front-desk' as const],
  siteIds: [hospital.structure.sites[0]?.siteId ?? ''],
  departmentIds: [],
  staffId: null,
})

async function passwordHash(userId: string): Promise<string> {
  const { rows } = await sql<{ password: string }>`
    select "password" from auth."account" where "userId" = ${userId}`.execute(hospital.db)
  return rows[0]?.password ?? ''
}

async function openSession(userId: string): Promise<void> {
  await sql`insert into auth."session" ("id", "expiresAt", "token", "updatedAt", "userId")
    values (${randomUUID()}, now() + interval '1 hour', ${randomUUID()}, now(), ${userId})`.execute(hospital.db)
}

async function sessions(userId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from auth."session" where "userId" = ${userId}`.execute(hospital.db)
  return rows[0]?.count ?? -1
}

test('a new account has a one-time password that is told once and kept nowhere, the repeat of the call included', async () => {
  const input = desk()
  const made = await centre.staff.account.create(input)
  expect(await passwordFits(made.oneTimePassword ?? '', await passwordHash(made.userId))).toBe(true)
  expect(await centre.staff.account.create(input)).toEqual({ userId: made.userId, oneTimePassword: null })
  const kept = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    sql<{ all: string }>`select string_agg(o::text, '') || (select string_agg(a::text, '') from audit a) as all
      from operation o`.execute(tx),
  )
  expect(kept.rows[0]?.all).not.toContain(made.oneTimePassword)
  expect((await centre.staff.account.list()).accounts).toMatchObject([
    { email: input.email, roles: ['front-desk'], siteIds: input.siteIds, onOneTimePassword: true, disabledAt: null },
  ])
  const again = await safe(centre.staff.account.create({ ...input, ...key() }))
  expect(again.error).toMatchObject({ code: 'account-known' })
})

test('other roles, being shut out and a reset end every session of the account at once', async () => {
  const { userId, oneTimePassword } = await centre.staff.account.create(desk())
  const rights = { roles: ['doctor' as const], siteIds: [], departmentIds: [], staffId: null }
  const deeds = [
    () => centre.staff.account.change({ ...key(), userId, ...rights }),
    () => centre.staff.account.setDisabled({ ...key(), userId, disabled: true }),
    () => centre.staff.account.reset({ ...key(), userId }),
  ]
  for (const deed of deeds) {
    await openSession(userId)
    await deed()
    expect(await sessions(userId)).toBe(0)
  }
  const row = (await centre.staff.account.list()).accounts.find((account) => account.userId === userId)
  expect(row).toMatchObject({ roles: ['doctor'], siteIds: [], onOneTimePassword: true, hasSecondFactor: false })
  expect(row?.disabledAt).not.toBeNull()
  expect(await passwordFits(oneTimePassword ?? '', await passwordHash(userId))).toBe(false)
})

test('nobody changes, shuts out or resets themself, and places that the hospital does not have are refused', async () => {
  const own = { ...key(), userId: 'staff-1' }
  const rights = { roles: ['administrator' as const], siteIds: [], departmentIds: [], staffId: null }
  const refusals = [
    (await safe(centre.staff.account.change({ ...own, ...rights }))).error,
    (await safe(centre.staff.account.setDisabled({ ...own, disabled: false }))).error,
    (await safe(centre.staff.account.reset(own))).error,
  ]
  for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'own-account' })
  const nowhere = await safe(centre.staff.account.create({ ...desk(), siteIds: [newId(1)] }))
  expect(nowhere.error).toMatchObject({ code: 'place-unknown' })
  const nobody = await safe(centre.staff.account.create({ ...desk(), staffId: newId(1) }))
  expect(nobody.error).toMatchObject({ code: 'staff-unknown' })
})

test('somebody whom another hospital knows keeps their password, and only that hospital resets it', async () => {
  const other = hospitalOfTwoSites()
  await addHospital(hospital.db, other)
  const input = desk()
  const userId = newId(1)
  await inTenant(hospital.db, other.hospital.tenantId, async (tx) => {
    await sql`insert into auth."user" ("id", "name", "email", "emailVerified")
      values (${userId}, '集团审计', ${input.email}, true)`.execute(tx)
    await sql`insert into membership (tenant_id, user_id, roles, created_at)
      values (${other.hospital.tenantId}, ${userId}, '{group-auditor}', '2026-01-01')`.execute(tx)
  })
  expect(await centre.staff.account.create({ ...input, roles: ['group-auditor'], siteIds: [] })).toEqual({
    userId,
    oneTimePassword: null,
  })
  const reset = await safe(centre.staff.account.reset({ ...key(), userId }))
  expect(reset.error).toMatchObject({ code: 'account-of-another' })
})
