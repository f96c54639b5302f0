import { randomUUID } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { PrintJobState } from '@yizhan/contracts/printing'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import { afterEach, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureStructure } from '../fixture/demo-rows.ts'
import {
  checkInTyped,
  identifyTyped,
  type StationFixture,
  startAgain,
  startStationFixture,
} from '../fixture/station-fixture.ts'
import { openFixtureDb } from '../fixture/station-folder.ts'
import { readNewestPrintJob } from './print-ledger.ts'

const running: StationFixture[] = []

afterEach(async () => {
  for (const fixture of running.splice(0)) await fixture.stop()
})

async function start(bookings: BookingRow[], options: Parameters<typeof startStationFixture>[1] = {}) {
  const fixture = await startStationFixture([...fixtureStructure(), ...bookings.map(bookingChange)], options)
  running.push(fixture)
  return fixture
}

async function printState(fixture: StationFixture, row: BookingRow) {
  const { sessionId } = await identifyTyped(fixture.client, row.code, row.phoneLast4 ?? '')
  const ask = { sessionId, bookingId: row.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  return (await fixture.client.checkIn.commit(ask)).print
}

const slips = ({ printer }: StationFixture) =>
  printer.journal().map((slip) => ({ ...slip, text: textOfSlip(slip.lines) }))
/** Checks in and goes on once the slip is on its way out of the printer. */
async function checkInUntilPrinting(fixture: StationFixture, row: BookingRow) {
  const done = await checkInTyped(fixture.client, row)
  await vi.waitFor(() => expect(fixture.printer.view().printing).toBe(true), { timeout: patienceMs, interval: 10 })
  return done
}

/** Puts the ledger of a stopped station into the state in which a kill leaves it, with the counter as it was read before. */
async function leaveSending({ folder }: StationFixture, cutsBefore: number | null) {
  const db = openFixtureDb(folder)
  await db.transact((sql) => sql.prepare("UPDATE print_job SET cuts_before = ?, state = 'sending'").run(cutsBefore))
  await db.close()
}

const waitForState = (fixture: StationFixture, row: BookingRow, state: PrintJobState) =>
  vi.waitFor(async () => expect(await printState(fixture, row)).toMatchObject({ state }), {
    timeout: patienceMs,
    interval: 200,
  })

test('with the paper pulled out in mid-ticket the patient is told, and after loading one whole ticket is there', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { speedMmPerS: 100 })
  await checkInUntilPrinting(fixture, row)
  fixture.printer.body.setPaper(0)
  await vi.waitFor(
    async () => expect(await printState(fixture, row)).toMatchObject({ state: 'sending', reason: 'paper-out' }),
    patienceMs,
  )
  fixture.printer.body.setPaper(10_000)
  await waitForState(fixture, row, 'confirmed')
  expect(slips(fixture).filter((slip) => !slip.partial && slip.text.includes('A001'))).toHaveLength(1)
})

test('a printer that is off holds nobody up: the number is there, the slip follows when it is on', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row])
  await fixture.printer.setPower(false)
  const { ticket } = await checkInTyped(fixture.client, row)
  expect(ticket.queueNumber).toBe('A001')
  await fixture.printer.setPower(true)
  await waitForState(fixture, row, 'confirmed')
  expect(slips(fixture)).toHaveLength(1)
})

test('a station killed in mid-print settles the slip by the cut counter, once', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { speedMmPerS: 60 })
  await checkInUntilPrinting(fixture, row)
  await fixture.station.stop()
  await startAgain(fixture)
  await waitForState(fixture, row, 'confirmed')
  const whole = slips(fixture).filter(
    (slip) => !slip.partial && slip.text.includes('A001') && !slip.text.includes('作废'),
  )
  expect(whole).toHaveLength(1)
})

test('a printer that can prove nothing leaves the slip held, and the patient decides', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { speedMmPerS: 60 })
  await checkInUntilPrinting(fixture, row)
  await fixture.station.stop()
  // What a level B printer leaves behind: no cut counter was read before the slip.
  await leaveSending(fixture, null)
  await startAgain(fixture)
  await waitForState(fixture, row, 'held')
  const { sessionId, ticket } = await checkInTyped(fixture.client, row)
  const jobId = ticket.print?.jobId ?? ''
  const answer = { sessionId, jobId, cameOut: false, operationId: randomUUID() }
  const settled = await fixture.client.checkIn.settlePrint(answer)
  expect(settled.print).toMatchObject({ copy: 2 })
  expect((await fixture.client.checkIn.settlePrint(answer)).print).toMatchObject({ copy: 2 })
  await waitForState(fixture, row, 'confirmed')
  expect(slips(fixture).at(-1)?.text).toContain('补打')
})

test('reprints are marked, carry the same number, and are limited', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row])
  const { sessionId } = await checkInTyped(fixture.client, row)
  const reprint = () =>
    fixture.client.checkIn.reprint({ sessionId, bookingId: row.bookingId, operationId: randomUUID() })
  for (const left of [1, 0]) {
    await waitForState(fixture, row, 'confirmed')
    expect(await reprint()).toMatchObject({ queueNumber: 'A001', reprintsLeft: left })
  }
  await waitForState(fixture, row, 'confirmed')
  await expect(reprint()).rejects.toMatchObject({ code: 'reprints-spent' })
  expect(slips(fixture).map((slip) => slip.text.includes('补打'))).toEqual([false, true, true])
})

test('a slip that could not be printed while the patient stood there is given up, not printed for the next patient', async () => {
  const row = fixtureBooking(Date.now(), 1)
  let now = Date.now()
  const fixture = await start([row], { now: () => now })
  await fixture.printer.setPower(false)
  await checkInTyped(fixture.client, row)
  now += 6 * 60_000
  await vi.waitFor(
    () => {
      const db = openFixtureDb(fixture.folder)
      const job = readNewestPrintJob(db.sql, row.bookingId)
      db.sql.close()
      expect(job?.state).toBe('expired')
    },
    { timeout: patienceMs, interval: 300 },
  )
  await fixture.printer.setPower(true)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(slips(fixture)).toHaveLength(0)
})

test("a counter that is not this printer's proves nothing: the slip is held, never sent again by itself", async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { speedMmPerS: 60 })
  await checkInUntilPrinting(fixture, row)
  await fixture.station.stop()
  await leaveSending(fixture, 48_000)
  await startAgain(fixture)
  await waitForState(fixture, row, 'held')
  expect(slips(fixture).filter(({ text }) => text.includes('A001'))).toHaveLength(1)
})

test('stopping does not wait for a person to load paper', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { speedMmPerS: 60 })
  await checkInUntilPrinting(fixture, row)
  fixture.printer.body.setPaper(0)
  await waitForState(fixture, row, 'sending')
  // Nobody ever loads paper: a stop that waited for it would meet the test's own time limit.
  await fixture.station.stop()
  await startAgain(fixture)
})

test('a slip that waits for paper is given up when its patient leaves, and the next patient gets only their own', async () => {
  const [gone, next] = [fixtureBooking(Date.now(), 1), fixtureBooking(Date.now(), 2)]
  const fixture = await start([gone, next])
  fixture.printer.body.setPaper(0)
  const { sessionId, ticket } = await checkInTyped(fixture.client, gone)
  expect(ticket.print?.state).toBe('queued')
  await vi.waitFor(
    async () => expect(await printState(fixture, gone)).toMatchObject({ reason: 'paper-out' }),
    patienceMs,
  )
  await fixture.client.checkIn.end({ sessionId })
  await vi.waitFor(async () => expect(['expired', 'failed']).toContain((await printState(fixture, gone))?.state), {
    timeout: patienceMs,
    interval: 200,
  })
  fixture.printer.body.setPaper(10_000)
  await checkInTyped(fixture.client, next)
  await waitForState(fixture, next, 'confirmed')
  expect(slips(fixture).filter(({ text, partial }) => !partial && text.includes('A001'))).toHaveLength(0)
  expect(slips(fixture).filter(({ text, partial }) => !partial && text.includes('A002'))).toHaveLength(1)
})

test('a slip whose printer died in mid-print is not printed for the next patient after its own has left', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { speedMmPerS: 60 })
  const { sessionId } = await checkInUntilPrinting(fixture, row)
  await fixture.printer.setPower(false)
  await vi.waitFor(async () => expect(await printState(fixture, row)).toHaveProperty('reason'), patienceMs)
  await fixture.client.checkIn.end({ sessionId })
  await vi.waitFor(
    async () => expect(['held', 'expired', 'failed']).toContain((await printState(fixture, row))?.state),
    { timeout: patienceMs, interval: 200 },
  )
  await fixture.printer.setPower(true)
  await new Promise((resolve) => setTimeout(resolve, 3000))
  expect(slips(fixture).filter(({ text, partial }) => !partial && text.includes('A001'))).toHaveLength(0)
})
