import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { FeedChange } from '@yizhan/contracts/sync'
import { type HospitalCalendar, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { readBooking } from '@yizhan/station-server/appointment/kept-bookings'
import { checkIn } from '@yizhan/station-server/check-in/check-in'
import { type KnownBooking, knownFromFeed } from '@yizhan/station-server/check-in/known-appointment'
import { bookingChange, fixtureBooking, fixtureIds, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { fillFixtureDb, fixtureWitness, openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { keepNumberBlock } from '@yizhan/station-server/queue/number-blocks'
import type { NumberWitness } from '@yizhan/station-server/queue/number-witness'
import { readStationPlace } from '@yizhan/station-server/station/station-place'
import type { Sql } from '@yizhan/station-server/storage/sql'
import type { StationDb } from '@yizhan/station-server/storage/station-db'

/** How many check-ins a second a station's database took, one caller at a time and with several waiting. */
export interface CheckInRates {
  onePerSecond: number
  waitingPerSecond: number
}

/** What one measurement does. */
export interface CheckInLoad {
  /** Check-ins by the one caller. */
  one: number
  /** Check-ins by the waiting callers together. */
  waiting: number
  callers: number
}

/** A busy hospital's morning at one station: so many bookings in the feed, over so many clinics. */
const bookingsInFeed = 5000
const clinics = 20

/**
 * Fills a fresh station database and measures real check-ins in it: everything that the kiosk's commit reads and writes,
 * each resolved only when it is durable. The database is encrypted, in WAL, with synchronous=FULL, as a station opens it.
 */
export async function measureCheckInRates(folder: string, load: CheckInLoad): Promise<CheckInRates> {
  const own = mkdtempSync(join(folder, 'check-in-'))
  const db = openFixtureDb(own)
  const witness = fixtureWitness(own)
  try {
    const bookings = await fill(db)
    const calendar = hospitalCalendar('Asia/Shanghai')
    const onePerSecond = await measureRate({ db, witness, calendar }, bookings.slice(0, load.one), 1)
    const waitingPerSecond = await measureRate(
      { db, witness, calendar },
      bookings.slice(load.one, load.one + load.waiting),
      load.callers,
    )
    return { onePerSecond, waitingPerSecond }
  } finally {
    await db.close()
    rmSync(own, { recursive: true, force: true })
  }
}

/** What a check-in is made in. */
interface BenchStation {
  db: StationDb
  witness: NumberWitness
  calendar: HospitalCalendar
}

async function measureRate(station: BenchStation, bookings: readonly BookingRow[], callers: number): Promise<number> {
  const waiting = bookings.values()
  const call = async () => {
    for (const { bookingId } of waiting) await commitOne(station, bookingId)
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: callers }, call))
  return (bookings.length * 1000) / (performance.now() - startedAt)
}

/** What the kiosk's commit does in the database: finds the booking of the session, then checks it in, durably. */
async function commitOne({ db, witness, calendar }: BenchStation, bookingId: string): Promise<void> {
  const known = readKnown(db.sql, bookingId)
  const place = readStationPlace(db.sql)
  if (place === null) throw new Error('the bench station is not configured')
  const here = { place, siteId: place.site.siteId, calendar, now: Date.now(), witness }
  const done = await db.transact((sql) =>
    checkIn(sql, readKnown(sql, known.booking.bookingId), here, {
      operationId: randomUUID(),
      locale: 'zh-CN',
    }),
  )
  if (!done.ok || done.ticket.already) throw new Error(`booking ${bookingId} was not checked in`)
}

function readKnown(sql: Sql, bookingId: string): KnownBooking {
  const row = readBooking(sql, bookingId)
  const known = row === null ? null : knownFromFeed(sql, row)
  if (known === null) throw new Error(`booking ${bookingId} is not in the feed`)
  return known
}

/** Fills the database and answers with its bookings in a random order, as patients come. */
async function fill(db: StationDb): Promise<BookingRow[]> {
  const now = Date.now()
  const calendar = hospitalCalendar('Asia/Shanghai')
  const extraClinics = Array.from({ length: clinics }, (_, at) => clinicChange(at))
  // Made over the last week, so that their ids are as far apart as those of a real day's bookings.
  const bookings = Array.from({ length: bookingsInFeed }, (_, at) => ({
    ...fixtureBooking(now - Math.floor(Math.random() * 7 * 86_400_000), at),
    clinicId: clinicId(at % clinics),
    slotStart: now,
    slotEnd: now + 30 * 60_000,
  }))
  await fillFixtureDb(db, [...fixtureStructure(), ...extraClinics, ...bookings.map(bookingChange)], 0)
  await db.transact((sql) => {
    for (let at = 0; at < clinics; at++) {
      const blockId = clinicId(at).replace('c', 'b')
      keepNumberBlock(sql, { blockId, clinicId: clinicId(at), day: calendar.dayOf(now), first: 1, last: 999 }, null)
    }
  })
  return bookings
    .map((row) => ({ row, order: Math.random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ row }) => row)
}

/** A letter for each clinic's queue, without the two that read as digits. */
const queueLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

function clinicId(at: number): string {
  return `01985f00-0000-7000-8000-0000000c${String(at).padStart(4, '0')}`
}

function clinicChange(at: number): FeedChange {
  const template = fixtureStructure().find(({ kind, key }) => kind === 'clinic' && key === fixtureIds.clinic)
  return {
    kind: 'clinic',
    key: clinicId(at),
    op: 'put',
    row: { ...template?.row, clinicId: clinicId(at), queueLetter: queueLetters[at] },
  }
}
