import { sql } from 'kysely'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { ring } from './bell.ts'
import { understand } from './event-handler.ts'
import { type DueEvent, failInboxEvent, lockDueEvents, settleAppliedEvents, settleInboxEvent } from './inbox-store.ts'
import { standingOf } from './known-event.ts'

/** What applying events works with. */
export interface PortionDeps {
  db: CentreDb
  now: () => number
  /** Hears of an event whose handling failed; `lastTry` when it is now set aside. Without the event's content. */
  onFailure: (failure: ProjectorFailure) => void
}

/** One failed try at one event. */
export interface ProjectorFailure {
  tenantId: string
  eventId: string
  error: unknown
  lastTry: boolean
}

/** Whose events are applied. */
export interface EventSource {
  tenantId: string
  stationId: string
}

/** A fault that passes within a quarter of a minute (a deadlock, a restart) is survived by five tries. */
const mostTries = 5
const firstBackOffMs = 500
/** Staff who want a booking of which an event is being applied wait until the portion's commit, so it comes soon. */
const longestPortionMs = 100

/**
 * Applies the oldest due events of a station in one transaction, at most so many; how many were looked at. Each stands on a savepoint of
 * its own: one that fails is undone alone, and tried again later. When the transaction itself fails, the events are applied in one each, so
 * that it is known whose fault it was.
 */
export async function applyPortion(
  deps: PortionDeps,
  source: EventSource,
  most: number,
  isStopping: () => boolean,
): Promise<number> {
  const failures: ProjectorFailure[] = []
  let taken: DueEvent[] = []
  let done = 0
  try {
    await inTenant(deps.db, source.tenantId, async (tx) => {
      taken = await lockDueEvents(tx, source, deps.now(), most)
      const portion = { ...source, tx, nowMs: deps.now() }
      const applied: string[] = []
      for (const event of taken) {
        if (isStopping() || deps.now() - portion.nowMs > longestPortionMs) break
        const outcome = await tryEvent(portion, event)
        if (outcome.kind === 'applied') applied.push(event.eventId)
        if (outcome.kind === 'failed') failures.push(...(await noteFailure(deps, tx, source, event, outcome.error)))
        done += 1
      }
      if (applied.length > 0) await settleAppliedEvents(tx, source.tenantId, applied)
    })
  } catch (error) {
    const [first] = taken
    if (first === undefined) throw error
    if (taken.length > 1) return await applyOneByOne(deps, source, taken.length, isStopping)
    const noted = await inTenant(deps.db, source.tenantId, (tx) => noteFailure(deps, tx, source, first, error))
    for (const failure of noted) deps.onFailure(failure)
    return 1
  }
  for (const failure of failures) deps.onFailure(failure)
  return done
}

async function applyOneByOne(
  deps: PortionDeps,
  source: EventSource,
  count: number,
  isStopping: () => boolean,
): Promise<number> {
  for (let done = 0; done < count; done += 1) {
    if (isStopping() || (await applyPortion(deps, source, 1, isStopping)) === 0) return done
  }
  return count
}

interface Portion extends EventSource {
  tx: TenantTx
  nowMs: number
}

type Try = { kind: 'applied' } | { kind: 'not-applied' } | { kind: 'failed'; error: unknown }

async function tryEvent({ tx, tenantId, nowMs }: Portion, event: DueEvent): Promise<Try> {
  await sql`savepoint event`.execute(tx)
  try {
    const actor = {
      kind: 'station' as const,
      id: event.stationId,
      requestId: event.eventId,
      stationAt: event.occurredAt,
    }
    const kind = await applyEvent({ tx, tenantId, nowMs, actor }, event)
    await sql`release event`.execute(tx)
    return { kind }
  } catch (error) {
    // On a connection that broke this throws as well, and with it the portion.
    await sql`rollback to event`.execute(tx)
    await sql`release event`.execute(tx)
    return { kind: 'failed', error }
  }
}

async function applyEvent(scope: TenantScope, event: DueEvent): Promise<'applied' | 'not-applied'> {
  const standing = standingOf(event, scope.nowMs)
  if (standing !== 'new') {
    const state = standing === 'applied-before' ? 'applied' : 'failed'
    await settleInboxEvent(scope, event.eventId, { state, reason: standing })
    await ring(scope, 'stations')
    return 'not-applied'
  }
  const understanding = understand(event)
  if (understanding.understood) {
    await understanding.apply(scope)
    return 'applied'
  }
  await settleInboxEvent(scope, event.eventId, { state: 'parked', reason: understanding.reason })
  await ring(scope, 'stations')
  return 'not-applied'
}

/** Notes a failed try; nothing when another node has settled or tried the event meanwhile. */
async function noteFailure(
  { now }: PortionDeps,
  tx: TenantTx,
  { tenantId }: EventSource,
  event: DueEvent,
  error: unknown,
): Promise<ProjectorFailure[]> {
  const attempts = event.attempts + 1
  const lastTry = attempts >= mostTries
  const nextTryMs = now() + firstBackOffMs * 2 ** (attempts - 1)
  const reason = error instanceof Error && 'code' in error ? `fault: ${String(error.code)}` : 'fault'
  const { eventId } = event
  const noted = await failInboxEvent(tx, { tenantId, eventId, attempts, lastTry, nextTryMs, reason })
  return noted ? [{ tenantId, eventId, error, lastTry }] : []
}
