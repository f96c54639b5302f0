import { type BookingRow, bookingRow } from '@yizhan/contracts/appointment'
import { type FeedChange, feedRows, type QrKey, qrKey } from '@yizhan/contracts/sync'
import {
  type ClinicRow,
  clinicRow,
  type HospitalRow,
  hospitalRow,
  type SiteRow,
  siteRow,
} from '@yizhan/contracts/tenant'
import { z } from 'zod'
import { readMeta } from '../storage/meta-store.ts'
import type { Sql } from '../storage/sql.ts'

/**
 * Applies one change of the feed. Returns false when the row is of a kind or shape that this release does not know:
 * a newer centre may send more than we understand, and that must stop nothing.
 */
export function applyFeedChange(sql: Sql, change: FeedChange, generation: number): boolean {
  if (!isKnownKind(change.kind)) return false
  if (change.op === 'del') {
    deleteRow(sql, change.kind, change.key)
    return true
  }
  const parsed = feedRows[change.kind].safeParse(change.row)
  if (!parsed.success) return false
  if (change.kind === 'booking') putBooking(sql, parsed.data as BookingRow, generation)
  else putReferenceRow(sql, change, generation)
  return true
}

/** Drops what the snapshot that just ended did not name. */
export function dropOlderGenerations(sql: Sql, generation: number): void {
  sql.prepare('DELETE FROM reference_row WHERE generation < ?').run(generation)
  sql.prepare('DELETE FROM booking WHERE generation < ?').run(generation)
}

/** The hospital as configured; null before the first feed. */
export function readHospital(sql: Sql): HospitalRow | null {
  const row = sql.prepare<[], { row: string }>("SELECT row FROM reference_row WHERE kind = 'hospital' LIMIT 1").get()
  return row === undefined ? null : hospitalRow.parse(JSON.parse(row.row))
}

/** One clinic with its rules; null when unknown here. */
export function readClinic(sql: Sql, clinicId: string): ClinicRow | null {
  const row = readReferenceRow(sql, 'clinic', clinicId)
  return row === null ? null : clinicRow.parse(row)
}

/** All clinics of a site. */
export function readClinicsOf(sql: Sql, siteId: string): ClinicRow[] {
  return sql
    .prepare<[], { row: string }>("SELECT row FROM reference_row WHERE kind = 'clinic'")
    .all()
    .map(({ row }) => clinicRow.parse(JSON.parse(row)))
    .filter((clinic) => clinic.siteId === siteId)
}

/** One campus; null when unknown here. */
export function readSite(sql: Sql, siteId: string): SiteRow | null {
  const row = readReferenceRow(sql, 'site', siteId)
  return row === null ? null : siteRow.parse(row)
}

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

/** The keys that sign booking QRs, as the centre last named them. */
export function readQrKeys(sql: Sql): QrKey[] {
  return z.array(qrKey).parse(JSON.parse(readMeta(sql, 'qr-keys') ?? '[]'))
}

function readBookings(sql: Sql, where: string, value: string): BookingRow[] {
  return sql
    .prepare<[string], { row: string }>(`SELECT row FROM booking WHERE ${where}`)
    .all(value)
    .map(({ row }) => bookingRow.parse(JSON.parse(row)))
}

function readReferenceRow(sql: Sql, kind: string, key: string): unknown {
  const row = sql
    .prepare<[string, string], { row: string }>('SELECT row FROM reference_row WHERE kind = ? AND key = ?')
    .get(kind, key)
  return row === undefined ? null : JSON.parse(row.row)
}

function isKnownKind(kind: string): kind is keyof typeof feedRows {
  return Object.hasOwn(feedRows, kind)
}

function putBooking(sql: Sql, row: BookingRow, generation: number): void {
  sql
    .prepare(
      `INSERT INTO booking (booking_id, code, patient_key, slot_end, row, generation) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (booking_id) DO UPDATE SET code = excluded.code, patient_key = excluded.patient_key,
         slot_end = excluded.slot_end, row = excluded.row, generation = excluded.generation`,
    )
    .run(row.bookingId, row.code, row.patientKey, row.slotEnd, JSON.stringify(row), generation)
}

function putReferenceRow(sql: Sql, change: FeedChange, generation: number): void {
  sql
    .prepare(
      `INSERT INTO reference_row (kind, key, row, generation) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET row = excluded.row, generation = excluded.generation`,
    )
    .run(change.kind, change.key, JSON.stringify(change.row), generation)
}

function deleteRow(sql: Sql, kind: string, key: string): void {
  if (kind === 'booking') sql.prepare('DELETE FROM booking WHERE booking_id = ?').run(key)
  else sql.prepare('DELETE FROM reference_row WHERE kind = ? AND key = ?').run(kind, key)
}
