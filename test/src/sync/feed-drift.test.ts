import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cancelBooking, createBooking } from '@yizhan/crm-server/appointment/appointment'
import { type CentreFixture, startCentreFixture } from '@yizhan/crm-server/fixture/centre-fixture'
import { enrolFixtureStation, type StationFixture } from '@yizhan/crm-server/fixture/enrolled-station'
import {
  acceptedValue,
  type HospitalFixture,
  horizonPassed,
  morningMs,
  openHospital,
} from '@yizhan/crm-server/fixture/hospital-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import type { StationDb } from '@yizhan/station-server/storage/station-db'
import { pullFeed } from '@yizhan/station-server/sync/feed'
import { afterAll, beforeAll, expect, test } from 'vitest'

const hourMs = 3_600_000
let hospital: HospitalFixture
let centre: CentreFixture
let station: StationFixture
let folder: string
let db: StationDb
let nowMs = morningMs
const alarms: unknown[] = []

beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  station = await enrolFixtureStation(hospital, 'K')
  folder = mkdtempSync(join(tmpdir(), 'yz-drift-'))
  db = openFixtureDb(folder)
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
  await centre.stop()
  await hospital.close()
})

/** Pulls until there is nothing more, an hour later than the last time, so that checksums are asked for. */
async function catchUp(): Promise<void> {
  nowMs += hourMs
  await horizonPassed(hospital.db)
  const log = { info: () => undefined, warn: () => undefined, error: (what: unknown) => alarms.push(what) }
  const deps = {
    db,
    centre: station.client(centre.url),
    now: () => nowMs,
    log,
    onChanged: () => undefined,
    onForgotten: () => undefined,
  }
  while ((await pullFeed(deps)) === 'more');
}

const book = async () => {
  const input = hospital.newBooking({ operationId: randomUUID() })
  return acceptedValue(await createBooking(hospital, hospital.staff(), input)).bookingId
}

type Kept = { kind: string; key: string; row: string }
const keptRows = () =>
  db.sql
    .prepare<[], Kept>(
      `SELECT kind, key, row FROM reference_row UNION ALL SELECT 'booking', booking_id, row FROM booking ORDER BY 1, 2`,
    )
    .all()

/** What went wrong with one kept row; nothing of it was told by the feed. */
const damages = {
  lost: (sql: StationDb['sql'], { kind, key }: Kept) =>
    kind === 'booking'
      ? sql.prepare('DELETE FROM booking WHERE booking_id = ?').run(key)
      : sql.prepare('DELETE FROM reference_row WHERE kind = ? AND key = ?').run(kind, key),
  'never heard': (sql: StationDb['sql'], { kind, key }: Kept) =>
    kind === 'booking'
      ? sql.prepare("UPDATE booking SET row_hash = '0000000000000000', row = '{}' WHERE booking_id = ?").run(key)
      : sql.prepare("UPDATE reference_row SET row_hash = NULL, row = '{}' WHERE kind = ? AND key = ?").run(kind, key),
}

const kindsOf = (rows: readonly Kept[]) => [...new Set(rows.map(({ kind }) => kind))]

test('a station that followed the feed agrees with the centre; one that drifted in any kind notices within the hour and is whole again', async () => {
  await book()
  await catchUp()
  for (const damage of Object.values(damages)) {
    for (const kind of kindsOf(keptRows())) {
      alarms.length = 0
      const cancelled = await book()
      await book()
      await catchUp()
      await cancelBooking(hospital, hospital.staff(), { bookingId: cancelled, operationId: randomUUID() })
      await catchUp()
      expect(alarms).toEqual([])
      const whole = keptRows()
      const hurt = whole.findLast((row) => row.kind === kind)
      if (hurt === undefined) throw new Error(`nothing is kept of ${kind}`)
      await db.transact((sql) => damage(sql, hurt))
      await catchUp()
      expect(alarms).toEqual([{ drifted: [kind] }])
      expect(keptRows()).toEqual(whole)
    }
  }
  expect(kindsOf(keptRows())).toEqual(['booking', 'clinic', 'hospital', 'site'])
})
