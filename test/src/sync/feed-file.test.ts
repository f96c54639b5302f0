import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FeedFile } from '@yizhan/contracts/feed-file'
import { createBooking } from '@yizhan/crm-server/appointment/appointment'
import {
  acceptedValue,
  type HospitalFixture,
  morningMs,
  openHospital,
} from '@yizhan/crm-server/fixture/hospital-fixture'
import { exportFeedFile } from '@yizhan/crm-server/sync/feed-file-export'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { CentreTime } from '@yizhan/station-server/station/centre-time'
import { purge } from '@yizhan/station-server/station/purge'
import { writeMeta } from '@yizhan/station-server/storage/meta'
import type { StationDb } from '@yizhan/station-server/storage/station-db'
import { putReferenceRow } from '@yizhan/station-server/tenant/kept-hospital'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

const importer = fileURLToPath(new URL('../../../station-server/src/sync/import-feed-main.ts', import.meta.url))
const hourMs = 3_600_000
let hospital: HospitalFixture
let other: HospitalFixture
let folder: string
let db: StationDb

beforeAll(async () => {
  ;[hospital, other] = await Promise.all([openHospital(), openHospital()])
  for (let n = 0; n < 3; n += 1) await bookAt(hospital)
  await bookAt(other)
})
afterAll(() => Promise.all([hospital.close(), other.close()]))
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yz-feed-file-'))
  db = openFixtureDb(folder)
  await greet(hospital)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

async function bookAt(at: HospitalFixture): Promise<string> {
  const input = at.newBooking({ operationId: randomUUID() })
  return acceptedValue(await createBooking(at, at.staff(), input)).bookingId
}

/** The station as its first greeting left it. */
async function greet({ keys, tenantId, structure }: HospitalFixture): Promise<void> {
  const { keyId, publicKey } = await keys.qrKey(tenantId)
  const cardKey = await keys.cardKey(tenantId)
  await db.transact((sql) => {
    writeMeta(sql, 'qr-keys', JSON.stringify([{ keyId, publicKey }]))
    writeMeta(sql, 'card-key', cardKey.toString('base64'))
    putReferenceRow(sql, 'hospital', tenantId, structure.hospital, 0)
  })
}

const exported = (from = hospital, atMs = morningMs) => exportFeedFile(from, from.staff(atMs))

/** Runs the importer as whoever stands before the station does, while the station's database is open. */
async function carryIn(file: FeedFile | string): Promise<{ code: number; said: string }> {
  const path = join(folder, 'feed.json')
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file))
  return await new Promise((resolve) => {
    execFile(process.execPath, [importer, folder, path], { timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    )
  })
}

function count(table: 'booking' | 'reference_row'): number {
  return db.sql.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0
}

test('a file brings everything that the feed would have brought, without a word of any patient in the clear', async () => {
  const file = await exported()
  expect(JSON.stringify(file)).not.toContain('张')
  const { code, said } = await carryIn(file)
  expect(said).toContain('9 rows as of 2026-11-22T00:00:00.000Z, 0 not understood')
  expect(code).toBe(0)
  expect([count('booking'), count('reference_row')]).toEqual([3, 6])
})

test('a later file takes back what it does not name; an earlier one is refused', async () => {
  const [first, later] = [await exported(), await exported(hospital, morningMs + 26 * hourMs)]
  await carryIn(first)
  expect((await carryIn(later)).code).toBe(0)
  expect(count('booking')).toBe(0)
  const { code, said } = await carryIn(first)
  expect([code, count('booking')]).toEqual([1, 0])
  expect(said).toContain('knows newer rows than the file')
})

test('a file of another hospital, one that was changed, and one that is none are refused, and nothing is changed', async () => {
  const [file, foreign] = [await exported(), await exported(other)]
  const bytes = Buffer.from(file.sealed, 'base64')
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40)
  const refused = [
    { file: foreign, why: 'of another hospital' },
    { file: { ...foreign, tenantId: file.tenantId }, why: 'signature of the file does not fit' },
    { file: { ...file, sealed: bytes.toString('base64') }, why: 'signature of the file does not fit' },
    { file: { ...file, exportedAt: file.exportedAt + 1 }, why: 'signature of the file does not fit' },
    { file: JSON.stringify(file).slice(0, 400), why: 'no feed file' },
  ]
  for (const { file: brought, why } of refused) {
    const { code, said } = await carryIn(brought)
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining(why) })
  }
  expect([count('booking'), count('reference_row')]).toEqual([0, 1])
})

test('what came by file is gone 36 hours after its appointments, though the centre was never heard', async () => {
  let monotonicMs = 0
  const time = new CentreTime(db, () => monotonicMs)
  expect(time.certainlyPassed()).toBe(0)
  await carryIn(await exported())
  monotonicMs += hourMs
  await purge(db, time.certainlyPassed())
  expect(count('booking')).toBe(3)
  monotonicMs += 37 * hourMs
  await purge(db, time.certainlyPassed())
  expect(count('booking')).toBe(0)
  const cards = db.sql.prepare<[], { n: number }>('SELECT count(*) AS n FROM booking_card').get()
  expect(cards).toEqual({ n: 0 })
})
