import type { PostgresClient, PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

/** A plan takes some ten kilobytes on each connection; whatever comes after the first so many texts is planned each time. */
const mostStatements = 400

/** What PostgreSQL says of a statement whose table has got another shape since (0A000, feature_not_supported). */
const reshapedCode = '0A000'

/**
 * A pool whose connections plan every statement once and keep it by a name: with row-level security in it planning takes longer than
 * running. When a newer release has changed a table meanwhile, the connection that hears of it prepares everything anew.
 */
export function preparing(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>()
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  const nameOf = (text: string): string | null => {
    const name = names.get(text)
    if (name !== undefined || names.size >= mostStatements) return name ?? null
    names.set(text, `s${names.size}`)
    return `s${names.size - 1}`
  }
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect()
      const wrapped = known.get(client) ?? preparingClient(client, nameOf)
      known.set(client, wrapped)
      return wrapped
    },
    end: () => pool.end(),
  }
}

function preparingClient(client: pg.PoolClient, nameOf: (text: string) => string | null): PostgresPoolClient {
  let generation = 0
  const query = async (text: string, parameters: readonly unknown[]) => {
    const values = [...parameters]
    const name = values.length === 0 ? null : nameOf(text)
    if (name === null) return await client.query(text, values)
    try {
      return await client.query({ name: `${name}-${generation}`, text, values })
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === reshapedCode) generation += 1
      throw error
    }
  }
  // The other way of calling it takes a cursor, which only a pool that names a cursor's class is asked for.
  return { query: query as unknown as PostgresClient['query'], release: (destroy) => client.release(destroy) }
}
