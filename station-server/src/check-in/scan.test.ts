import { randomUUID } from 'node:crypto'
import { safe } from '@orpc/client'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureIds, fixtureQr, fixtureStructure } from '../fixture/demo-rows.ts'
import { type StationFixture, startStationFixture } from '../fixture/station-fixture.ts'

const known = fixtureBooking(Date.now(), 1)
const unknown = fixtureBooking(Date.now(), 2)
let fixture: StationFixture
let socket: Socket

beforeAll(async () => {
  fixture = await startStationFixture([...fixtureStructure(), bookingChange(known)])
  const { url } = fixture.station
  socket = io(url, { transports: ['websocket'], extraHeaders: { cookie: fixture.cookie, origin: url } })
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
  await vi.waitFor(async () => expect((await fixture.client.station.view()).scanner?.phase).toBe('ready'), patienceMs)
})
afterAll(async () => {
  // The screen stays connected on purpose: stopping must not wait for it.
  await fixture.stop()
  socket.close()
})

async function scan(text: string): Promise<string> {
  const pushed = new Promise<{ scanId: string }>((resolve) => socket.once('scan-received', resolve))
  fixture.scanner.scan(text)
  return (await pushed).scanId
}

const identify = (scanId: string) =>
  safe(fixture.client.checkIn.identify({ sessionId: randomUUID(), credential: { kind: 'scanned', scanId } }))

test('a scanned booking QR needs no second item, and its handle works once', async () => {
  const scanId = await scan(fixtureQr(known))
  expect((await identify(scanId)).data?.appointments).toMatchObject([{ bookingId: known.bookingId, maskedName: '张*' }])
  expect((await identify(scanId)).error).toMatchObject({ code: 'scan-gone' })
})

test('a signed QR vouches for a booking that the station does not know yet, without a name', async () => {
  const sessionId = randomUUID()
  const scanId = await scan(fixtureQr(unknown))
  const { appointments } = await fixture.client.checkIn.identify({ sessionId, credential: { kind: 'scanned', scanId } })
  expect(appointments).toMatchObject([{ bookingId: unknown.bookingId, maskedName: '', standing: 'on-time' }])
  const ask = { sessionId, bookingId: unknown.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  expect(await fixture.client.checkIn.commit(ask)).toMatchObject({ queueNumber: 'A001', already: false })
})

test('a QR that nobody of the hospital signed is refused', async () => {
  const text = fixtureQr(fixtureBooking(Date.now(), 3, { clinicId: fixtureIds.otherClinic }))
  const forged = `${text.slice(0, 30)}${text[30] === 'Q' ? 'R' : 'Q'}${text.slice(31)}`
  expect((await identify(await scan(forged))).error).toMatchObject({ code: 'booking-qr-forged' })
  expect((await identify(await scan('HELLO WORLD'))).error).toMatchObject({ code: 'scan-unreadable' })
  expect((await identify(await scan(known.code))).error).toMatchObject({ code: 'scan-unreadable' })
})

test('garbage from the scanner is told in a word and disturbs nothing', async () => {
  const refused = () => new Promise<{ refusal: string }>((resolve) => socket.once('scan-refused', resolve))
  const tooLong = refused()
  fixture.scanner.scan('9'.repeat(5000))
  expect(await tooLong).toEqual({ refusal: 'too-long' })
  const controls = refused()
  fixture.scanner.send(Buffer.from([0x1d, 0x56, 0x00, 0x41, 0x0d]))
  expect(await controls).toEqual({ refusal: 'control-characters' })
  expect((await identify(await scan(fixtureQr(known)))).data?.appointments).toHaveLength(1)
})
