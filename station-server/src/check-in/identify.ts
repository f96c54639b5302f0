import { createHash } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { CardHash } from '@yizhan/contracts/card'
import type { Credential, IdentifiedAppointment } from '@yizhan/contracts/check-in'
import { isBookingCode } from '@yizhan/rules/appointment/booking-code'
import { isOpenStanding } from '@yizhan/rules/check-in/appointment-standing'
import { readBooking, readBookingsByCode, readBookingsOfPatient, readQrKeys } from '../appointment/kept-bookings.ts'
import { cardHashes } from './card-hash.ts'
import type { CredentialDecoder } from './credential-decoder.ts'
import type { CredentialInbox } from './credential-inbox.ts'
import { type FindByCardDeps, findByCard } from './find-by-card.ts'
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

/** Why nobody was identified, in the words of the contract. */
export type IdentifyRefusal =
  | { error: 'booking-code-mistyped' | 'scan-unreadable' | 'booking-qr-forged' | 'scan-gone' | 'card-gone' }
  | { error: 'decoder-unreachable' }
  | { error: 'booking-unknown'; triesLeft: number }
  | { error: 'too-many-tries'; retryAfterMs: number }

/** Who was identified: the appointments to choose from, the likeliest first. */
export type Identified = { ok: true; appointments: IdentifiedAppointment[] } | ({ ok: false } & IdentifyRefusal)

/** What identifying needs. */
export interface IdentifyDeps extends FindByCardDeps {
  sessions: PatientSessions
  inbox: CredentialInbox
  /** Asked about scanned codes that are none of ours; null where the hospital has nobody to ask. */
  decoder: CredentialDecoder | null
  /** Keys the table of failed tries. */
  limitKey: Uint8Array
}

/** Wrong tries after which a session is told to go to the desk. */
const triesPerSession = 5
/** Whoever holds a code or a card does not guess: an unknown one costs no try. */
const unknownToUs: IdentifyRefusal = { error: 'booking-unknown', triesLeft: triesPerSession }

/** Finds whose booking it is by a typed code with its second item, by a scanned code, or by a card. */
export async function identify(
  deps: IdentifyDeps,
  sessionId: string,
  credential: Credential,
  here: HereAndNow,
): Promise<Identified> {
  deps.sessions.begin(sessionId)
  const known = await find(deps, sessionId, credential, here)
  if ('error' in known) return { ok: false, ...known }
  deps.sessions.identify(sessionId, known)
  const appointments = known.map((one) => identifiedAppointment(deps.db.sql, one, here)).sort(likeliestFirst)
  return { ok: true, appointments }
}

async function find(
  deps: IdentifyDeps,
  sessionId: string,
  credential: Credential,
  here: HereAndNow,
): Promise<KnownBooking[] | IdentifyRefusal> {
  switch (credential.kind) {
    case 'typed': {
      const found = await findTyped(deps, sessionId, credential, here.now)
      return 'error' in found ? found : withOthersOfToday(deps, found, here)
    }
    case 'scanned': {
      const scan = deps.inbox.take('scan', credential.scanId)
      return scan === null ? { error: 'scan-gone' } : await findScanned(deps, scan.text, here)
    }
    case 'card': {
      const card = deps.inbox.take('card', credential.cardId)
      return card === null ? { error: 'card-gone' } : await findHashed(deps, card.hashes, here)
    }
  }
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
  deps: IdentifyDeps,
  text: string,
  here: HereAndNow,
): Promise<KnownBooking[] | IdentifyRefusal> {
  const { db, refreshFeed } = deps
  const scanned = readScannedQr(text, readQrKeys(db.sql))
  if (scanned === 'unreadable') return await findDecoded(deps, text, here)
  if (scanned === 'forged') return { error: 'booking-qr-forged' }
  if (readBooking(db.sql, scanned.claim.bookingId) === null) await refreshFeed()
  const row = readBooking(db.sql, scanned.claim.bookingId)
  const known = row === null ? knownFromQr(db.sql, scanned.claim) : knownFromFeed(db.sql, row)
  return known === null ? unknownToUs : withOthersOfToday(deps, known, here)
}

/** Asks the decoder whose code it is; without one, or when it does not know it, the code is simply no booking code. */
async function findDecoded(
  deps: IdentifyDeps,
  text: string,
  here: HereAndNow,
): Promise<KnownBooking[] | IdentifyRefusal> {
  const decoded = deps.decoder === null ? 'unknown' : await deps.decoder.decode(text)
  if (decoded === 'unknown') return { error: 'scan-unreadable' }
  if (decoded === 'unreachable') return { error: 'decoder-unreachable' }
  return await findHashed(deps, cardHashes(deps.db.sql, decoded.identifiers), here)
}

async function findHashed(
  deps: IdentifyDeps,
  hashes: readonly CardHash[],
  here: HereAndNow,
): Promise<KnownBooking[] | IdentifyRefusal> {
  const known = await findByCard(deps, hashes, here)
  return known.length === 0 ? unknownToUs : known
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
