import type { BookingRow } from '@yizhan/contracts/appointment'
import type { CardHash } from '@yizhan/contracts/card'
import { readBookingsByCard, readBookingsOfPatient } from '../appointment/kept-bookings.ts'
import type { StationDb } from '../storage/station-db.ts'
import { type HereAndNow, type KnownBooking, knownFromFeed } from './known-appointment.ts'

/** What finding bookings by a card needs. */
export interface FindByCardDeps {
  db: StationDb
  /** Asks the centre for news at once, for a booking made a moment ago; resolves when done or given up. */
  refreshFeed: () => Promise<void>
}

/** As many appointments as the contract lets a screen show. */
const mostShown = 20

/**
 * The bookings of whoever the card names: all of today, or else those of the nearest day, so that the screen can say when.
 * Empty when this hospital has none for the card.
 */
export async function findByCard(
  { db, refreshFeed }: FindByCardDeps,
  hashes: readonly CardHash[],
  here: HereAndNow,
): Promise<KnownBooking[]> {
  if (readBookingsByCard(db.sql, hashes).length === 0) await refreshFeed()
  const named = readBookingsByCard(db.sql, hashes)
  const persons = new Set(named.map((row) => row.patientKey))
  // The other bookings of the same person count too: not every one was made with the card at hand.
  const all = [...persons].flatMap((patientKey) => readBookingsOfPatient(db.sql, patientKey))
  return worthShowing(all, here)
    .slice(0, mostShown)
    .map((row) => knownFromFeed(db.sql, row))
    .filter((known) => known !== null)
}

function worthShowing(rows: readonly BookingRow[], { calendar, now }: HereAndNow): BookingRow[] {
  const dayOf = (row: BookingRow) => calendar.dayOf(row.slotStart)
  const ofToday = rows.filter((row) => dayOf(row) === calendar.dayOf(now))
  if (ofToday.length > 0) return standingOnes(ofToday)
  const [nearest] = [...standingOnes(rows)].sort((one, other) => distance(one, now) - distance(other, now))
  return nearest === undefined ? [] : standingOnes(rows).filter((row) => dayOf(row) === dayOf(nearest))
}

/** Without those that were cancelled or moved, unless there are no others to tell of. */
function standingOnes(rows: readonly BookingRow[]): BookingRow[] {
  const standing = rows.filter((row) => row.state !== 'cancelled' && row.state !== 'rescheduled')
  return standing.length > 0 ? standing : [...rows]
}

/** How far off an appointment is; one that is over is further than any to come. */
function distance(row: BookingRow, now: number): number {
  return row.slotStart >= now ? row.slotStart - now : Number.MAX_SAFE_INTEGER / 2 - row.slotStart
}
