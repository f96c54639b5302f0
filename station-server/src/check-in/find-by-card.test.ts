import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import type { FeedChange } from '@yizhan/contracts/sync'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { lendPty } from '@yizhan/device-drivers/sim/lent-pty'
import type { SimCard } from '@yizhan/device-drivers/sim/sim-card'
import { plainIdCard } from '@yizhan/device-drivers/sim/sim-id-card'
import { type SimIdReader, startSimIdReader } from '@yizhan/device-drivers/sim/sim-id-reader'
import { type SimPcscd, startSimPcscd } from '@yizhan/device-drivers/sim/sim-pcscd'
import { contactlessCard, hospitalCard, socialSecurityCard, unknownCard } from '@yizhan/device-drivers/sim/virtual-card'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  bookingChange,
  fixtureBooking,
  fixtureCardHash,
  fixtureIdNumber,
  fixtureStructure,
} from '../fixture/demo-rows.ts'
import { connectScreen, type ScreenSocket } from '../fixture/screen-socket.ts'
import { type StationFixture, startAgain, startStationFixture } from '../fixture/station-fixture.ts'
import { openFixtureDb } from '../fixture/station-folder.ts'
import { purge } from '../station/purge.ts'
import { applyFeedChange } from '../sync/feed-changes.ts'

const dayMs = 86_400_000
const reader = 'Sim Reader 00 00'
const now = Date.now()
const [zhang, wang, li, nobody] = [1, 2, 3, 4].map((order) => fixtureIdNumber(order)) as [
  string,
  string,
  string,
  string,
]
const hashOf = (idNumber: string) => fixtureCardHash({ kind: 'id-number', value: idNumber })

const ofZhang = fixtureBooking(now, 1, { cardHashes: [hashOf(zhang)] })
const firstOfWang = fixtureBooking(now, 2, {
  patientName: '王小明',
  cardHashes: [hashOf(wang), fixtureCardHash({ kind: 'card-number', value: '90000102' })],
})
// Made at the desk without any card at hand; the person is the same.
const secondOfWang = fixtureBooking(now, 3, { patientName: '王小明', patientKey: firstOfWang.patientKey })
const cancelledOfWang = fixtureBooking(now, 4, {
  patientName: '王小明',
  patientKey: firstOfWang.patientKey,
  state: 'cancelled',
})
const tomorrowOfLi = fixtureBooking(now + dayMs, 5, { patientName: '李一一', cardHashes: [hashOf(li)] })
const ofChip = fixtureBooking(now, 6, {
  patientName: '赵示例',
  cardHashes: [fixtureCardHash({ kind: 'card-uid', value: '04D3E000000104' })],
})

let folder: string
let pcscd: SimPcscd
let idReader: SimIdReader
let line: Awaited<ReturnType<typeof lendPty>>
let fixture: StationFixture
let screen: ScreenSocket
const logged: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yz-cards-'))
  pcscd = await startSimPcscd({ socketPath: join(folder, 'pcscd.comm') })
  pcscd.attachReader(reader)
  line = await lendPty()
  idReader = startSimIdReader({ pty: line.pty, now: Date.now })
  const bookings = [ofZhang, firstOfWang, secondOfWang, cancelledOfWang, tomorrowOfLi, ofChip]
  const note = (record: object, words: string) => logged.push(JSON.stringify([record, words]))
  fixture = await startStationFixture([...fixtureStructure(), ...bookings.map(bookingChange)], {
    log: { info: note, warn: note, error: note },
    devices: {
      cardReader: { deviceId: 'cards', backend: 'direct', socketPath: pcscd.socketPath },
      idReader: { deviceId: 'id-cards', link: { kind: 'serial', path: line.pty.path, baudRate: 115_200 } },
    },
  })
  screen = await connectScreen(fixture.station.url, fixture.cookie)
  await vi.waitFor(async () => {
    const { cardReader, idReader: ids, scanner } = await fixture.client.station.view()
    expect([cardReader?.phase, ids?.phase, scanner?.phase]).toEqual(['ready', 'ready', 'ready'])
  }, patienceMs)
})
afterAll(async () => {
  screen.close()
  await fixture.stop()
  await pcscd.stop()
  await idReader.stop()
  await line.giveBack()
  rmSync(folder, { recursive: true })
})

async function read(putIn: () => void): Promise<string> {
  const pushed = screen.next('card-read')
  putIn()
  return (await pushed).cardId
}

async function readInReader(card: SimCard): Promise<string> {
  const cardId = await read(() => pcscd.insert(reader, card))
  const removed = screen.next('card-removed')
  pcscd.remove(reader)
  await removed
  return cardId
}

const securityCard = (idNumber: string) =>
  socialSecurityCard({ idNumber, name: '张三', birthDate: '19870315', cardNumber: 'D00000101' })

async function identify(cardId: string, sessionId: string = randomUUID()) {
  return await safe(fixture.client.checkIn.identify({ sessionId, credential: { kind: 'card', cardId } }))
}

test('a patient puts the social-security card in, sees the masked name, and checks in with one tap', async () => {
  const inserted = screen.next('card-inserted')
  const cardId = await read(() => pcscd.insert(reader, securityCard(zhang)))
  expect((await inserted).readingId).toMatch(/^[0-9a-f-]{36}$/)
  const sessionId = randomUUID()
  const { data } = await identify(cardId, sessionId)
  expect(data?.appointments).toMatchObject([{ bookingId: ofZhang.bookingId, maskedName: '张*', standing: 'on-time' }])
  const ask = { sessionId, bookingId: ofZhang.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  expect(await fixture.client.checkIn.commit(ask)).toMatchObject({ queueNumber: 'A001', already: false })
  const removed = screen.next('card-removed')
  pcscd.remove(reader)
  await removed
})

test('the ID card of the same person finds the same booking, which is checked in', async () => {
  const card = { ...plainIdCard, idNumber: zhang, birthDate: '19870315' }
  const cardId = await read(() => idReader.placeCard(card))
  idReader.takeCard()
  expect((await identify(cardId)).data?.appointments).toMatchObject([
    { bookingId: ofZhang.bookingId, standing: 'checked-in', queueNumber: 'A001' },
  ])
})

test('a card shows all of a person’s appointments of today, also those made without it, none that was cancelled', async () => {
  const { data } = await identify(await readInReader(hospitalCard({ cardNumber: '90000102' })))
  const found = data?.appointments.map(({ bookingId }) => bookingId).sort()
  expect(found).toEqual([firstOfWang.bookingId, secondOfWang.bookingId].sort())
})

test('an appointment on another day is told as such', async () => {
  const { data } = await identify(await readInReader(securityCard(li)))
  expect(data?.appointments).toMatchObject([{ bookingId: tomorrowOfLi.bookingId, standing: 'other-day' }])
})

test('the number of a contactless chip finds a booking that names it', async () => {
  const { data } = await identify(await readInReader(contactlessCard({ uid: '04D3E000000104' })))
  expect(data?.appointments).toMatchObject([{ bookingId: ofChip.bookingId }])
})

test('a card without a booking is told so, costs no try, and its handle works once', async () => {
  const cardId = await readInReader(securityCard(nobody))
  expect((await identify(cardId)).error).toMatchObject({ code: 'booking-unknown', data: { triesLeft: 5 } })
  expect((await identify(cardId)).error).toMatchObject({ code: 'card-gone' })
})

test('a scan or another card takes the place of the card before it', async () => {
  const first = await readInReader(securityCard(wang))
  const second = await readInReader(securityCard(wang))
  expect((await identify(first)).error).toMatchObject({ code: 'card-gone' })
  const scanned = screen.next('scan-received')
  fixture.scanner.scan('ANY TEXT')
  await scanned
  expect((await identify(second)).error).toMatchObject({ code: 'card-gone' })
})

test('a card of no kind that the hospital takes is refused in a word', async () => {
  const refused = screen.next('card-refused')
  pcscd.insert(reader, unknownCard())
  expect(await refused).toMatchObject({ problem: 'unknown-card' })
  pcscd.remove(reader)
})

test('after all of this no number of any card stands in the database, in the log, or in any file', async () => {
  await fixture.station.stop()
  const db = openFixtureDb(fixture.folder)
  const tables = db.sql.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const rows = tables.flatMap(({ name }) => db.sql.prepare(`SELECT * FROM "${name}"`).all())
  await db.close()
  const files = readdirSync(fixture.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  const everything = [JSON.stringify(rows), ...logged, ...bytes]
  expect(rows.length).toBeGreaterThan(10)
  expect(JSON.stringify(rows)).toContain(hashOf(zhang))
  for (const number of [zhang, wang, li, nobody, '90000102', 'D00000101', '04D3E000000104'])
    expect(everything.filter((text) => text.includes(number)).length, number).toBe(0)
  await startAgain(fixture)
})

test('the hashes of a card go with their booking: replaced, taken back by the feed, or purged', async () => {
  const db = openFixtureDb(mkdtempSync(join(folder, 'purge-')))
  const kept = () =>
    db.sql
      .prepare<[], { card_hash: string }>('SELECT card_hash FROM booking_card')
      .all()
      .map((row) => row.card_hash)
      .sort()
  const feed = (change: FeedChange) => db.transact((sql) => applyFeedChange(sql, change, 0))
  await feed(bookingChange(firstOfWang))
  await feed(bookingChange(ofZhang))
  expect(kept()).toEqual([...firstOfWang.cardHashes, ...ofZhang.cardHashes].sort())
  await feed(bookingChange({ ...firstOfWang, cardHashes: [hashOf(li)], version: 2 }))
  expect(kept()).toEqual([hashOf(li), ...ofZhang.cardHashes].sort())
  await feed({ kind: 'booking', key: firstOfWang.bookingId, op: 'del' })
  expect(kept()).toEqual(ofZhang.cardHashes)
  const { cardHashes: _none, ...ofEarlierRelease } = ofChip
  expect(await feed({ kind: 'booking', key: ofChip.bookingId, op: 'put', row: ofEarlierRelease })).toBe(true)
  expect(kept()).toEqual(ofZhang.cardHashes)
  await purge(db, ofZhang.slotEnd + 35 * 3_600_000)
  expect(kept()).toEqual(ofZhang.cardHashes)
  await purge(db, ofZhang.slotEnd + 37 * 3_600_000)
  expect(kept()).toEqual([])
  await db.close()
})
