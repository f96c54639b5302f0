import type { EventEnvelope, OutboxLane } from '@yizhan/contracts/sync'
import type { CentreAnswer, CentreModelDeps } from './centre-state.ts'

/** An event as the centre keeps it. */
export interface InboxRow {
  eventId: string
  stationId: string
  epoch: number
  lane: OutboxLane
  seq: number
  type: string
  schemaVersion: number
  occurredAt: number
  hlc: string | null
  body: string
  state: 'pending' | 'applied' | 'parked' | 'failed'
  reason: string | null
  attempts: number
  nextTryAt: number
}

interface Cursor {
  ackedSeq: number
  ackedEventId: string | null
}

/** What was stored of uploads, and how far. */
export interface CentreInbox {
  cursors: Map<string, Cursor>
  inbox: InboxRow[]
  /** Which event each place carried that the cursor has passed; the real centre keeps only the last one of these. */
  passed: Map<string, string>
}

/** Nothing stored yet. */
export function emptyInbox(): CentreInbox {
  return { cursors: new Map(), inbox: [], passed: new Map() }
}

/** A lane of a station's outbox in one epoch. */
interface LanePlace {
  stationId: string
  epoch: number
  lane: OutboxLane
}

/** How far a lane is durable in an epoch, and the event that it ends with. */
export function cursorOf({ cursors }: CentreInbox, place: LanePlace): Cursor {
  return cursors.get(nameOf(place)) ?? { ackedSeq: 0, ackedEventId: null }
}

function nameOf({ stationId, epoch, lane }: LanePlace): string {
  return `${stationId}/${epoch}/${lane}`
}

/** Stores a run once and moves its cursor, or refuses a gap. */
export function storeModelUpload(
  state: CentreInbox,
  { bug, now }: CentreModelDeps,
  asked: { stationId: string; epoch: number; lane?: OutboxLane | undefined; events: readonly EventEnvelope[] },
): CentreAnswer {
  // The contract takes an upload that names no lane for one of `ops`.
  const run = { ...asked, lane: asked.lane ?? 'ops' }
  const { ackedSeq } = cursorOf(state, run)
  const again = bug === 'resent-without-idempotency'
  const fresh = again ? run.events : run.events.filter(({ seq }) => seq > ackedSeq)
  const contiguous = fresh.every(({ seq }, at) => seq === ackedSeq + 1 + at)
  if (!contiguous && !again && bug !== 'gap-accepted') {
    return { ok: false, code: 'sequence-gap', status: 409, data: { ackedSeq } }
  }
  const last = fresh.at(-1)
  if (last === undefined) return { ok: true, value: { ackedSeq } }
  for (const event of fresh) {
    state.passed.set(`${nameOf(run)}/${event.seq}`, event.eventId)
    const known =
      !again && bug !== 'no-unique-event-key' && state.inbox.some(({ eventId }) => eventId === event.eventId)
    if (!known) state.inbox.push(inboxRow(event, run, now()))
  }
  state.cursors.set(nameOf(run), { ackedSeq: last.seq, ackedEventId: last.eventId })
  return { ok: true, value: { ackedSeq: last.seq } }
}

function inboxRow(
  { eventId, seq, type, schemaVersion, occurredAt, hlc, body }: EventEnvelope,
  { stationId, epoch, lane }: LanePlace,
  nowMs: number,
): InboxRow {
  const fate = { state: 'pending', reason: null, attempts: 0, nextTryAt: nowMs } as const
  return {
    eventId,
    stationId,
    epoch,
    lane,
    seq,
    type,
    schemaVersion,
    occurredAt,
    hlc: hlc ?? null,
    body: JSON.stringify(body),
    ...fate,
  }
}
