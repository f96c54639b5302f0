import type { StationEvent } from '@yizhan/contracts/sync'
import { firstArrival } from '@yizhan/crm-server/appointment/first-arrival'
import { understand } from '@yizhan/crm-server/sync/event-handler'
import { beginTransaction, endTransaction } from './centre-feed-model.ts'
import type { InboxRow } from './centre-inbox-model.ts'
import type { CentreModelDeps, CentreState } from './centre-state.ts'

/** As many tries as the real projector gives an event, and its pauses. */
const mostTries = 5
const firstBackOffMs = 500
/** An integer column of PostgreSQL holds no more; its code for that is 22003. */
const highestInteger = 2 ** 31 - 1

/** Applies the next event that is due; false when none is. */
export function applyNextEvent(state: CentreState, deps: CentreModelDeps, drawId: () => string): boolean {
  const nowMs = deps.now()
  const due = state.inbox.filter((row) => row.state === 'pending' && row.nextTryAt <= nowMs).sort(inOrder)
  const [next] = due
  if (next === undefined) return false
  applyRow(state, deps, next, drawId)
  return !(deps.bug === 'poison-holds-up' && next.state === 'pending')
}

/** Gives parked events another look, as a new release does. */
export function reopenParked(state: CentreState, nowMs: number): void {
  for (const row of state.inbox) {
    if (row.state !== 'parked') continue
    row.state = 'pending'
    row.nextTryAt = nowMs
  }
}

function inOrder(one: InboxRow, other: InboxRow): number {
  if (one.nextTryAt !== other.nextTryAt) return one.nextTryAt - other.nextTryAt
  if (one.stationId !== other.stationId) return one.stationId < other.stationId ? -1 : 1
  return one.epoch - other.epoch || one.seq - other.seq
}

function applyRow(state: CentreState, deps: CentreModelDeps, row: InboxRow, drawId: () => string): void {
  const understanding = understand(row)
  if (!understanding.understood) {
    if (deps.bug === 'unknown-dropped') state.inbox.splice(state.inbox.indexOf(row), 1)
    row.state = 'parked'
    row.reason = understanding.reason
    return
  }
  const event = { type: row.type, body: JSON.parse(row.body) } as StationEvent
  if (event.type === 'ticket-print-settled' && event.body.copy > highestInteger) {
    row.attempts += 1
    row.nextTryAt = deps.bug === 'poison-holds-up' ? 0 : deps.now() + firstBackOffMs * 2 ** (row.attempts - 1)
    row.reason = 'fault: 22003'
    if (row.attempts >= mostTries && deps.bug !== 'poison-holds-up') row.state = 'failed'
    return
  }
  if (event.type === 'patient-arrived') applyArrival(state, deps, row, event.body, drawId)
  if (event.type === 'ticket-print-settled') applyPrint(state, row, event.body)
  row.state = 'applied'
  row.reason = null
}

function applyArrival(
  state: CentreState,
  deps: CentreModelDeps,
  { eventId, stationId, epoch, seq, hlc }: InboxRow,
  { bookingId, day, queueNumber, arrivedAt }: Extract<StationEvent, { type: 'patient-arrived' }>['body'],
  drawId: () => string,
): void {
  if (!state.arrivals.some(({ arrivalId }) => arrivalId === eventId)) {
    const place = { arrivalId: eventId, stationId, epoch, seq, hlc }
    state.arrivals.push({ ...place, bookingId, day, queueNumber, arrivedAt, aliasOf: null })
  }
  const claims = state.arrivals.filter((arrival) => arrival.bookingId === bookingId)
  const first = deps.bug === 'first-reported-wins' ? claims[0] : firstArrival(claims)
  for (const claim of claims) claim.aliasOf = claim === first ? null : (first?.arrivalId ?? null)
  const booking = state.bookings.get(bookingId)
  if (booking?.state !== 'booked' && booking?.state !== 'cancelled') return
  const xid = beginTransaction(state)
  state.bookings.set(bookingId, { ...booking, state: 'arrived', version: booking.version + 1 })
  endTransaction(state, xid, [{ changeId: drawId(), kind: 'booking', key: bookingId }])
}

function applyPrint(
  state: CentreState,
  { epoch, seq }: InboxRow,
  body: Extract<StationEvent, { type: 'ticket-print-settled' }>['body'],
): void {
  const before = state.prints.get(body.jobId)
  const later = before === undefined || before.epoch < epoch || (before.epoch === epoch && before.seq < seq)
  if (later) state.prints.set(body.jobId, { ...body, epoch, seq })
}
