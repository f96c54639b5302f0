import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { BookingRow, QrKey } from '@yizhan/contracts/appointment'
import type { IdentifiedAppointment } from '@yizhan/contracts/check-in'
import type { ClinicRow } from '@yizhan/contracts/tenant'
import { type BookingQr, parseBookingQr, type ScannedBookingQr } from '@yizhan/rules/appointment/booking-qr'
import { appointmentStanding } from '@yizhan/rules/check-in/appointment-standing'
import { maskName } from '@yizhan/rules/patient/mask-name'
import type { HospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import type { NumberWitness } from '../queue/number-witness.ts'
import type { StationPlace } from '../station/station-place.ts'
import type { Sql } from '../storage/sql.ts'
import { readClinic, readSite } from '../tenant/kept-hospital.ts'
import { readArrival } from './check-in-store.ts'

/** A booking as far as this station knows it: from the feed, or only from what its signed QR says. */
export interface KnownBooking {
  knownBy: 'feed' | 'qr'
  booking: Pick<BookingRow, 'bookingId' | 'clinicId' | 'siteId' | 'state' | 'slotStart' | 'slotEnd' | 'movedTo'>
  clinic: ClinicRow
  patientName: string | null
  doctorName: string
}

/** Where and when the patient stands. */
export interface HereAndNow {
  place: StationPlace
  siteId: string
  calendar: HospitalCalendar
  now: number
  /** Knows which numbers may have been given out before. */
  witness: NumberWitness
}

/** A booking of the feed with its clinic; null when the clinic is not known here (yet). */
export function knownFromFeed(sql: Sql, row: BookingRow): KnownBooking | null {
  const clinic = readClinic(sql, row.clinicId)
  if (clinic === null) return null
  return { knownBy: 'feed', booking: row, clinic, patientName: row.patientName, doctorName: row.doctorName }
}

/** A booking that only its signed QR vouches for; null when its clinic is not known here. */
export function knownFromQr(sql: Sql, claim: BookingQr): KnownBooking | null {
  const clinic = readClinic(sql, claim.clinicId)
  if (clinic === null) return null
  const { bookingId, clinicId, slotStart, slotEnd } = claim
  const booking = {
    bookingId,
    clinicId,
    siteId: clinic.siteId,
    state: 'booked' as const,
    slotStart,
    slotEnd,
    movedTo: null,
  }
  return { knownBy: 'qr', booking, clinic, patientName: null, doctorName: '' }
}

/** Reads a scanned text: `unreadable` when it is no booking QR, `forged` when no key of the hospital signed it. */
export function readScannedQr(text: string, keys: readonly QrKey[]): ScannedBookingQr | 'unreadable' | 'forged' {
  const scanned = parseBookingQr(text)
  if (scanned === null) return 'unreadable'
  const key = keys.find((candidate) => candidate.keyId === scanned.keyId)
  if (key === undefined) return 'forged'
  return verify(null, scanned.signedBytes, publicKeyOf(key), scanned.signature) ? scanned : 'forged'
}

/** What the screen may show of a booking, with its standing here and now. */
export function identifiedAppointment(sql: Sql, known: KnownBooking, here: HereAndNow): IdentifiedAppointment {
  const { booking, clinic } = known
  const arrival = readArrival(sql, booking.bookingId)
  const { standing, at } = appointmentStanding({ booking, clinic, checkedInAt: arrival?.arrivedAt ?? null, ...here })
  return {
    bookingId: booking.bookingId,
    maskedName: known.patientName === null ? '' : maskName(known.patientName),
    clinicName: clinic.name,
    place: clinic.place,
    siteName: readSite(sql, booking.siteId)?.name ?? clinic.name,
    doctorName: known.doctorName,
    slotStart: booking.slotStart,
    slotEnd: booking.slotEnd,
    standing,
    at,
    queueNumber: arrival?.queueNumber ?? null,
  }
}

function publicKeyOf(key: QrKey): KeyObject {
  return createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' })
}
