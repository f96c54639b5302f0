import { createHash } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { Credential, IdentifiedAppointment } from '@yizhan/contracts/check-in'
import { isBookingCode } from '@yizhan/rules/appointment/booking-code'
import { isOpenStanding } from '@yizhan/rules/check-in/appointment-standing'
import { readBooking, readBookingsByCode, readBookingsOfPatient, readQrKeys } from '../appointment/kept-bookings.ts'
import type { StationDb } from '../storage/station-db.ts'
import { hashCode, returnTry, takeTry } from './guess-limit.ts'
import {
  type HereAndNow,
  identifiedAppointment,
  type KnownBooking,
  knownFromFeed,
  knownFromQr,
  readScannedQr,
} from './known-appointment.ts'
import type { PatientSessions } from './patient-session.ts'
import type { ScanInbox } from './scan-inbox.ts'

/** Why nobody was identified, in the words of the contract. */
export type IdentifyRefusal =
  | { error: 'booking-code-mistyped' | 'scan-unreadable' | 'booking-qr-forged' | 'scan-gone' }
  | { error: 'booking-unknown'; triesLeft: number }
  | { error: 'too-many-tries'; retryAfterMs: number }

/** Who was identified: the appointments to choose from, the likeliest first. */
export type Identified = { ok: true; appointments: IdentifiedAppointment[] } | ({ ok: false } & IdentifyRefusal)

/** What identifying needs. */
export interface IdentifyDeps {
  db: StationDb
  sessions: PatientSessions
  scans: ScanInbox
  /** Keys the table of failed tries. */
  limitKey: Uint8Array
  /** Asks the centre for news at once, for a booking made a moment ago; resolves when done or given up. */
  refreshFeed: () => Promise<void>
}

/** Wrong tries after which a session is told to go to the desk. */
const triesPerSession = 5

/** Finds whose booking it is by a typed code with its second item, or by a scanned QR. */
export async function identify(
  deps: IdentifyDeps,
  sessionId: string,
  credential: Credential,
  here: HereAndNow,
): Promise<Identified> {
  const found =
    credential.kind === 'typed'
      ? await findTyped(deps, sessionId, credential, here.now)
      : await findScanned(deps, credential.scanId)
  if ('error' in found) return { ok: false, ...found }
  const known = withOthersOfToday(deps, found, here)
  deps.sessions.identify(sessionId, known)
  const appointments = known.map((one) => identifiedAppointment(deps.db.sql, one, here)).sort(likeliestFirst)
  return { ok: true, appointments }
}

async function findTyped(
  { db, sessions, limitKey, refreshFeed }: IdentifyDeps,
  sessionId: string,
  { code, secondItem }: { code: string; secondItem: string },
  now: number,
): Promise<KnownBooking | IdentifyRefusal> {
  if (!isBookingCode(code)) return { error: 'booking-code-mistyped' }
  const codeHash = hashCode(limitKey, code)
  const taken = await db.transact((sql) => takeTry(sql, codeHash, now))
  if ('retryAfterMs' in taken) return { error: 'too-many-tries', retryAfterMs: taken.retryAfterMs }
  const find = () => readBookingsByCode(db.sql, code).find((row) => fitsSecondItem(row, secondItem))
  let row = find()
  if (row === undefined) {
    await refreshFeed()
    row = find()
  }
  const known = row === undefined ? null : knownFromFeed(db.sql, row)
  if (known !== null) {
    await db.transact((sql) => returnTry(sql, taken.tryId))
    return known
  }
  return { error: 'booking-unknown', triesLeft: Math.max(0, triesPerSession - sessions.countFailedTry(sessionId)) }
}

async function findScanned(
  { db, scans, refreshFeed }: IdentifyDeps,
  scanId: string,
): Promise<KnownBooking | IdentifyRefusal> {
  const text = scans.take(scanId)
  if (text === null) return { error: 'scan-gone' }
  const scanned = readScannedQr(text, readQrKeys(db.sql))
  if (scanned === 'unreadable') return { error: 'scan-unreadable' }
  if (scanned === 'forged') return { error: 'booking-qr-forged' }
  if (readBooking(db.sql, scanned.claim.bookingId) === null) await refreshFeed()
  const row = readBooking(db.sql, scanned.claim.bookingId)
  const known = row === null ? knownFromQr(db.sql, scanned.claim) : knownFromFeed(db.sql, row)
  return known ?? { error: 'booking-unknown', triesLeft: triesPerSession }
}

/** Whether four digits are the last of the phone or the birthday; both are compared, in constant time. */
function fitsSecondItem(row: BookingRow, secondItem: string): boolean {
  return [row.phoneLast4, row.birthMonthDay].filter((item) => item !== null && sameDigest(item, secondItem)).length > 0
}

function sameDigest(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return digest(one).equals(digest(other))
}

/** The found booking and, when it is of today, the same person's other bookings of today. */
function withOthersOfToday({ db }: IdentifyDeps, found: KnownBooking, { calendar, now }: HereAndNow): KnownBooking[] {
  const row = found.knownBy === 'feed' ? readBooking(db.sql, found.booking.bookingId) : null
  const today = calendar.dayOf(now)
  if (row === null || calendar.dayOf(row.slotStart) !== today) return [found]
  const others = readBookingsOfPatient(db.sql, row.patientKey)
    .filter(
      (other) => other.bookingId !== row.bookingId && other.state !== 'cancelled' && other.state !== 'rescheduled',
    )
    .filter((other) => calendar.dayOf(other.slotStart) === today)
    .map((other) => knownFromFeed(db.sql, other))
  return [found, ...others.filter((other) => other !== null)]
}

function likeliestFirst(one: IdentifiedAppointment, other: IdentifiedAppointment): number {
  const open = Number(isOpenStanding(other.standing)) - Number(isOpenStanding(one.standing))
  return open === 0 ? one.slotStart - other.slotStart : open
}
