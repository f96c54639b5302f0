import { setTimeout as sleep } from 'node:timers/promises'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { inTenant, tenantIds } from '../postgres/database.ts'
import { applyPortion, type PortionDeps } from './event-portion.ts'
import { readWaitingStations, reopenParkedEvents, type WaitingStation } from './inbox-store.ts'

/** Asked anyway this often, since a ring may be lost. */
const lookEveryMs = 1_000
/** One to three milliseconds each: so many share a commit, and hold back whoever wants the same booking for about a tenth of a second. */
const eventsPerPortion = 50
/** Half a second, then the stations are looked at anew: what has come meanwhile at a hall without a backlog goes first. */
const backlogsPerTurn = 4
/** No hall checks so many patients in within a quarter of a second: a station is bringing what it kept while it was cut off. */
const sending = { events: 200, withinMs: 250 }
/** First a backlog is safe here, then it is shown: at most so long it waits for the rest of itself, and then again after each portion. */
const longestWaitMs = 2_000
const lookAgainMs = 100

/** When each station that has a backlog had its last turn, or was first seen, by hospital; milliseconds of a clock that nobody can set. */
type Turns = Map<string, Map<string, number>>

/** Applies stored events of every hospital as they come in. `wake` makes it look at once. */
export function startProjector(deps: PortionDeps & { onFault: (error: unknown) => void }): CentreLoop {
  let reopened = false
  const turns: Turns = new Map()
  return startCentreLoop({
    everyMs: lookEveryMs,
    // A round that fails has the database away: nothing is lost, the next look finds the same events.
    onFault: deps.onFault,
    async work(isStopping) {
      if (!reopened) await reopenAll(deps)
      reopened = true
      await applyAll(deps, isStopping, turns)
    },
  })
}

/**
 * Applies everything that is due in every hospital. Hospitals take turns, and within one its stations: the backlog of one, a week of a
 * hall that was cut off, does not keep the desks of the others waiting. Within a station events keep their order.
 */
export async function applyAll(
  deps: PortionDeps,
  isStopping: () => boolean = () => false,
  turns: Turns = new Map(),
): Promise<void> {
  let unfinished = await tenantIds(deps.db)
  while (unfinished.length > 0 && !isStopping()) {
    const again: string[] = []
    let isWaiting = true
    for (const tenantId of unfinished) {
      const turn = await applyTurn(deps, tenantId, isStopping, turns)
      if (turn !== 'done') again.push(tenantId)
      if (turn === 'more') isWaiting = false
    }
    if (again.length > 0 && isWaiting) await sleep(lookAgainMs)
    unfinished = again
  }
}

/** Applies one turn's worth of a hospital's events; `waiting` when all that is left is still coming in. */
async function applyTurn(
  deps: PortionDeps,
  tenantId: string,
  isStopping: () => boolean,
  turns: Turns,
): Promise<'more' | 'waiting' | 'done'> {
  const at = { nowMs: deps.now(), portion: eventsPerPortion, sending }
  const stations = await inTenant(deps.db, tenantId, (tx) => readWaitingStations(tx, tenantId, at))
  const before = turns.get(tenantId)
  const now = performance.now()
  const lastTurns = new Map(stations.map(({ stationId }) => [stationId, before?.get(stationId) ?? now]))
  turns.set(tenantId, lastTurns)
  const { next, isMore } = chooseStations(stations, lastTurns, now)
  let applied = 0
  for (const stationId of next) {
    if (isStopping()) return 'done'
    applied += await applyPortion(deps, { tenantId, stationId }, eventsPerPortion, isStopping)
    lastTurns.set(stationId, performance.now())
  }
  if (applied > 0) return 'more'
  // What was due and could not be taken, another node has.
  return isMore && next.length === 0 ? 'waiting' : 'done'
}

/** Whose turn it is: everybody who has only a little, then the backlogs that waited longest for their last turn. */
function chooseStations(
  stations: readonly WaitingStation[],
  lastTurns: ReadonlyMap<string, number>,
  now: number,
): { next: string[]; isMore: boolean } {
  const waitedMs = ({ stationId }: WaitingStation) => now - (lastTurns.get(stationId) ?? now)
  const few = stations.filter(({ hasBacklog }) => !hasBacklog)
  const backlogs = stations
    .filter((station) => station.hasBacklog && !(station.isSending && waitedMs(station) < longestWaitMs))
    .sort((one, other) => waitedMs(other) - waitedMs(one))
    .slice(0, backlogsPerTurn)
  const next = [...few, ...backlogs].map(({ stationId }) => stationId)
  return { next, isMore: next.length < stations.length }
}

/** Gives parked events another look: what an older release did not know, this one may understand. */
export async function reopenAll({ db, now }: Pick<PortionDeps, 'db' | 'now'>): Promise<void> {
  for (const tenantId of await tenantIds(db)) {
    await inTenant(db, tenantId, (tx) => reopenParkedEvents(tx, tenantId, now()))
  }
}
