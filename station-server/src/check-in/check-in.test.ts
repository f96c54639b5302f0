import { randomUUID } from 'node:crypto'
import { safe } from '@orpc/client'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import { afterEach, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureIds, fixtureStructure } from '../fixture/demo-rows.ts'
import {
  checkInTyped,
  identifyTyped,
  type StationFixture,
  startAgain,
  startStationFixture,
} from '../fixture/station-fixture.ts'

const minute = 60_000
const running: StationFixture[] = []

afterEach(async () => {
  for (const fixture of running.splice(0)) await fixture.stop()
})

async function start(bookings: BookingRow[], options: Parameters<typeof startStationFixture>[1] = {}) {
  const fixture = await startStationFixture([...fixtureStructure(), ...bookings.map(bookingChange)], options)
  running.push(fixture)
  return fixture
}

test('a patient with a booking code walks off with a number on paper', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row])
  const { appointments } = await identifyTyped(fixture.client, row.code, '0001')
  expect(appointments).toMatchObject([
    { maskedName: '张*', standing: 'on-time', clinicName: { 'zh-CN': '心血管内科' } },
  ])
  const { ticket } = await checkInTyped(fixture.client, row)
  expect(ticket).toMatchObject({
    queueNumber: 'A001',
    already: false,
    print: { state: 'queued', copy: 1 },
    ahead: { count: 0 },
  })
  await vi.waitFor(() => expect(fixture.printer.journal()).toHaveLength(1), patienceMs)
  const text = textOfSlip(fixture.printer.journal()[0]?.lines ?? [])
  expect(text).toContain('A001')
  expect(text).toContain('张*')
  expect(text).not.toContain('䶮')
})

test('the birthday is as good as the phone, and a wrong second item says no more than a wrong code', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row])
  expect((await identifyTyped(fixture.client, row.code, '0315')).appointments).toHaveLength(1)
  const wrongItem = await safe(identifyTyped(fixture.client, row.code, '9999'))
  const wrongCode = await safe(identifyTyped(fixture.client, fixtureBooking(Date.now(), 2).code, '0001'))
  expect(wrongItem.error).toMatchObject({ code: 'booking-unknown', data: { centreReachable: false, triesLeft: 4 } })
  expect(wrongCode.error).toMatchObject({ code: 'booking-unknown', data: { centreReachable: false, triesLeft: 4 } })
})

test('a typing error is told by its check digit and costs no try', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const { client } = await start([row])
  const mistyped = `${row.code.slice(0, 8)}${(Number(row.code[8]) + 1) % 10}`
  for (let n = 0; n < 10; n++) {
    expect((await safe(identifyTyped(client, mistyped, '0001'))).error).toMatchObject({ code: 'booking-code-mistyped' })
  }
  expect((await identifyTyped(client, row.code, '0001')).appointments).toHaveLength(1)
})

test('guessing soon has to wait, and a scan still works meanwhile', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const { client } = await start([row])
  for (let serial = 50; serial < 70; serial++) {
    await safe(identifyTyped(client, fixtureBooking(Date.now(), serial).code, '0001'))
  }
  const blocked = await safe(identifyTyped(client, row.code, '0001'))
  expect(blocked.error).toMatchObject({ code: 'too-many-tries', data: { retryAfterMs: expect.any(Number) } })
})

test('two taps, a lost answer and a second visit give one number and one slip', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row, fixtureBooking(Date.now(), 2)])
  const operationId = randomUUID()
  const { sessionId } = await identifyTyped(fixture.client, row.code, '0001')
  const asked = { sessionId, bookingId: row.bookingId, operationId, locale: 'zh-CN' as const }
  const tickets = await Promise.all([1, 2, 3].map(() => fixture.client.checkIn.commit(asked)))
  const again = await checkInTyped(fixture.client, row)
  expect(new Set([...tickets, again.ticket].map((ticket) => ticket.queueNumber))).toEqual(new Set(['A001']))
  expect(tickets.map((ticket) => ticket.already)).toEqual([false, false, false])
  expect(again.ticket.already).toBe(true)
  await vi.waitFor(() => expect(fixture.printer.journal()).toHaveLength(1), patienceMs)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(fixture.printer.journal()).toHaveLength(1)
  expect((await identifyTyped(fixture.client, row.code, '0001')).appointments[0]).toMatchObject({
    standing: 'checked-in',
    queueNumber: 'A001',
  })
})

test('every booking that cannot be checked in says why and takes no number', async () => {
  const now = Date.now()
  const hours = (n: number) => ({ slotStart: now + n * 60 * minute, slotEnd: now + n * 60 * minute + 30 * minute })
  const kinds = {
    cancelled: { state: 'cancelled' as const },
    rescheduled: { state: 'rescheduled' as const, movedTo: now + 86_400_000 },
    'other-site': { siteId: fixtureIds.otherSite, clinicId: fixtureIds.otherClinic },
    'other-day': hours(30),
  }
  const rows = Object.entries(kinds).map(([kind, change], at) => ({ kind, row: fixtureBooking(now, at + 1, change) }))
  const { client } = await start(rows.map(({ row }) => row))
  for (const { kind, row } of rows) {
    const { sessionId, appointments } = await identifyTyped(client, row.code, row.phoneLast4 ?? '')
    expect(appointments[0]?.standing).toBe(kind)
    const closed = await safe(
      client.checkIn.commit({ sessionId, bookingId: row.bookingId, operationId: randomUUID(), locale: 'en' }),
    )
    expect(closed.error).toMatchObject({ code: 'check-in-closed', data: { appointment: { standing: kind } } })
  }
})

test('two appointments of one person today are both offered', async () => {
  const now = Date.now()
  const first = fixtureBooking(now, 1)
  const second = fixtureBooking(now, 2, { patientKey: first.patientKey, doctorName: '另一医生' })
  const { client } = await start([first, second, fixtureBooking(now, 3)])
  const { appointments } = await identifyTyped(client, first.code, '0001')
  expect(appointments.map((one) => one.bookingId).sort()).toEqual([first.bookingId, second.bookingId].sort())
})

test('a session acts only on what it identified, and not after its end', async () => {
  const [mine, other] = [fixtureBooking(Date.now(), 1), fixtureBooking(Date.now(), 2)]
  const { client } = await start([mine, other])
  const { sessionId } = await identifyTyped(client, mine.code, '0001')
  const commit = (bookingId: string) =>
    safe(client.checkIn.commit({ sessionId, bookingId, operationId: randomUUID(), locale: 'zh-CN' }))
  expect((await commit(other.bookingId)).error).toMatchObject({ code: 'session-over' })
  await client.checkIn.end({ sessionId })
  expect((await commit(mine.bookingId)).error).toMatchObject({ code: 'session-over' })
})

test('with the leased numbers used up, the station gives out its own series', async () => {
  const rows = [1, 2, 3].map((serial) => fixtureBooking(Date.now(), serial))
  const fixture = await start(rows, { leasedNumbers: 1 })
  const numbers: string[] = []
  for (const row of rows) numbers.push((await checkInTyped(fixture.client, row)).ticket.queueNumber)
  expect(numbers).toEqual(['A001', 'A-K01', 'A-K02'])
})

test('forty guesses at the same moment count as forty', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const { client } = await start([row])
  const guesses = Array.from({ length: 40 }, (_, n) => safe(identifyTyped(client, row.code, String(5000 + n))))
  const codes = (await Promise.all(guesses)).map(({ error }) => (error as { code?: string } | null)?.code)
  expect(codes.filter((code) => code === 'booking-unknown').length).toBeLessThanOrEqual(5)
  expect(codes.filter((code) => code === 'too-many-tries').length).toBeGreaterThanOrEqual(35)
})

test('two clinics that share a letter never give out one number twice', async () => {
  const now = Date.now()
  const [structure, sharing] = [fixtureStructure(), '01985f00-0000-7000-8000-0000000000c3']
  const clinic = structure.find(({ key }) => key === fixtureIds.clinic)?.row
  const twin = { kind: 'clinic', key: sharing, op: 'put' as const, row: { ...clinic, clinicId: sharing } }
  const rows = [fixtureBooking(now, 1), fixtureBooking(now, 2, { clinicId: sharing })]
  const fixture = await startStationFixture([...structure, twin, ...rows.map(bookingChange)], { leasedNumbers: 0 })
  running.push(fixture)
  const numbers: string[] = []
  for (const row of rows) numbers.push((await checkInTyped(fixture.client, row)).ticket.queueNumber)
  expect(numbers).toEqual(['A-K01', 'A-K02'])
})

test('a reprint of what was never checked in is refused in words', async () => {
  const row = fixtureBooking(Date.now(), 1)
  const { client } = await start([row])
  const { sessionId } = await identifyTyped(client, row.code, '0001')
  const ask = { sessionId, bookingId: row.bookingId, operationId: randomUUID() }
  expect((await safe(client.checkIn.reprint(ask))).error).toMatchObject({ code: 'session-over' })
})

test('a wall clock that is days ahead does not empty the station of today', async () => {
  let aheadMs = 0
  const row = fixtureBooking(Date.now(), 1)
  const fixture = await start([row], { now: () => Date.now() + aheadMs })
  await fixture.station.stop()
  aheadMs = 3 * 86_400_000
  await startAgain(fixture, () => Date.now() + aheadMs)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await fixture.station.stop()
  aheadMs = 0
  await startAgain(fixture)
  expect((await identifyTyped(fixture.client, row.code, '0001')).appointments).toMatchObject([{ standing: 'on-time' }])
})
