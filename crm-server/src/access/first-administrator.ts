import { randomBytes } from 'node:crypto'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import type { Pool, PoolClient } from 'pg'
import { inTransactionWith } from './membership-store.ts'
import { drawOneTimePassword, type OneTimePasswordShelf } from './one-time-password.ts'
import { hashPassword } from './password-hash.ts'

/** The person who may do everything in a new hospital until others are let in. */
export interface FirstAdministrator {
  tenantId: string
  email: string
  displayName: string
}

/**
 * Makes sure that a hospital has an administrator. Answers the printable one-time password as long as it has not been
 * replaced, null afterwards; should its file be lost, a new password takes its place.
 */
export async function ensureFirstAdministrator(
  pool: Pool,
  shelf: OneTimePasswordShelf,
  person: FirstAdministrator,
): Promise<string | null> {
  return await inTransactionWith(pool, 'app.tenant_id', person.tenantId, async (client) => {
    // Nodes of one centre start together; only one may draw the password.
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [`first-administrator ${person.tenantId}`])
    const userId = (await administratorOf(client, person.tenantId)) ?? (await createAdministrator(client, person))
    const { rows } = await client.query<{ open: boolean }>(
      'select "onOneTimePassword" as open from auth."user" where "id" = $1',
      [userId],
    )
    if (rows[0]?.open !== true) {
      await shelf.remove(userId)
      return null
    }
    return (await shelf.get(userId)) ?? (await giveOneTimePassword(client, shelf, userId))
  })
}

async function administratorOf(client: PoolClient, tenantId: string): Promise<string | null> {
  const { rows } = await client.query<{ userId: string }>(
    `select user_id as "userId" from membership
     where tenant_id = $1 and 'administrator' = any (roles) order by created_at, user_id limit 1`,
    [tenantId],
  )
  return rows[0]?.userId ?? null
}

/** Adds the person, without any password yet, or takes the account that already has the address. */
async function createAdministrator(client: PoolClient, person: FirstAdministrator): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into auth."user" ("id", "name", "email", "emailVerified", "onOneTimePassword") values ($1, $2, $3, true, true)
     on conflict ("email") do update set "email" = excluded."email" returning "id"`,
    [uuidV7(Date.now(), randomBytes(10)), person.displayName, person.email.toLowerCase()],
  )
  const userId = rows[0]?.id
  if (userId === undefined) throw new Error('the first administrator was not stored')
  await client.query(
    `insert into membership (tenant_id, user_id, roles) values ($1, $2, '{administrator}')
     on conflict (tenant_id, user_id) do update set roles = membership.roles || excluded.roles`,
    [person.tenantId, userId],
  )
  return userId
}

/** The file comes before the commit: a password that nobody can read would lock the hospital out. */
async function giveOneTimePassword(client: PoolClient, shelf: OneTimePasswordShelf, userId: string): Promise<string> {
  const password = drawOneTimePassword()
  await client.query(`delete from auth."account" where "userId" = $1 and "providerId" = 'credential'`, [userId])
  await client.query(
    `insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "updatedAt")
     values ($1, $2, 'credential', $2, $3, now())`,
    [uuidV7(Date.now(), randomBytes(10)), userId, await hashPassword(password)],
  )
  await shelf.put(userId, password)
  return password
}
