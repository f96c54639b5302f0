import type { Role } from '@yizhan/contracts/access'
import type { Pool, PoolClient } from 'pg'

/** Where a person works, as what, over which sites and departments, and who they are in the staff list. */
export interface Membership {
  tenantId: string
  roles: Role[]
  siteIds: string[]
  departmentIds: string[]
  staffId: string | null
  /** Whether the account, in whatever hospital, has a passkey. */
  hasPasskey: boolean
  /** When the account's password was set; null where it has none. */
  passwordSetAt: Date | null
}

/** Every hospital that a person may enter, the one joined first first. */
export async function membershipsOf(pool: Pool, userId: string): Promise<Membership[]> {
  return await inTransactionWith(pool, 'app.user_id', userId, async (client) => {
    const { rows } = await client.query<Membership>(
      `select tenant_id as "tenantId", roles, site_ids as "siteIds", department_ids as "departmentIds",
         staff_id as "staffId", exists (select from auth."passkey" p where p."userId" = $1) as "hasPasskey",
         (select a."updatedAt" from auth."account" a where a."userId" = $1 and a."providerId" = 'credential')
           as "passwordSetAt"
       from membership
       where user_id = $1 and disabled_at is null order by created_at, tenant_id`,
      [userId],
    )
    return rows
  })
}

/** Runs `work` in a transaction that row-level security sees with this setting; a fault rolls everything back. */
export async function inTransactionWith<Result>(
  pool: Pool,
  setting: 'app.user_id' | 'app.tenant_id',
  value: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select set_config($1, $2, true)', [setting, value])
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (fault) {
    await client.query('rollback')
    throw fault
  } finally {
    client.release()
  }
}
