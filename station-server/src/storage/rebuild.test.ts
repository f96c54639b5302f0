import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stationEvents } from '@yizhan/contracts/sync'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertAttachment, readAttachmentIds } from '../attachment/attachment-store.ts'
import { appendToOutbox, markAcknowledged, readOutboxHead, readUnsent } from '../sync/outbox.ts'
import { readMeta, writeMeta } from './meta.ts'
import { writeOutboxCopy } from './outbox-copy.ts'
import { dropQuarantine, markCorrupt, openOrRebuild } from './rebuild.ts'
import type { StationDb } from './station-db.ts'
import { openWitnessFile } from './witness-file.ts'

const key = randomBytes(32)
const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
let folder: string
const place = () => ({
  folder,
  copyFolder: join(folder, 'copy'),
  key,
  migrationsFolder,
  now: Date.now,
  onCorrupt: () => undefined,
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-rebuild-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Fills a station's outbox with so many arrivals, the first `acked` of them acknowledged; answers all their ids. */
async function fill(count: number, acked = 0): Promise<string[]> {
  const { db } = openOrRebuild(place())
  await db.transact((sql) => {
    writeMeta(sql, 'site-id', 'a-site')
    for (let n = 1; n <= count; n += 1) {
      const bookingId = uuidV7(n, randomBytes(10))
      const body = { bookingId, clinicId: bookingId, day: '2026-11-21', queueNumber: `A${n}`, arrivedAt: n }
      appendToOutbox(sql, { type: 'patient-arrived', body: { ...body, standing: 'on-time', knownBy: 'feed' } }, n)
    }
    markAcknowledged(sql, 'ops', acked, 1)
  })
  const ids = db.sql.prepare<[], { id: string }>('SELECT event_id AS id FROM outbox ORDER BY local_id').all()
  await db.close()
  return ids.map(({ id }) => id)
}

/** The arrivals that wait to be sent, in order; the alarm of the rebuild is not among them. */
function arrivals({ sql }: StationDb) {
  return readUnsent(sql, 'ops', 1000).filter(({ type }) => type === 'patient-arrived')
}

function flipByte(at: number): void {
  const path = join(folder, 'station.db')
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
  writeFileSync(path, bytes)
}

/** The pages of the outbox's tree above its leaves; damage there hides more than one page of events. */
const treePages = 12

test('one flipped bit in any page is noticed at the start; what still reads goes on in a new epoch without a gap', async () => {
  const written = await fill(200, 20)
  const whole = readFileSync(join(folder, 'station.db'))
  const kept: number[] = []
  for (let page = 0; page < whole.length / 1024; page += 1) {
    writeFileSync(join(folder, 'station.db'), whole)
    flipByte(page * 1024 + 500)
    const { db, rebuilt } = openOrRebuild(place())
    expect(rebuilt, `page ${page}`).not.toBeNull()
    const events = arrivals(db)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1))
    const ids = events.map(({ eventId }) => eventId)
    expect(written.filter((id) => ids.includes(id))).toEqual(ids)
    expect(readOutboxHead(db.sql, 'ops').epoch).toBeGreaterThan(1)
    kept.push(ids.length)
    await db.close()
    rmSync(join(folder, 'station.db-wal'), { force: true })
  }
  // A leaf of a kilobyte holds three events at most.
  expect(kept.filter((count) => count < written.length - 3).length).toBeLessThan(treePages)
})

test('with the second copy a flipped bit in any page loses no unsent event', async () => {
  const written = await fill(120)
  const { db: before } = openOrRebuild(place())
  await writeOutboxCopy(before, join(folder, 'copy'), key)
  await before.close()
  const whole = readFileSync(join(folder, 'station.db'))
  for (let page = 0; page < whole.length / 1024; page += 1) {
    writeFileSync(join(folder, 'station.db'), whole)
    flipByte(page * 1024 + 900)
    const { db } = openOrRebuild(place())
    expect(
      arrivals(db).map(({ eventId }) => eventId),
      `page ${page}`,
    ).toEqual(written)
    await db.close()
    rmSync(join(folder, 'station.db-wal'), { force: true })
  }
})

test('cards of a booking that could not be read do not keep the rest from being rebuilt', async () => {
  const { db: before } = openOrRebuild(place())
  await before.transact((sql) => {
    const put = sql.prepare(
      'INSERT INTO booking (booking_id, code, patient_key, slot_end, row, generation) VALUES (?, ?, ?, 0, ?, 1)',
    )
    for (let n = 1; n <= 60; n += 1) {
      put.run(`booking ${n}`, `${n}`, `${n}`, 'row '.repeat(20))
      sql.prepare('INSERT INTO booking_card (card_hash, booking_id) VALUES (?, ?)').run(`card ${n}`, `booking ${n}`)
    }
  })
  await before.close()
  const whole = readFileSync(join(folder, 'station.db'))
  let orphaned = 0
  for (let page = 1; page < whole.length / 1024; page += 1) {
    writeFileSync(join(folder, 'station.db'), whole)
    flipByte(page * 1024 + 500)
    const { db, rebuilt } = openOrRebuild(place())
    const { booking = 0, booking_card: cards = 0 } = rebuilt?.kept ?? {}
    expect(cards, `page ${page}`).toBeLessThanOrEqual(booking)
    if (booking < 60) orphaned += 1
    await db.close()
    rmSync(join(folder, 'station.db-wal'), { force: true })
  }
  expect(orphaned).toBeGreaterThan(0)
})

test('an attachment whose row could not be read is kept by the event that told of it', async () => {
  const { db: before } = openOrRebuild(place())
  const bytes = { salt: Buffer.alloc(16, 1).toString('base64'), digest: Buffer.alloc(32, 2).toString('base64') }
  const made = [1, 2, 3].map((n) => ({ attachmentId: uuidV7(n, randomBytes(10)), mediaType: 'image/png' as const, n }))
  await before.transact((sql) => {
    for (const { n, ...facts } of made) {
      const told = { ...facts, ...bytes, byteLength: 100, madeAt: n }
      appendToOutbox(sql, { type: 'attachment-made', body: told }, n)
      insertAttachment(sql, { ...told, sessionId: 'the session' })
    }
  })
  await writeOutboxCopy(before, join(folder, 'copy'), key)
  await before.close()
  const whole = readFileSync(join(folder, 'station.db'))
  for (let page = 0; page < whole.length / 1024; page += 1) {
    writeFileSync(join(folder, 'station.db'), whole)
    flipByte(page * 1024 + 500)
    const { db } = openOrRebuild(place())
    expect([...readAttachmentIds(db.sql)], `page ${page}`).toEqual(made.map(({ attachmentId }) => attachmentId))
    await db.close()
    rmSync(join(folder, 'station.db-wal'), { force: true })
  }
})

test('the ballast gives its room to the new file', async () => {
  await fill(3)
  writeFileSync(join(folder, 'ballast'), 'room')
  flipByte(500)
  await openOrRebuild(place()).db.close()
  expect(existsSync(join(folder, 'ballast'))).toBe(false)
})

test('a second copy on a disk that is broken does not keep the database from being rebuilt', async () => {
  const written = await fill(50)
  flipByte(1024 + 500)
  mkdirSync(join(folder, 'copy', 'outbox-copy.db'), { recursive: true })
  mkdirSync(join(folder, 'copy', 'number-witness.0'))
  const { db, rebuilt } = openOrRebuild(place())
  expect(rebuilt?.fromCopy).toBe(0)
  expect(written).toEqual(expect.arrayContaining(arrivals(db).map(({ eventId }) => eventId)))
  await db.close()
})

test('a second copy that broke off leaves nothing behind that takes room', async () => {
  const written = await fill(10)
  const { db } = openOrRebuild(place())
  mkdirSync(join(folder, 'copy', 'outbox-copy.db', 'in the way'), { recursive: true })
  await expect(writeOutboxCopy(db, join(folder, 'copy'), key)).rejects.toThrow()
  expect(readdirSync(join(folder, 'copy'))).toEqual(['outbox-copy.db'])
  expect(arrivals(db)).toHaveLength(written.length)
  await db.close()
})

test('with the second copy no unsent event is lost, even when nothing of the file reads', async () => {
  const written = await fill(300)
  const before = openOrRebuild(place())
  expect(await writeOutboxCopy(before.db, join(folder, 'copy'), key)).toBe(300)
  await before.db.close()
  writeFileSync(join(folder, 'station.db'), randomBytes(64 * 1024))
  const { db, rebuilt } = openOrRebuild(place())
  expect(rebuilt?.fromCopy).toBe(300)
  expect(arrivals(db).map(({ eventId }) => eventId)).toEqual(written)
  expect(readOutboxHead(db.sql, 'ops').epoch).toBe(2)
  await db.close()
})

test('a station that met a damaged page while it ran is rebuilt at its next start, and keeps what was whole', async () => {
  const written = await fill(50)
  markCorrupt(folder, Date.now())
  const { db, rebuilt } = openOrRebuild(place())
  expect(rebuilt?.unreadable).toBe(0)
  const alarm = readUnsent(db.sql, 'bulk', 100).at(-1)
  expect(alarm).toMatchObject({ type: 'storage-rebuilt', seq: 1, body: { ...rebuilt, kept: { outbox: 50 } } })
  expect(stationEvents['storage-rebuilt'].safeParse(alarm?.body).error).toBeUndefined()
  expect(readMeta(db.sql, 'site-id')).toBe('a-site')
  expect(arrivals(db).map(({ eventId }) => eventId)).toEqual(written)
  await db.close()
  expect(openOrRebuild(place()).rebuilt).toBeNull()
})

test('what was acknowledged goes on in the new epoch too: of an earlier one, nobody would miss it in a centre that was put back', async () => {
  const written = await fill(50, 30)
  markCorrupt(folder, Date.now())
  const { db } = openOrRebuild(place())
  expect(arrivals(db).map(({ eventId, seq }) => [seq, eventId])).toEqual(written.map((id, at) => [at + 1, id]))
  await db.close()
})

test('an epoch that only the witness has seen is not opened again', async () => {
  await fill(5)
  const outbox = { epoch: 7, lastSeq: { ops: 5, bulk: 0 } }
  openWitnessFile(place().copyFolder).write(JSON.stringify({ outbox, series: {} }))
  markCorrupt(folder, Date.now())
  const { db } = openOrRebuild(place())
  expect(readOutboxHead(db.sql, 'ops').epoch).toBe(8)
  await db.close()
})

test('a kill between setting aside and the new file loses nothing: the next start carries on', async () => {
  const written = await fill(50)
  markCorrupt(folder, 7)
  // As a kill leaves it: the log moved, the file not yet.
  const { db } = openOrRebuild(place())
  await db.close()
  const aside = join(folder, 'quarantine/7/station.db')
  expect(existsSync(aside)).toBe(true)
  rmSync(join(folder, 'station.db'))
  writeFileSync(join(folder, 'station.db.corrupt'), '7')
  const again = openOrRebuild(place())
  expect(arrivals(again.db).map(({ eventId }) => eventId)).toEqual(written)
  await again.db.close()
  copyFileSync(join(folder, 'station.db'), join(folder, 'whole.db'))
  writeFileSync(join(folder, 'station.db.corrupt'), '7')
  const third = openOrRebuild(place())
  expect(third.rebuilt).toBeNull()
  expect(readOutboxHead(third.db.sql, 'ops').epoch).toBe(2)
  await third.db.close()
})

test('what was set aside is removed in time, for it holds what the station could read of patients', async () => {
  await fill(5)
  markCorrupt(folder, 1000)
  await openOrRebuild(place()).db.close()
  dropQuarantine(folder, { newest: 1500, keptForMs: 500 })
  expect(readdirSync(join(folder, 'quarantine'))).toEqual(['1000'])
  dropQuarantine(folder, { newest: 1501, keptForMs: 500 })
  expect(readdirSync(join(folder, 'quarantine'))).toEqual([])
})

test('what a clock that was days ahead set aside does not outlive its being put right', () => {
  const [newest, dayMs] = [Date.parse('2026-11-22T08:00:00+08:00'), 24 * 60 * 60_000]
  for (const named of [newest + dayMs, newest + dayMs + 1, newest + 900 * dayMs]) {
    mkdirSync(join(folder, 'quarantine', String(named)), { recursive: true })
  }
  dropQuarantine(folder, { newest, keptForMs: 36 * 60 * 60_000 })
  expect(readdirSync(join(folder, 'quarantine'))).toEqual([String(newest + dayMs)])
})
