import type { Role } from '@yizhan/contracts/access'
import type { Pool, PoolClient } from 'pg'

/** Where a person works, and as what. */
export interface Membership {
  tenantId: string
  roles: Role[]
}

/** The hospital that a person belongs to; with several, the one joined first. Null when there is none. */
export async function membershipOf(pool: Pool, userId: string): Promise<Membership | null> {
  return await inTransactionWith(pool, 'app.user_id', userId, async (client) => {
    const { rows } = await client.query<Membership>(
      `select tenant_id as "tenantId", roles from membership where user_id = $1 order by created_at, tenant_id limit 1`,
      [userId],
    )
    return rows[0] ?? null
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
