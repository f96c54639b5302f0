import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelBooking, createBooking } from '../appointment/appointment.ts'
import { readDayBoard } from '../appointment/day-board.ts'
import {
  acceptedValue,
  addHospital,
  type HospitalFixture,
  hospitalOfTwoSites,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { listStations } from '../fleet/fleet.ts'
import { inTenant } from '../postgres/database.ts'
import { pullStationFeed } from '../sync/station-feed.ts'
import { readStructure } from './tenant.ts'

let hospital: HospitalFixture
let bookingId: string
const other = hospitalOfTwoSites()
const otherId = other.hospital.tenantId
beforeAll(async () => {
  hospital = await openHospital()
  await addHospital(hospital.db, other)
  bookingId = acceptedValue(await createBooking(hospital, hospital.staff(), hospital.newBooking())).bookingId
})
afterAll(() => hospital.close())

const tables = ['tenant', 'site', 'clinic', 'booking', 'patient_key', 'feed_change', 'audit', 'operation'] as const

test('a transaction sees the rows of its own hospital only, in every table, even without a condition', async () => {
  const counts = async (tenantId: string) =>
    await inTenant(hospital.db, tenantId, async (tx) => {
      const foreign = tables.map(async (table) => {
        const rows = await tx.selectFrom(table).select('tenant_id').execute()
        return rows.filter((row) => row.tenant_id !== tenantId).length
      })
      return await Promise.all(foreign)
    })
  expect(await counts(otherId)).toEqual(tables.map(() => 0))
  expect(await counts(hospital.tenantId)).toEqual(tables.map(() => 0))
})

test('without a hospital chosen nothing is seen but the directory of ids', async () => {
  for (const table of tables) {
    expect(await hospital.db.selectFrom(table).select('tenant_id').execute()).toEqual([])
  }
  const ids = await hospital.db.selectFrom('tenant_directory').selectAll().execute()
  expect(ids.map(({ tenant_id }) => tenant_id).sort()).toEqual([hospital.tenantId, otherId].sort())
})

test('a row of another hospital cannot be written, changed or taken over', async () => {
  await inTenant(hospital.db, otherId, async (tx) => {
    const changed = await tx.updateTable('booking').set({ state: 'cancelled' }).executeTakeFirst()
    expect(changed.numUpdatedRows).toBe(0n)
  })
  const insert = inTenant(hospital.db, otherId, (tx) =>
    tx.insertInto('tenant_directory').values({ tenant_id: randomUUID() }).execute(),
  )
  await expect(insert).rejects.toMatchObject({ code: '42501' })
  const move = inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.updateTable('site').set({ tenant_id: otherId }).execute(),
  )
  await expect(move).rejects.toMatchObject({ code: '42501' })
})

test('a booking of another hospital cannot be reached by its id through any operation', async () => {
  const stranger = { ...hospital.staff(), tenantId: otherId }
  const outcome = await cancelBooking(hospital, stranger, { bookingId, operationId: randomUUID() })
  expect(outcome).toEqual({ ok: false, error: 'booking-unknown' })
  expect((await readDayBoard(hospital.db, otherId, {}, morningMs)).rows).toEqual([])
  expect(await listStations(hospital.db, otherId, morningMs)).toEqual([])
  expect(await readStructure(hospital.db, otherId)).toEqual(other)
  const feed = acceptedValue(await pullStationFeed(hospital.db, otherId, { cursor: null, max: 500 }, morningMs))
  expect(feed.changes.filter(({ kind }) => kind === 'booking')).toEqual([])
})

test('the choice of a hospital ends with its transaction, on a pooled connection too', async () => {
  await inTenant(hospital.db, hospital.tenantId, async () => undefined)
  const seen = await Promise.all(
    Array.from({ length: 20 }, () =>
      sql<{ count: number }>`select count(*) as count from booking`.execute(hospital.db),
    ),
  )
  expect(seen.map(({ rows }) => rows[0]?.count)).toEqual(seen.map(() => 0))
})

test('audit rows cannot be changed or removed, not even by the owner of the table', async () => {
  await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const rows = await tx.selectFrom('audit').select(['action', 'object_id']).execute()
    expect(rows).toContainEqual({ action: 'booking-created', object_id: bookingId })
  })
  const change = inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.updateTable('audit').set({ action: 'x' }).execute(),
  )
  await expect(change).rejects.toMatchObject({ code: '42501' })
  const owner = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await owner.connect()
  await owner.query("select set_config('app.tenant_id', $1, false)", [hospital.tenantId])
  await expect(owner.query('delete from audit')).rejects.toThrow('audit rows are never changed or removed')
  await expect(owner.query('truncate audit')).rejects.toThrow('audit rows are never changed or removed')
  await owner.end()
})
