import { implement } from '@orpc/server'
import { type CheckInTicket, checkInContract } from '@yizhan/contracts/check-in'
import type { DeviceReason } from '@yizhan/contracts/device'
import { type HospitalCalendar, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { readBooking } from '../appointment/kept-bookings.ts'
import type { NumberWitness } from '../queue/number-witness.ts'
import { readStationPlace } from '../station/station-place.ts'
import { type Sql, StorageFullError } from '../storage/sql.ts'
import { checkIn } from './check-in.ts'
import { ticketOf } from './check-in-ticket.ts'
import { type IdentifyDeps, identify } from './identify.ts'
import { type HereAndNow, type KnownBooking, knownFromFeed } from './known-appointment.ts'
import { reprint, settleByPatient } from './reprint.ts'
import type { TypedScanAnswer } from './typed-scan-intake.ts'

/** What the check-in calls need. */
export interface CheckInDeps extends IdentifyDeps {
  now: () => number
  witness: NumberWitness
  /** Told after a check-in, a reprint or a settled print is durable: there may be something to print and to send. */
  onCommitted: () => void
  /** Whether the centre has revoked this station: then nothing may be recorded. */
  isRevoked: () => boolean
  /** Whether the mains are away. */
  isPowerFailing: () => boolean
  /** Whether the disk has so little room that nobody new may begin, or has refused a write. */
  isStorageFull: () => boolean
  /** Why the printer cannot print at this moment, if it cannot: the first answer should not pretend to. */
  printerTrouble: () => DeviceReason | null
  /** Told when a session ends: slips that wait for paper or power are for nobody any more. */
  onLeft: (bookingIds: ReadonlySet<string>) => void
  /** Takes a code that a scanner in keyboard mode typed into the page. */
  takeTypedScan: (text: string) => TypedScanAnswer
  /** Whether the centre answered lately; a patient who is not found is told the truth about it. */
  isCentreReachable: () => boolean
}

/** The check-in calls of the kiosk, as the contract has them. */
export function checkInProcedures(deps: CheckInDeps) {
  const os = implement(checkInContract)
  const here = keepHereAndNow(deps)
  return os.router({
    scanned: os.scanned.handler(({ input, errors }) => {
      const answer = deps.takeTypedScan(input.text)
      if (answer !== 'taken') throw errors[answer]()
      return { taken: true as const }
    }),
    identify: os.identify.handler(async ({ input, errors }) => {
      // Who has begun may finish on the battery, and in the room that the ballast left; nobody new begins.
      const isNew = deps.sessions.find(input.sessionId) === null
      if (isNew && deps.isStorageFull()) throw errors['storage-full']()
      if (isNew && deps.isPowerFailing()) throw errors['out-of-service']()
      const place = here()
      if (place === null) throw errors['booking-unknown']({ data: { centreReachable: false, triesLeft: 0 } })
      const found = await identify(deps, input.sessionId, input.credential, place).catch(
        sayStorageFull(errors['storage-full']),
      )
      if (found.ok) return { appointments: found.appointments }
      if (found.error === 'booking-unknown') {
        const { triesLeft } = found
        throw errors['booking-unknown']({ data: { centreReachable: deps.isCentreReachable(), triesLeft } })
      }
      if (found.error === 'too-many-tries') {
        throw errors['too-many-tries']({ data: { retryAfterMs: found.retryAfterMs } })
      }
      throw errors[found.error]()
    }),
    commit: os.commit.handler(async ({ input, errors }) => {
      if (deps.isRevoked()) throw errors['out-of-service']()
      const known = findInSession(deps, input.sessionId, input.bookingId)
      const place = here()
      if (known === null || place === null) throw errors['session-over']()
      const done = await deps.db
        .transact((sql) => checkIn(sql, freshly(sql, known), place, input))
        .catch(sayStorageFull(errors['storage-full']))
      if (!done.ok) throw errors['check-in-closed']({ data: { appointment: done.appointment } })
      deps.onCommitted()
      return withTrouble(done.ticket, deps.printerTrouble())
    }),
    reprint: os.reprint.handler(async ({ input, errors }) => {
      const known = findInSession(deps, input.sessionId, input.bookingId)
      const place = here()
      if (known === null || place === null) throw errors['session-over']()
      const done = await deps.db
        .transact((sql) => reprint(sql, known, place, input.operationId))
        .catch(sayStorageFull(errors['storage-full']))
      if (!done.ok) throw errors[done.error]()
      deps.onCommitted()
      return done.ticket
    }),
    settlePrint: os.settlePrint.handler(async ({ input, errors }) => {
      const place = here()
      const ticket =
        place === null ? null : await settleInSession(deps, input, place).catch(sayStorageFull(errors['storage-full']))
      if (ticket === null) throw errors['session-over']()
      if (ticket === 'print-job-unknown') throw errors[ticket]()
      deps.onCommitted()
      return ticket
    }),
    end: os.end.handler(({ input }) => {
      const left = deps.sessions.find(input.sessionId)
      deps.sessions.end(input.sessionId)
      if (left !== null) deps.onLeft(left.bookingIds)
      return { ended: true as const }
    }),
  })
}

/** Where and when, with the calendar made once per zone; null before the station is configured. */
function keepHereAndNow({ db, now, witness }: CheckInDeps): () => HereAndNow | null {
  let calendar: HospitalCalendar | null = null
  return () => {
    const place = readStationPlace(db.sql)
    if (place === null) return null
    if (calendar?.zone !== place.hospital.zone) calendar = hospitalCalendar(place.hospital.zone)
    return { place, siteId: place.site.siteId, calendar, now: now(), witness }
  }
}

/** The booking if this session has identified it; null when the session is over or the booking is not its own. */
function findInSession({ db, sessions }: CheckInDeps, sessionId: string, bookingId: string): KnownBooking | null {
  const session = sessions.find(sessionId)
  if (session === null || !session.bookingIds.has(bookingId)) return null
  const row = readBooking(db.sql, bookingId)
  return (row === null ? null : knownFromFeed(db.sql, row)) ?? session.knownFromQr.get(bookingId) ?? null
}

/** The booking as the feed has it at the moment of the transaction: it may have been cancelled since it was shown. */
function freshly(sql: Sql, known: KnownBooking): KnownBooking {
  const row = readBooking(sql, known.booking.bookingId)
  return (row === null ? null : knownFromFeed(sql, row)) ?? known
}

/** Turns a disk that takes no more into the refusal that says so; every other fault stays one. */
function sayStorageFull(refusal: () => Error): (fault: unknown) => never {
  return (fault) => {
    throw fault instanceof StorageFullError ? refusal() : fault
  }
}

/** The ticket with the printer's trouble already told: its slip was queued a moment ago and has not met it yet. */
function withTrouble(ticket: CheckInTicket, trouble: DeviceReason | null): CheckInTicket {
  const { print } = ticket
  return print?.state === 'queued' && trouble !== null ? { ...ticket, print: { reason: trouble, ...print } } : ticket
}

/** Settles a held slip of one of the session's bookings; null when the session is over. */
async function settleInSession(
  deps: CheckInDeps,
  answer: { sessionId: string; jobId: string; cameOut: boolean; operationId: string },
  place: HereAndNow,
): Promise<CheckInTicket | 'print-job-unknown' | null> {
  const session = deps.sessions.find(answer.sessionId)
  if (session === null || session.bookingIds.size === 0) return null
  for (const bookingId of session.bookingIds) {
    const known = findInSession(deps, answer.sessionId, bookingId)
    if (known === null) continue
    const settled = await deps.db.transact((sql) => settleByPatient(sql, known, place, answer))
    if (settled) return ticketOf(deps.db.sql, known, deps.now(), true)
  }
  return 'print-job-unknown'
}
