import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** What may be worth looking at again: never data, and a lost ring only costs a little time. */
export const bells = ['feed', 'inbox', 'bookings', 'stations', 'members', 'events', 'todos', 'notices'] as const
export type Bell = (typeof bells)[number]

/** One ring as it travels between the nodes of a centre. */
export interface Ring {
  tenantId: string
  bell: Bell
}

const channel = 'yizhan_doorbell'
const ringText = z.strictObject({ tenantId: z.string(), bell: z.enum(bells) })
/** Long enough not to hammer a database that is starting, short enough that nobody notices on a screen. */
const reconnectAfterMs = 500

/** Rings when the scope's transaction commits, on every node; the database folds equal rings of one transaction. */
export async function ring(scope: TenantScope, ...which: Bell[]): Promise<void> {
  for (const bell of which) {
    const text = JSON.stringify({ tenantId: scope.tenantId, bell } satisfies Ring)
    await sql`select pg_notify(${channel}, ${text})`.execute(scope.tx)
  }
}

/** A ring of ours; null for anything else. */
function ringOf(payload: string): Ring | null {
  try {
    return ringText.safeParse(JSON.parse(payload)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Listens for rings on one connection of its own and connects again when it breaks. */
export function startDoorbell(deps: {
  url: string
  onRing: (ring: Ring) => void
  /** Hears that something else came over the channel: anybody with a login to the database can send there. */
  onForeignRing: () => void
  /** Called after every connect: rings may have been missed, so everything is worth a look. */
  onConnect: () => void
  onBroken: (error: unknown) => void
}): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const listenOnce = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: deps.url, keepAlive: true })
    const broken = new Promise<void>((resolve) => {
      client.once('error', (error) => {
        deps.onBroken(error)
        resolve()
      })
      client.once('end', resolve)
      stopped.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    client.on('notification', ({ payload }) => {
      const heard = ringOf(payload ?? '')
      if (heard === null) deps.onForeignRing()
      else deps.onRing(heard)
    })
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
      deps.onConnect()
      await broken
    } finally {
      await client.end()
    }
  }
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await listenOnce().catch(deps.onBroken)
      await sleep(reconnectAfterMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
}
