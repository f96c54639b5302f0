import { randomUUID } from 'node:crypto'
import { isDefinedError, safe } from '@orpc/client'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { DeviceHealth } from '@yizhan/contracts/device'
import { readinessReport } from '@yizhan/contracts/readiness'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import { startSimUps } from '@yizhan/device-drivers/sim/sim-ups'
import { groupReceiptNumber, isReceiptNumber } from '@yizhan/rules/receipt/receipt-number'
import { io, type Socket } from 'socket.io-client'
import { afterEach, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureQr, fixtureStructure } from '../fixture/demo-rows.ts'
import {
  checkInTyped,
  type StationFixture,
  silentLog,
  startAgain,
  startStationFixture,
} from '../fixture/station-fixture.ts'
import { openFixtureDb } from '../fixture/station-folder.ts'
import type { StationDb } from '../storage/station-db.ts'
import { routeCredentials } from './credential-routing.ts'
import { openReadiness, type ReadinessDeps } from './readiness-check.ts'
import { restartQuarantined } from './station-devices.ts'

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

let clockAheadMs = 0
const now = () => Date.now() + clockAheadMs

async function start(bookings: BookingRow[] = [], options: Parameters<typeof startStationFixture>[1] = {}) {
  clockAheadMs = 0
  const changes = [...fixtureStructure(), ...bookings.map(bookingChange)]
  const fixture = await startStationFixture(changes, { now, ...options })
  cleanups.push(() => fixture.stop())
  await vi.waitFor(async () => {
    const { printer, scanner } = await fixture.client.station.view()
    expect(printer?.phase).toBe('ready')
    expect(scanner?.phase).toMatch(/ready|disabled/)
  }, patienceMs)
  return fixture
}

async function openPage(fixture: StationFixture) {
  const { url } = fixture.station
  const heard: [string, unknown][] = []
  const page: Socket = io(url, { transports: ['websocket'], extraHeaders: { cookie: fixture.cookie, origin: url } })
  page.onAny((name: string, message: unknown) => heard.push([name, message]))
  cleanups.push(() => page.close())
  await new Promise<void>((resolve) => page.once('connect', () => resolve()))
  return heard
}

/** A check whose station does nothing of itself. */
const idleDeps: ReadinessDeps = {
  db: { transact: async () => ({ reportId: 'none' }) } as unknown as StationDb,
  now: Date.now,
  log: silentLog,
  healths: () => [],
  restartQuarantined: () => undefined,
  credentials: routeCredentials(() => undefined),
  isPatientServed: () => false,
  printAside: () => expect.unreachable('there is no printer'),
  tryLight: async () => null,
  placeOf: () => ({ stationName: '', moment: '' }),
  drawReceipt: () => null,
  onChanged: () => undefined,
  onReported: () => undefined,
}

const begin = ({ client }: StationFixture, operationId: string = randomUUID()) =>
  client.readiness.start({ operationId })
const slips = ({ printer }: StationFixture) => printer.journal().map(({ lines }) => textOfSlip(lines))
const points = async ({ client }: StationFixture) =>
  Object.fromEntries(
    ((await client.readiness.view())?.devices ?? []).flatMap(({ kind, points: its }) =>
      its.map(({ check, result, reason }) => [`${kind} ${check}`, reason ?? result]),
    ),
  )
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: patienceMs, interval: 50 })

/** Everything that the station has kept of its devices and of readiness, as text. */
async function keptText({ folder }: StationFixture): Promise<{ reports: string[]; all: string }> {
  const db = openFixtureDb(folder)
  const reports = db.sql
    .prepare<[], { body: string }>("SELECT body FROM bulk_outbox WHERE type = 'readiness-reported'")
    .all()
    .map(({ body }) => body)
  const changes = db.sql.prepare<[], { change: string }>('SELECT change FROM device_change').all()
  await db.close()
  return { reports, all: [...reports, ...changes.map(({ change }) => change)].join('\n') }
}

test('a run prints a test slip, takes the scan for itself, ends by itself, and its report waits for the centre', async () => {
  const booking = fixtureBooking(Date.now(), 1)
  const ups = await startSimUps({ port: 0, upsName: 'ups', now: Date.now })
  cleanups.push(() => ups.stop())
  const fixture = await start([booking], {
    devices: { ups: { deviceId: 'ups', link: { kind: 'tcp', host: '127.0.0.1', port: ups.port }, upsName: 'ups' } },
  })
  const heard = await openPage(fixture)
  const begun = await begin(fixture)
  expect(begun).toMatchObject({ running: true, verdict: 'incomplete' })
  await until(async () =>
    expect(await points(fixture)).toMatchObject({ 'printer test-print': 'passed', 'ups mains': 'passed' }),
  )
  expect(slips(fixture)).toEqual([expect.stringContaining('打印测试')])
  expect(slips(fixture)[0]).toContain('不是凭条')
  fixture.scanner.scan(fixtureQr(booking))
  await until(async () =>
    expect(await fixture.client.readiness.view()).toMatchObject({ verdict: 'ready', running: false }),
  )
  expect(heard.map(([name]) => name)).not.toContain('scan-received')
  const pushed = () =>
    heard.filter(([name]) => name === 'readiness-changed').map(([, report]) => readinessReport.parse(report))
  await until(() => expect(pushed().at(-1)?.receiptNumber).toMatch(/^\d{15}$/))
  const told = pushed().at(-1)
  expect(told).toMatchObject({ verdict: 'ready', running: false })
  expect(isReceiptNumber(told?.receiptNumber ?? '')).toBe(true)
  expect(await fixture.client.readiness.print({ operationId: randomUUID() })).toEqual(told)
  expect(slips(fixture).at(-1)).toContain(groupReceiptNumber(told?.receiptNumber ?? 'none'))
  fixture.scanner.scan(fixtureQr(fixtureBooking(Date.now(), 2)))
  await until(() => expect(heard.map(([name]) => name)).toContain('scan-received'))
  await fixture.station.stop()
  const { reports } = await keptText(fixture)
  expect(reports.map((body) => readinessReport.parse(JSON.parse(body)))).toEqual([told])
  await startAgain(fixture)
})

test('nothing of any patient is in the report or among the device changes', async () => {
  const booking = fixtureBooking(Date.now(), 4711)
  const fixture = await start([booking])
  const { sessionId, ticket } = await checkInTyped(fixture.client, booking)
  fixture.printer.body.setPaper(0)
  await until(async () => expect((await fixture.client.station.view()).printer?.reasons).toContain('paper-out'))
  await fixture.client.checkIn.end({ sessionId })
  await begin(fixture)
  fixture.scanner.scan(fixtureQr(booking))
  await until(async () => expect(await points(fixture)).toMatchObject({ 'scanner scan': 'passed' }))
  await fixture.client.readiness.end()
  await fixture.station.stop()
  const { reports, all } = await keptText(fixture)
  expect(reports).toHaveLength(1)
  expect(all).toContain('paper-out')
  for (const secret of [
    booking.patientName,
    booking.code,
    booking.bookingId,
    booking.patientKey,
    booking.phoneLast4 ?? '?',
    ticket.queueNumber,
    sessionId,
    fixtureQr(booking).slice(0, 20),
  ]) {
    expect(all.includes(`"${secret}`), secret).toBe(false)
    expect(secret.length > 6 && all.includes(secret), secret).toBe(false)
  }
  await startAgain(fixture)
})

test('the same start answers the same run; another one within half a minute has to wait; ending leaves open what nobody did', async () => {
  const fixture = await start()
  const operationId = randomUUID()
  const { reportId } = await begin(fixture, operationId)
  expect(await begin(fixture, operationId)).toMatchObject({ reportId })
  const { error } = await safe(begin(fixture))
  expect(isDefinedError(error) && error.code === 'tested-just-now' && error.data.retryAfterMs).toBeGreaterThan(20_000)
  await until(async () => expect(await points(fixture)).toMatchObject({ 'printer test-print': 'passed' }))
  expect(await fixture.client.readiness.end()).toMatchObject({ running: false, verdict: 'incomplete' })
  expect(await points(fixture)).toMatchObject({ 'scanner scan': 'not-done' })
  clockAheadMs = 30_000
  expect((await begin(fixture)).reportId).not.toBe(reportId)
  await until(() => expect(slips(fixture)).toHaveLength(2))
})

test('no run begins while a patient is served', async () => {
  const booking = fixtureBooking(Date.now(), 1)
  const fixture = await start([booking])
  const { sessionId } = await checkInTyped(fixture.client, booking)
  const { error } = await safe(begin(fixture))
  expect(isDefinedError(error) && error.code).toBe('session-running')
  await fixture.client.checkIn.end({ sessionId })
  expect(await begin(fixture)).toMatchObject({ running: true })
})

test('a ticket that is printed right behind a test slip is proved by its own cut', async () => {
  const booking = fixtureBooking(Date.now(), 1)
  const fixture = await start([booking], { speedMmPerS: 100 })
  await begin(fixture)
  await until(() => expect(fixture.printer.view().printing).toBe(true))
  const { sessionId, ticket } = await checkInTyped(fixture.client, booking)
  const ask = { sessionId, bookingId: booking.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  await until(async () => expect((await fixture.client.checkIn.commit(ask)).print?.state).toBe('confirmed'))
  const printed = slips(fixture)
  expect(printed).toHaveLength(2)
  expect(printed[0]).toContain('打印测试')
  expect(printed[1]).toContain(ticket.queueNumber)
})

test('a test slip that a restart broke off is closed by a void slip before the next ticket', async () => {
  const booking = fixtureBooking(Date.now(), 1)
  const fixture = await start([booking], { speedMmPerS: 20 })
  await begin(fixture)
  await until(() => expect(fixture.printer.view().printing).toBe(true))
  await fixture.station.stop()
  fixture.printer.body.setSpeed(5000)
  await startAgain(fixture)
  const { ticket } = await checkInTyped(fixture.client, booking)
  await until(() => expect(slips(fixture).at(-1)).toContain(ticket.queueNumber))
  const [voided] = slips(fixture).slice(-2)
  expect(voided).toContain('作废')
})

test('without paper the test slip fails by the printer’s own word, and the report cannot be printed until there is some', async () => {
  const fixture = await start()
  const print = (operationId: string = randomUUID()) => safe(fixture.client.readiness.print({ operationId }))
  expect((await print()).error).toMatchObject({ code: 'report-missing' })
  fixture.printer.body.setPaper(0)
  await until(async () => expect((await fixture.client.station.view()).printer?.phase).toBe('fault'))
  await begin(fixture)
  expect(await points(fixture)).toMatchObject({
    'printer found': 'passed',
    'printer answers': 'passed',
    'printer test-print': 'paper-out',
  })
  expect((await print()).error).toMatchObject({ code: 'printer-not-ready' })
  fixture.printer.body.setPaper(10_000)
  await until(async () => expect((await fixture.client.station.view()).printer?.phase).toBe('ready'))
  const operationId = randomUUID()
  expect((await print(operationId)).data).toMatchObject({ verdict: 'not-ready' })
  expect((await print(operationId)).error).toBeNull()
  const printed = slips(fixture)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toMatch(/就绪检查[\s\S]*未就绪[\s\S]*NOT READY[\s\S]*缺纸[\s\S]*no paper/)
  // No test slip was printed, so the next run need not wait for one.
  await begin(fixture)
  await until(async () => expect(await points(fixture)).toMatchObject({ 'printer test-print': 'passed' }))
  expect(slips(fixture)).toHaveLength(2)
})

test('a device that is switched off by configuration has no process, says so, and is not checked', async () => {
  const fixture = await start([], {
    devices: { scanner: { deviceId: 'scanner', disabled: true, link: { kind: 'tcp', host: '127.0.0.1', port: 9 } } },
  })
  expect((await fixture.client.station.view()).scanner).toMatchObject({ phase: 'disabled', reasons: [] })
  const { devices } = await begin(fixture)
  expect(devices.find(({ kind }) => kind === 'scanner')).toEqual({ deviceId: 'scanner', kind: 'scanner', points: [] })
  await until(async () =>
    expect(await fixture.client.readiness.view()).toMatchObject({ verdict: 'ready', running: false }),
  )
})

test('a printer that is switched off leaves the screen the number', async () => {
  const booking = fixtureBooking(Date.now(), 1)
  const link = { kind: 'tcp', host: '127.0.0.1', port: 9 } as const
  clockAheadMs = 0
  const fixture = await startStationFixture([...fixtureStructure(), bookingChange(booking)], {
    now,
    devices: { printer: { deviceId: 'printer', disabled: true, profile: 'epson-80', link } },
  })
  cleanups.push(() => fixture.stop())
  const { ticket } = await checkInTyped(fixture.client, booking)
  expect(ticket).toMatchObject({ queueNumber: 'A001', print: { state: 'queued', reason: 'link-lost' } })
})

test('a run starts the devices anew that had been set aside, and no others', async () => {
  const restarted: string[] = []
  const device = (deviceId: string, reasons: DeviceHealth['reasons']) => ({
    health: (): DeviceHealth => ({ deviceId, kind: 'card-reader', phase: 'fault', reasons, since: 0, seq: 1 }),
    restart: () => void restarted.push(deviceId),
  })
  const devices = [device('set-aside', ['quarantined']), device('unplugged', ['link-lost'])]
  const readiness = openReadiness({
    ...idleDeps,
    healths: () => devices.map((one) => one.health()),
    restartQuarantined: () => restartQuarantined(devices),
  })
  expect(readiness.start(randomUUID()).ok).toBe(true)
  expect(restarted).toEqual(['set-aside'])
  await readiness.stop()
})

test('half a scan proves nothing, and a card of an unknown kind proves the reader', async () => {
  const health: DeviceHealth = { deviceId: 'one', kind: 'card-reader', phase: 'ready', reasons: [], since: 0, seq: 1 }
  const credentials = routeCredentials(() => expect.unreachable('the run has claimed it'))
  const scanner = { ...health, deviceId: 'two', kind: 'scanner' as const }
  const readiness = openReadiness({ ...idleDeps, credentials, healths: () => [health, scanner] })
  readiness.start(randomUUID())
  const results = () => readiness.view()?.devices.map(({ points: its }) => its.at(-1)?.result)
  const readingId = randomUUID()
  credentials.take({ kind: 'card', deviceId: 'one', news: { kind: 'card-inserted', readingId } })
  credentials.take({
    kind: 'card',
    deviceId: 'one',
    news: { kind: 'card-refused', readingId, problem: 'removed-early' },
  })
  credentials.take({ kind: 'scan', deviceId: 'two', scan: { ok: false, refusal: 'too-long' } })
  credentials.take({ kind: 'scan', deviceId: 'one', scan: { ok: true, text: 'X' } })
  expect(results()).toEqual(['waiting', 'waiting'])
  credentials.take({
    kind: 'card',
    deviceId: 'one',
    news: { kind: 'card-refused', readingId, problem: 'unknown-card' },
  })
  expect(results()).toEqual(['passed', 'waiting'])
  await readiness.stop()
})
