import type { BookingRow } from '@yizhan/contracts/appointment'
import { type QrKey, qrKey } from '@yizhan/contracts/appointment'
import type { CardHash } from '@yizhan/contracts/card'
import { z } from 'zod'
import { readMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'

/** Bookings with a code; one, unless the centre reused a code of an earlier day. */
export function readBookingsByCode(sql: Sql, code: string): BookingRow[] {
  return readBookings(sql, 'code = ?', code)
}

/** All bookings of one person that this station keeps. */
export function readBookingsOfPatient(sql: Sql, patientKey: string): BookingRow[] {
  return readBookings(sql, 'patient_key = ?', patientKey)
}

/** One booking; null when unknown here. */
export function readBooking(sql: Sql, bookingId: string): BookingRow | null {
  return readBookings(sql, 'booking_id = ?', bookingId)[0] ?? null
}

/** The bookings that any of a person's cards names, by their keyed hashes. */
export function readBookingsByCard(sql: Sql, hashes: readonly CardHash[]): BookingRow[] {
  const found = new Map<string, BookingRow>()
  for (const hash of hashes) {
    const where = 'booking_id IN (SELECT booking_id FROM booking_card WHERE card_hash = ?)'
    for (const row of readBookings(sql, where, hash)) found.set(row.bookingId, row)
  }
  return [...found.values()]
}

/** The keys that sign booking QRs, as the centre last named them. */
export function readQrKeys(sql: Sql): QrKey[] {
  return z.array(qrKey).parse(JSON.parse(readMeta(sql, 'qr-keys') ?? '[]'))
}

/** Keeps a booking as the feed sent it, within the caller's transaction. */
export function putBooking(sql: Sql, row: BookingRow, generation: number): void {
  sql
    .prepare(
      `INSERT INTO booking (booking_id, code, patient_key, slot_end, row, generation) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (booking_id) DO UPDATE SET code = excluded.code, patient_key = excluded.patient_key,
         slot_end = excluded.slot_end, row = excluded.row, generation = excluded.generation`,
    )
    .run(row.bookingId, row.code, row.patientKey, row.slotEnd, JSON.stringify(row), generation)
  sql.prepare('DELETE FROM booking_card WHERE booking_id = ?').run(row.bookingId)
  const keepCard = sql.prepare('INSERT OR IGNORE INTO booking_card (card_hash, booking_id) VALUES (?, ?)')
  for (const hash of row.cardHashes) keepCard.run(hash, row.bookingId)
}

/** Forgets a booking that the feed has taken back, within the caller's transaction. */
export function dropBooking(sql: Sql, bookingId: string): void {
  sql.prepare('DELETE FROM booking WHERE booking_id = ?').run(bookingId)
}

function readBookings(sql: Sql, where: string, value: string): BookingRow[] {
  return sql
    .prepare<[string], { row: string }>(`SELECT row FROM booking WHERE ${where}`)
    .all(value)
    .map(({ row }) => JSON.parse(row) as BookingRow)
}
