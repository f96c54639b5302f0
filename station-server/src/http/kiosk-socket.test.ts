import { createServer } from 'node:http'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureQr, fixtureStructure } from '../fixture/demo-rows.ts'
import { connectScreen } from '../fixture/screen-socket.ts'
import { type StationFixture, startStationFixture } from '../fixture/station-fixture.ts'
import { openKioskSocket } from './kiosk-socket.ts'
import { closeServer, listenOnLoopback } from './listening.ts'
import { loopbackHosts } from './loopback-guard.ts'

const known = fixtureBooking(Date.now(), 1)
let fixture: StationFixture
const pages: Socket[] = []

beforeAll(async () => {
  fixture = await startStationFixture([...fixtureStructure(), bookingChange(known)])
  await vi.waitFor(async () => expect((await fixture.client.station.view()).scanner?.phase).toBe('ready'), patienceMs)
})
afterAll(async () => {
  for (const page of pages) page.close()
  await fixture.stop()
})

async function openPage() {
  const { url } = fixture.station
  const heard: string[] = []
  const page = io(url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: fixture.cookie, origin: url },
  })
  page.onAny((name: string) => heard.push(name))
  pages.push(page)
  await new Promise<void>((resolve) => page.once('connect', () => resolve()))
  return { page, heard, scans: () => heard.filter((name) => name === 'scan-received').length }
}

test('of two open pages the one that was opened last gets the scan, and when it goes the other has it again', async () => {
  const first = await openPage()
  const second = await openPage()
  fixture.scanner.scan(fixtureQr(known))
  await vi.waitFor(() => expect(second.scans()).toBe(1), patienceMs)
  fixture.printer.body.setPaper(0)
  // The first page may have heard of an earlier change, before the second was there: each is waited for.
  for (const page of [first, second]) {
    await vi.waitFor(() => expect(page.heard).toContain('station-changed'), patienceMs)
  }
  expect(first.scans()).toBe(0)
  second.page.close()
  // The scanner's own rule: the same code within 1.5 s is one scan.
  await vi.waitFor(
    () => {
      fixture.scanner.scan(fixtureQr(fixtureBooking(Date.now(), 2)))
      expect(first.scans()).toBeGreaterThan(0)
    },
    { timeout: patienceMs, interval: 200 },
  )
})

test('a page that has lost the devices to another hears all the same that its card is out', async () => {
  const server = createServer()
  const port = await listenOnLoopback(server, 0)
  const gate = { admits: () => true, redeem: () => null }
  const socket = openKioskSocket(server, gate, () => loopbackHosts(port))
  const screens = [
    await connectScreen(`http://127.0.0.1:${port}`, ''),
    await connectScreen(`http://127.0.0.1:${port}`, ''),
  ]
  const heard = screens.map((screen) => screen.next('card-removed'))
  socket.push('card-removed', { readingId: 'forgotten' })
  expect(await Promise.all(heard)).toEqual([{ readingId: 'forgotten' }, { readingId: 'forgotten' }])
  for (const screen of screens) screen.close()
  socket.close()
  await closeServer(server)
})

test('a page whose station stopped in good order connects again by itself once the station is back', async () => {
  const gate = { admits: () => true, redeem: () => null }
  const first = createServer()
  const port = await listenOnLoopback(first, 0)
  const stopped = openKioskSocket(first, gate, () => loopbackHosts(port))
  const url = `http://127.0.0.1:${port}`
  const page = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    extraHeaders: { origin: url },
  })
  pages.push(page)
  await new Promise<void>((resolve) => page.once('connect', () => resolve()))
  const gone = new Promise<void>((resolve) => page.once('disconnect', () => resolve()))
  stopped.close()
  await closeServer(first)
  await gone
  const second = createServer()
  await listenOnLoopback(second, port)
  const back = openKioskSocket(second, gate, () => loopbackHosts(port))
  await vi.waitFor(() => expect(page.connected).toBe(true), patienceMs)
  page.close()
  back.close()
  await closeServer(second)
})
