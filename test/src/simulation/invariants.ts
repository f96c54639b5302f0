import { firstArrival } from '@yizhan/crm-server/appointment/first-arrival'
import { measureOutbox } from '@yizhan/station-server/sync/outbox'
import { windowRows } from './centre-feed-model.ts'
import { emptyCentre } from './centre-model.ts'
import { applyNextEvent } from './centre-projector-model.ts'
import type { CentreState } from './centre-state.ts'
import type { SimulatedStation, Told } from './simulated-station.ts'
import type { Finding, World } from './simulated-world.ts'

type Kind = Finding['kind']

/** No cursor has passed a place whose event the centre does not hold. Cheap enough for every step. */
export function findPassedGaps(world: World): void {
  const { cursors, passed, inbox } = world.centre
  if (world.findings.length > 0) return
  const held = new Set(inbox.map(({ eventId }) => eventId))
  for (const [lane, { ackedSeq }] of cursors) {
    for (let seq = 1; seq <= ackedSeq; seq += 1) {
      const eventId = passed.get(`${lane}/${seq}`)
      if (eventId !== undefined && held.has(eventId)) continue
      found(world, 'lost', `the cursor of ${lane} stands at ${ackedSeq}, and the event at ${seq} is missing`)
      return
    }
  }
}

/** A disk or the centre was put back: what nobody holds any more cannot be asked for. */
export function noteDestroyed(world: World): void {
  const held = new Set(world.centre.inbox.map(({ eventId }) => eventId))
  for (const station of world.stations) for (const eventId of eventIdsOf(station)) held.add(eventId)
  for (const eventId of world.promised.keys()) if (!held.has(eventId)) world.destroyed.add(eventId)
}

/** Everything that must be true once the faults have ended and nothing moves any more. */
export function findEverything(world: World): void {
  findLost(world)
  findDoubles(world)
  findAliases(world)
  findPrintedTwice(world)
  findOrder(world)
  for (const station of world.stations) findStationTroubles(world, station)
}

function findLost(world: World): void {
  const rows = new Map(world.centre.inbox.map((row) => [row.eventId, row]))
  for (const [eventId, { words, odd }] of world.promised) {
    const row = rows.get(eventId)
    if (row === undefined) {
      if (!world.destroyed.has(eventId)) found(world, 'lost', `the centre never got ${words}`)
    } else if (odd !== (row.state === 'parked' || row.state === 'failed')) {
      found(world, 'lost', `${words} ended ${row.state} at the centre`)
    }
  }
  for (const told of world.told) findLostArrival(world, told)
}

function findLostArrival(world: World, { eventId, queueNumber }: Told): void {
  const arrival = world.centre.arrivals.find(({ arrivalId }) => arrivalId === eventId)
  if (arrival === undefined && !world.destroyed.has(eventId)) found(world, 'lost', `${queueNumber} has no arrival`)
  if (arrival !== undefined && arrival.queueNumber !== queueNumber) {
    found(world, 'torn', `told ${queueNumber}, kept ${arrival.queueNumber}`)
  }
}

function findDoubles(world: World): void {
  const holders = new Map<string, string>()
  for (const { queueNumber, day, bookingId } of world.told) {
    const number = `${queueNumber} of ${day}`
    const holder = holders.get(number)
    if (holder !== undefined && holder !== bookingId) found(world, 'duplicated', `two patients were told ${number}`)
    holders.set(number, bookingId)
  }
  const ids = world.centre.inbox.map(({ eventId }) => eventId)
  const twice = ids.filter((eventId, at) => ids.indexOf(eventId) !== at)
  if (twice.length > 0) found(world, 'duplicated', `${twice.length} events stand twice in the inbox`)
}

function findAliases(world: World): void {
  const { arrivals } = world.centre
  for (const bookingId of new Set(arrivals.map((arrival) => arrival.bookingId))) {
    const claims = arrivals.filter((arrival) => arrival.bookingId === bookingId)
    const first = firstArrival(claims)
    for (const claim of claims) {
      const expected = claim === first ? null : first.arrivalId
      if (claim.aliasOf !== expected)
        found(world, 'torn', `${claim.queueNumber} is the alias of another than the first`)
    }
  }
}

/** One unmarked slip of a ticket at most is whole; whatever comes later says that it is a copy. */
function findPrintedTwice(world: World): void {
  for (const { printer, letter } of world.stations) {
    const whole = printer.paper.filter((slip) => slip.whole).map(({ jobId, copy }) => `${jobId}/${copy}`)
    const twice = whole.filter((slip, at) => whole.indexOf(slip) !== at)
    if (twice.length > 0) found(world, 'duplicated', `station ${letter} printed a slip twice without a mark`)
  }
}

/** The same events in another order, some of them twice, make the same arrivals and slips. */
function findOrder(world: World): void {
  const { chance, centre } = world
  const pending = centre.inbox.map((row) => ({
    ...row,
    state: 'pending' as const,
    attempts: 0,
    nextTryAt: chance.below(9),
  }))
  const again: CentreState = {
    ...emptyCentre(),
    inbox: chance.shuffled([...pending, ...structuredClone(pending.slice(0, 5))]),
  }
  let nowMs = world.nowMs
  const deps = { ...world.centreDeps, now: () => nowMs }
  for (let round = 0; round < 8; round += 1) {
    while (applyNextEvent(again, deps, world.drawId)) nowMs += 1
    nowMs += 60_000
  }
  if (resultOf(again) !== resultOf(centre)) found(world, 'torn', 'the same events in another order end otherwise')
}

function resultOf({ arrivals, prints }: CentreState): string {
  const lines = arrivals.map(({ arrivalId, queueNumber, aliasOf }) => `${arrivalId} ${queueNumber} ${aliasOf}`)
  const slips = [...prints.values()].map(({ jobId, state, copy }) => `${jobId} ${state} ${copy}`)
  return [...lines.sort(), ...slips.sort()].join('\n')
}

/** A station holds the bookings that the centre has for it, and no others. */
export function findDrift(world: World, { letter, disk: { sql } }: SimulatedStation): void {
  const held = sql
    .prepare<[], { row: string }>('SELECT row FROM booking ORDER BY booking_id')
    .all()
    .map(({ row }) => JSON.parse(row) as { bookingId: string; version: number })
    .map(({ bookingId, version }) => `${bookingId} ${version}`)
  const wanted = windowRows(world.centre, world.nowMs)
    .map(({ bookingId, version }) => `${bookingId} ${version}`)
    .sort()
  if (held.join() !== wanted.join()) {
    found(world, 'torn', `station ${letter} holds ${held.length} bookings, the centre has ${wanted.length} for it`)
  }
}

function findStationTroubles(world: World, station: SimulatedStation): void {
  const { sql } = station.disk
  const unsent = measureOutbox(sql).depth
  if (unsent !== 0) found(world, 'lost', `station ${station.letter} cannot get ${unsent} events rid`)
  findDrift(world, station)
}

function eventIdsOf({ disk }: SimulatedStation): string[] {
  return disk.sql
    .prepare<[], { eventId: string }>(
      'SELECT event_id AS eventId FROM outbox UNION ALL SELECT event_id FROM bulk_outbox',
    )
    .all()
    .map(({ eventId }) => eventId)
}

function found(world: World, kind: Kind, words: string): void {
  world.findings.push({ kind, words })
}
