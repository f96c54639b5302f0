import { setTimeout as sleep } from 'node:timers/promises'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { ring } from './bell.ts'
import { understand } from './event-handler.ts'
import {
  type DueEvent,
  failInboxEvent,
  hasStoredSince,
  lockNextEvent,
  reopenParkedEvents,
  settleInboxEvent,
} from './inbox-store.ts'
import { standingOf } from './known-event.ts'

/** What the projector works with. */
export interface ProjectorDeps {
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

/** Asked anyway this often, since a ring may be lost. */
const lookEveryMs = 1_000
/** A fault that passes within a quarter of a minute (a deadlock, a restart) is survived by five tries. */
const mostTries = 5
const firstBackOffMs = 500
/** A few milliseconds each: under a second until the next hospital's turn. */
const eventsPerTurn = 200
/** No hall checks so many patients in within a quarter of a second: a station is bringing what it kept while it was cut off. */
const backlog = { events: 200, withinMs: 250 }
/** Staff do not notice two seconds while hours arrive; a backlog of 20,000 events is in by then. */
const longestWaitMs = 2_000
const lookAgainMs = 100

/** Applies stored events of every hospital, one transaction each, as they come in. `wake` makes it look at once. */
export function startProjector(deps: ProjectorDeps & { onFault: (error: unknown) => void }): CentreLoop {
  let reopened = false
  return startCentreLoop({
    everyMs: lookEveryMs,
    // A round that fails has the database away: nothing is lost, the next look finds the same events.
    onFault: deps.onFault,
    async work(isStopping) {
      if (!reopened) await reopenAll(deps)
      reopened = true
      await applyAll(deps, isStopping)
    },
  })
}

/**
 * Applies everything that is due in every hospital. Hospitals take turns, so that the backlog of one, a week of a hall
 * that was cut off, does not keep the desks of the others waiting.
 */
export async function applyAll(deps: ProjectorDeps, isStopping: () => boolean = () => false): Promise<void> {
  let unfinished = await tenantIds(deps.db)
  while (unfinished.length > 0) {
    const again: string[] = []
    for (const tenantId of unfinished) {
      if (await applyTurn(deps, tenantId, isStopping)) again.push(tenantId)
    }
    unfinished = again
  }
}

/** Applies one turn's worth of a hospital's events; true when there may be more. */
async function applyTurn(deps: ProjectorDeps, tenantId: string, isStopping: () => boolean): Promise<boolean> {
  await letBacklogIn(deps, tenantId, isStopping)
  for (let applied = 0; applied < eventsPerTurn; applied += 1) {
    if (isStopping() || !(await applyNext(deps, tenantId))) return false
  }
  return true
}

/** Waits while a backlog is coming in: first it is safe here, then it is shown. Not for long, for others' arrivals wait as well. */
async function letBacklogIn({ db, now }: ProjectorDeps, tenantId: string, isStopping: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < longestWaitMs && !isStopping(); waitedMs += lookAgainMs) {
    const since = { sinceMs: now() - backlog.withinMs, count: backlog.events }
    if (!(await inTenant(db, tenantId, (tx) => hasStoredSince(tx, tenantId, since)))) return
    await sleep(lookAgainMs)
  }
}

/** Gives parked events another look: what an older release did not know, this one may understand. */
export async function reopenAll({ db, now }: ProjectorDeps): Promise<void> {
  for (const tenantId of await tenantIds(db)) {
    await inTenant(db, tenantId, (tx) => reopenParkedEvents(tx, tenantId, now()))
  }
}

async function applyNext(deps: ProjectorDeps, tenantId: string): Promise<boolean> {
  const nowMs = deps.now()
  let taken: DueEvent | undefined
  try {
    return await inTenant(deps.db, tenantId, async (tx) => {
      taken = await lockNextEvent(tx, tenantId, nowMs)
      if (taken === undefined) return false
      const actor = { kind: 'station' as const, id: taken.stationId, requestId: taken.eventId }
      await applyEvent({ tx, tenantId, nowMs, actor }, taken)
      return true
    })
  } catch (error) {
    if (taken === undefined) throw error
    await noteFailure(deps, tenantId, taken, error)
    return true
  }
}

async function applyEvent(scope: TenantScope, event: DueEvent): Promise<void> {
  const standing = standingOf(event, scope.nowMs)
  if (standing !== 'new') {
    const state = standing === 'applied-before' ? 'applied' : 'failed'
    await settleInboxEvent(scope, event.eventId, { state, reason: standing })
    await ring(scope, 'stations')
    return
  }
  const understanding = understand(event)
  if (understanding.understood) {
    await understanding.apply(scope)
    await settleInboxEvent(scope, event.eventId, { state: 'applied', reason: null })
    return
  }
  await settleInboxEvent(scope, event.eventId, { state: 'parked', reason: understanding.reason })
  await ring(scope, 'stations')
}

async function noteFailure(deps: ProjectorDeps, tenantId: string, event: DueEvent, error: unknown): Promise<void> {
  const attempts = event.attempts + 1
  const lastTry = attempts >= mostTries
  const nextTryMs = deps.now() + firstBackOffMs * 2 ** (attempts - 1)
  const reason = error instanceof Error && 'code' in error ? `fault: ${String(error.code)}` : 'fault'
  const { eventId } = event
  const noted = await inTenant(deps.db, tenantId, (tx) =>
    failInboxEvent(tx, { tenantId, eventId, attempts, lastTry, nextTryMs, reason }),
  )
  if (noted) deps.onFailure({ tenantId, eventId, error, lastTry })
}
