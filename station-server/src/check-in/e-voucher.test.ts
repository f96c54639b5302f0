import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { safe } from '@orpc/client'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  bookingChange,
  fixtureBooking,
  fixtureCardHash,
  fixtureIdNumber,
  fixtureQr,
  fixtureStructure,
} from '../fixture/demo-rows.ts'
import { connectScreen, type ScreenSocket } from '../fixture/screen-socket.ts'
import { type StationFixture, startStationFixture } from '../fixture/station-fixture.ts'
import { decoderConfig } from '../station-config.ts'

// The answers of a middleware as the platform's interface for hospitals describes `ec.query`; the voucher's text is made up.
const idNumber = fixtureIdNumber(1)
const cardHashes = [fixtureCardHash({ kind: 'id-number', value: idNumber })]
const booking = fixtureBooking(Date.now(), 1, { cardHashes })
const voucher = '1Q7fVOUCHERofNOBODY00000000000000000000000000000000000000000001'
const timeoutMs = 400

type Answer = (request: unknown, response: ServerResponse) => void
const saying = (body: unknown): Answer => {
  return (_request, response) => response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
const ofHolder = saying({
  code: 0,
  message: '成功',
  data: { idNo: idNumber, userName: '张䶮', ecToken: 'x'.repeat(64) },
})

let answer: Answer = ofHolder
const asked: unknown[] = []
const logged: string[] = []
let fixture: StationFixture
let screen: ScreenSocket
const middleware = createServer((request: IncomingMessage, response) => {
  void text(request).then((body) => {
    asked.push(JSON.parse(body))
    answer(asked.at(-1), response)
  })
})

beforeAll(async () => {
  middleware.listen(0, '127.0.0.1')
  await once(middleware, 'listening')
  const note = (record: object, words: string) => logged.push(JSON.stringify([record, words]))
  const { port } = middleware.address() as AddressInfo
  fixture = await startStationFixture([...fixtureStructure(), bookingChange(booking)], {
    log: { info: note, warn: note, error: note },
    decoder: decoderConfig.parse({
      url: `http://127.0.0.1:${port}/ec`,
      organisationId: 'H99000000001',
      operatorId: 'kiosk-k',
      timeoutMs,
      words: { also: { deviceType: 'SelfService' } },
    }),
  })
  screen = await connectScreen(fixture.station.url, fixture.cookie)
  await vi.waitFor(async () => expect((await fixture.client.station.view()).scanner?.phase).toBe('ready'), patienceMs)
})
afterAll(async () => {
  screen.close()
  await fixture.stop()
  middleware.closeAllConnections()
  middleware.close()
})
beforeEach(() => {
  answer = ofHolder
  asked.length = 0
})

let scans = 0
/** Scans a text that was not scanned just before, for the scanner's driver drops repeats, and identifies with it. */
async function identify(code = `${voucher}${++scans}`) {
  const pushed = screen.next('scan-received')
  fixture.scanner.scan(code)
  const { scanId } = await pushed
  return await safe(
    fixture.client.checkIn.identify({ sessionId: randomUUID(), credential: { kind: 'scanned', scanId } }),
  )
}

test('the holder of a medical-insurance e-voucher is found by the ID number that the middleware tells', async () => {
  const { data } = await identify('VOUCHER-ONE')
  expect(data?.appointments).toMatchObject([{ bookingId: booking.bookingId, maskedName: '张*', standing: 'on-time' }])
  const data2 = { orgId: 'H99000000001', businessType: '01101', operatorId: 'kiosk-k', deviceType: 'SelfService' }
  expect(asked).toEqual([{ transType: 'ec.query', orgId: 'H99000000001', data: { ...data2, ecQrCode: 'VOUCHER-ONE' } }])
})

test('a booking QR of our own is never sent to the middleware', async () => {
  expect((await identify(fixtureQr(booking))).data?.appointments).toHaveLength(1)
  expect(asked).toEqual([])
})

test('a holder without a booking, and a code that the middleware does not take, are told apart', async () => {
  answer = saying({ code: '0', data: { idNo: fixtureIdNumber(2), userName: '李一' } })
  expect((await identify()).error).toMatchObject({ code: 'booking-unknown' })
  answer = saying({ code: -1, message: '二维码已过期', data: null })
  expect((await identify()).error).toMatchObject({ code: 'scan-unreadable' })
  answer = saying({ code: 0, data: { idNo: 'E12345678', userName: 'MARY' } })
  expect((await identify()).error).toMatchObject({ code: 'scan-unreadable' })
})

test.each<[string, Answer]>([
  ['says nothing', () => undefined],
  ['fails', (_request, response) => response.writeHead(500).end()],
  ['talks nonsense', saying('<html>')],
  ['answers without a code', saying({ data: { idNo: idNumber } })],
  ['answers without an end', (_request, response) => response.write('"'.padEnd(100_000, 'x'))],
  ['sends elsewhere', (_request, response) => response.writeHead(307, { location: '/other' }).end()],
])('a middleware that %s is told as unreachable, and other ways stay open', async (_how, how) => {
  answer = how
  expect((await identify()).error).toMatchObject({ code: 'decoder-unreachable' })
  expect(asked).toHaveLength(1)
  expect((await identify(fixtureQr(booking))).data?.appointments).toHaveLength(1)
})

test('neither code nor ID number stands in any line of the log', () => {
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.filter((line) => line.includes('VOUCHER') || line.includes(idNumber))).toEqual([])
})

test('a session that was ended while the middleware was asked stays ended: nobody is identified in it any more', async () => {
  answer = (request, response) => setTimeout(() => ofHolder(request, response), timeoutMs / 2)
  const pushed = screen.next('scan-received')
  fixture.scanner.scan(voucher)
  const { scanId } = await pushed
  const sessionId = randomUUID()
  const identifying = safe(fixture.client.checkIn.identify({ sessionId, credential: { kind: 'scanned', scanId } }))
  await vi.waitFor(() => expect(asked).toHaveLength(1), patienceMs)
  await fixture.client.checkIn.end({ sessionId })
  await identifying
  const ask = { sessionId, bookingId: booking.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  expect((await safe(fixture.client.checkIn.commit(ask))).error).toMatchObject({ code: 'session-over' })
})
