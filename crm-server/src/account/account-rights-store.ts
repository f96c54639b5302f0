import type { Role } from '@yizhan/contracts/access'
import type { AccountRow } from '@yizhan/contracts/account'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

interface Rights {
  roles: readonly Role[]
  siteIds: readonly string[]
  departmentIds: readonly string[]
  staffId: string | null
}

/** Every account of a hospital, in the order of names. */
export async function readAccounts(tx: TenantTx, tenantId: string): Promise<AccountRow[]> {
  const { rows } = await sql<AccountRow>`
    select m.user_id as "userId", u."email", u."name" as "displayName", m.roles, m.site_ids as "siteIds",
      m.department_ids as "departmentIds", m.staff_id as "staffId",
      (extract(epoch from m.disabled_at) * 1000)::bigint as "disabledAt", u."onOneTimePassword",
      coalesce(u."twoFactorEnabled", false) as "hasSecondFactor",
      (extract(epoch from m.created_at) * 1000)::bigint as "createdAt"
    from membership m join auth."user" u on u."id" = m.user_id
    where m.tenant_id = ${tenantId} order by u."name", m.user_id`.execute(tx)
  return rows
}

/** The account with an address, in whatever hospital; null when there is none. */
export async function findUserByEmail({ tx }: TenantScope, email: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select "id" from auth."user" where "email" = ${email.toLowerCase()}`.execute(tx)
  return rows[0]?.id ?? null
}

/** Whether an account belongs to the hospital, shut out or not; held until the transaction ends. */
export async function isMember({ tx, tenantId }: TenantScope, userId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from membership where tenant_id = ${tenantId} and user_id = ${userId} for update`.execute(tx)
  return rows.length > 0
}

/** Whether this hospital is the one that an account joined first: the one that answers for its password. */
export async function isKnownFirstHere({ tx, tenantId }: TenantScope, userId: string): Promise<boolean> {
  // Row-level security shows a person's memberships elsewhere to that person only; for one question they are asked for here.
  await sql`select set_config('app.user_id', ${userId}, true)`.execute(tx)
  const { rows } = await sql<{ tenantId: string }>`
    select tenant_id as "tenantId" from membership where user_id = ${userId} order by created_at, tenant_id limit 1`.execute(
    tx,
  )
  await sql`select set_config('app.user_id', '', true)`.execute(tx)
  return rows[0]?.tenantId === tenantId
}

/** What of these rights the hospital does not have; null when all is there. */
export async function missingPlace(
  { tx, tenantId }: TenantScope,
  { siteIds, departmentIds, staffId }: Rights,
  userId: string | null,
): Promise<'place-unknown' | 'staff-unknown' | 'staff-taken' | null> {
  const { rows } = await sql<{ places: boolean; staff: boolean; taken: boolean }>`
    select
      (select count(*) from site where tenant_id = ${tenantId} and site_id = any (${[...siteIds]}::uuid[]))
        = ${new Set(siteIds).size}
      and (select count(*) from department where tenant_id = ${tenantId}
        and department_id = any (${[...departmentIds]}::uuid[])) = ${new Set(departmentIds).size} as places,
      ${staffId}::uuid is null or exists (select from staff where tenant_id = ${tenantId}
        and staff_id = ${staffId}::uuid) as staff,
      exists (select from membership where tenant_id = ${tenantId} and staff_id = ${staffId}::uuid
        and user_id is distinct from ${userId}::text) as taken`.execute(tx)
  const [found] = rows
  if (found?.places !== true) return 'place-unknown'
  if (!found.staff) return 'staff-unknown'
  return found.taken ? 'staff-taken' : null
}

/** Adds a person to sign-in, without any password. */
export async function insertUser(
  { tx }: TenantScope,
  user: { userId: string; email: string; displayName: string },
): Promise<void> {
  await sql`
    insert into auth."user" ("id", "name", "email", "emailVerified", "onOneTimePassword")
    values (${user.userId}, ${user.displayName}, ${user.email.toLowerCase()}, true, true)`.execute(tx)
}

/** Makes this the password of an account, which has to be replaced at the next sign-in. */
export async function giveFirstPassword({ tx, nowMs }: TenantScope, userId: string, hash: string): Promise<void> {
  await sql`delete from auth."account" where "userId" = ${userId} and "providerId" = 'credential'`.execute(tx)
  await sql`
    insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "updatedAt")
    values (${newId(nowMs)}, ${userId}, 'credential', ${userId}, ${hash}, now())`.execute(tx)
  await sql`update auth."user" set "onOneTimePassword" = true, "updatedAt" = now() where "id" = ${userId}`.execute(tx)
}

/** Forgets the second factor of an account; its owner sets up another one. */
export async function takeSecondFactor({ tx }: TenantScope, userId: string): Promise<void> {
  await sql`delete from auth."twoFactor" where "userId" = ${userId}`.execute(tx)
  await sql`update auth."user" set "twoFactorEnabled" = false, "updatedAt" = now() where "id" = ${userId}`.execute(tx)
}

/** Signs an account out everywhere. */
export async function endSessions({ tx }: TenantScope, userId: string): Promise<void> {
  await sql`delete from auth."session" where "userId" = ${userId}`.execute(tx)
}

/** Lets an account into the hospital. */
export async function addMember({ tx, tenantId, nowMs }: TenantScope, userId: string, rights: Rights): Promise<void> {
  await sql`
    insert into membership (tenant_id, user_id, roles, site_ids, department_ids, staff_id, created_at)
    values (${tenantId}, ${userId}, ${[...rights.roles]}, ${[...rights.siteIds]}::uuid[],
      ${[...rights.departmentIds]}::uuid[], ${rights.staffId}::uuid, ${new Date(nowMs)})`.execute(tx)
}

/** Gives an account other roles and places. */
export async function changeMember({ tx, tenantId }: TenantScope, userId: string, rights: Rights): Promise<void> {
  await sql`
    update membership set roles = ${[...rights.roles]}, site_ids = ${[...rights.siteIds]}::uuid[],
      department_ids = ${[...rights.departmentIds]}::uuid[], staff_id = ${rights.staffId}::uuid
    where tenant_id = ${tenantId} and user_id = ${userId}`.execute(tx)
}

/** Shuts an account out of the hospital, or lets it in again. */
export async function setMemberDisabled(
  { tx, tenantId, nowMs }: TenantScope,
  userId: string,
  disabled: boolean,
): Promise<void> {
  await sql`
    update membership set disabled_at = ${disabled ? new Date(nowMs) : null}::timestamptz
    where tenant_id = ${tenantId} and user_id = ${userId}`.execute(tx)
}
