import { randomUUID } from 'node:crypto'
import { isDefinedError, safe } from '@orpc/client'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { FeedChange } from '@yizhan/contracts/sync'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { bookingChange, fixtureBooking, fixtureIds, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import {
  checkInTyped,
  identifyTyped,
  type StationFixture,
  startAgain,
  startStationFixture,
} from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { purge, readableForMs } from '@yizhan/station-server/station/purge'
import { applyFeedChange } from '@yizhan/station-server/sync/feed-changes'
import { auditClock, readClockFacts } from './clock-audit.ts'
import type { DrillResult } from './drill-verdict.ts'
import { seededRandom } from './seeded-random.ts'

/** How a clock drill goes. */
export interface ClockDrillPlan {
  /** How many times the station's clock is set. */
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

const [secondMs, hourMs, dayMs] = [1000, 3_600_000, 86_400_000]
/** A zone whose clocks change, unlike those of China: the drill is about the calendar, not about one country. */
const zone = 'Europe/Berlin'
const patientsPerStep = 3

/** Where a clock is set to: steps that happen, and the moments at which calendars are odd. */
const settings: readonly ((now: number) => number)[] = [
  (now) => now + 400 * dayMs,
  (now) => now - 400 * dayMs,
  (now) => now - secondMs,
  (now) => now - hourMs,
  (now) => now - dayMs,
  // Clocks go forward at 02:00 on 28 March 2027 and back at 03:00 on 31 October 2027 (Directive 2000/84/EC).
  () => Date.parse('2027-03-28T00:59:58Z'),
  () => Date.parse('2027-10-31T00:59:58Z'),
  () => Date.parse('2028-02-28T22:59:58Z'),
  () => Date.parse('2028-02-29T22:59:58Z'),
  () => Date.parse('2026-12-31T22:59:58Z'),
  () => Date.now(),
]

/** A clock that is set, and goes on from there. */
class SteppedClock {
  #ahead = 0
  readonly now = (): number => Date.now() + this.#ahead

  set(to: number): void {
    this.#ahead = Math.round(to - Date.now())
  }
}

interface Told {
  bookingId: string
  day: string
  queueNumber: string
}

/**
 * Sets the clock of a station again and again, days, months and a year to and fro, onto changes of summer time and a leap day,
 * also in the middle of a check-in and before a start: no number may be given twice or out of turn, no event out of order, and
 * nothing may be forgotten before its time.
 */
export async function runClockDrill({ kills, seed, say }: ClockDrillPlan): Promise<DrillResult> {
  const random = seededRandom(seed)
  const clock = new SteppedClock()
  const station = await startStationFixture(structureIn(zone), { now: clock.now, leasedNumbers: 20 })
  const hall = { station, clock, random, told: [] as Told[], serial: 0 }
  const findings: string[] = []
  let facts: ReturnType<typeof readClockFacts>
  try {
    for (let step = 1; step <= kills; step += 1) {
      clock.set(pick(settings, random)(clock.now()))
      if (random() < 0.2) await restart(hall)
      findings.push(...(await runStep(hall)).map((what) => `step ${step}: ${what}`))
      if (step % 20 === 0) say(`the clock was set ${step} times, ${hall.told.length} tickets`)
    }
    await restart(hall)
    await station.station.stop()
    const db = openFixtureDb(station.folder)
    facts = readClockFacts(db.sql)
    findings.push(...(await purgeInTime(db)))
    await db.close()
    await startAgain(station, clock.now)
  } finally {
    await station.stop()
  }
  const found = auditClock(facts, hall.told)
  const [lost, duplicated, torn] = [found.lost.length, found.duplicated.length, found.torn.length + findings.length]
  const ok = lost + duplicated + torn === 0
  return {
    verdict: { name: 'clock', seed, operations: hall.told.length, faults: kills, lost, duplicated, torn, ok },
    findings: [...findings, ...Object.values(found).flat()],
  }
}

interface ClockHall {
  station: StationFixture
  clock: SteppedClock
  random: () => number
  told: Told[]
  serial: number
}

async function restart({ station, clock }: ClockHall): Promise<void> {
  await station.station.stop()
  await startAgain(station, clock.now)
}

/** Patients whose appointments are at what the station takes for now; each asks twice, one while the clock is set. */
async function runStep(hall: ClockHall): Promise<string[]> {
  const { station, clock, random } = hall
  const rows = Array.from({ length: patientsPerStep }, () => fixtureBooking(clock.now(), hall.serial++))
  await feed(station.folder, rows)
  const wrong: string[] = []
  for (const row of rows.slice(1)) {
    const day = hospitalCalendar(zone).dayOf(row.slotStart)
    const { error, data } = await safe(checkInTyped(station.client, row))
    if (error !== null) {
      // Set to two seconds before midnight, the clock may have reached the day after the appointment.
      const isOver = isDefinedError(error) && hospitalCalendar(zone).dayOf(clock.now()) !== day
      if (!isOver) wrong.push(`a check-in was answered with ${String(error)}`)
      continue
    }
    hall.told.push({ bookingId: row.bookingId, day, queueNumber: data.ticket.queueNumber })
    const again = await safe(checkInTyped(station.client, row))
    if (again.data?.ticket.queueNumber !== data.ticket.queueNumber) wrong.push('asked again, the number was another')
  }
  const [interrupted] = rows
  if (interrupted !== undefined) wrong.push(...(await checkInWhileSet(hall, interrupted, pick(settings, random))))
  return wrong
}

/** Between the patient's two taps the clock is set: a ticket or a refusal in words is right, a fault is not. */
async function checkInWhileSet(
  { station, clock, told }: ClockHall,
  row: BookingRow,
  setting: (now: number) => number,
): Promise<string[]> {
  const { sessionId } = await identifyTyped(station.client, row.code, row.phoneLast4 ?? '')
  clock.set(setting(clock.now()))
  const asked = { sessionId, bookingId: row.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  const day = hospitalCalendar(zone).dayOf(row.slotStart)
  const { error, data } = await safe(station.client.checkIn.commit(asked))
  if (error === null) told.push({ bookingId: row.bookingId, day, queueNumber: data.queueNumber })
  return error === null || isDefinedError(error) ? [] : [`a clock set between two taps led to ${String(error)}`]
}

/** The centre's time, not the wall clock, says what is forgotten: each patient's data 36 hours after its appointment. */
async function purgeInTime(db: ReturnType<typeof openFixtureDb>): Promise<string[]> {
  const ends = db.sql.prepare<[], { end: number }>('SELECT slot_end AS end FROM arrival ORDER BY slot_end').all()
  const middle = ends[Math.floor(ends.length / 2)]?.end ?? 0
  const left = () => db.sql.prepare<[], { n: number }>('SELECT count(*) AS n FROM arrival').get()?.n
  await purge(db, 0)
  const wrong = left() === ends.length ? [] : ['something was forgotten though the centre was never heard']
  await purge(db, middle + readableForMs)
  const expected = ends.filter(({ end }) => end >= middle).length
  return left() === expected ? wrong : [...wrong, `${left()} arrivals were kept where ${expected} should have been`]
}

async function feed(folder: string, rows: readonly BookingRow[]): Promise<void> {
  const db = openFixtureDb(folder)
  await db.transact((sql) => rows.map((row) => applyFeedChange(sql, bookingChange(row), 0)))
  await db.close()
}

function structureIn(hospitalZone: string): FeedChange[] {
  return fixtureStructure().map((change) =>
    change.key === fixtureIds.tenant ? { ...change, row: { ...change.row, zone: hospitalZone } } : change,
  )
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
