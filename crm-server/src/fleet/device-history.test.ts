import { isDefinedError, safe } from '@orpc/client'
import type { DeviceChange } from '@yizhan/contracts/device'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import {
  addHospital,
  type HospitalFixture,
  hospitalOfTwoSites,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { applyAll } from '../sync/projector.ts'
import { newId } from '../tenant/new-id.ts'
import { listDeviceChanges } from './device-history.ts'
import { purgeDeviceHistory } from './device-history-purge.ts'
import { listStations } from './fleet.ts'

let hospital: HospitalFixture
let centre: CentreFixture
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  centre.signIn('administrator')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const changeAt = (since: number, changes: Partial<DeviceChange> = {}): DeviceChange => ({
  changeId: newId(since),
  deviceId: 'reader-1',
  kind: 'card-reader',
  phase: 'fault',
  reasons: ['link-lost'],
  since,
  seq: 1,
  source: 'driver',
  ...changes,
})

test('changes of a station’s devices are stored once by their ids, and staff see the newest first', async () => {
  const station = await enrolFixtureStation(hospital, 'K')
  const other = await enrolFixtureStation(hospital, 'L')
  const client = station.client(centre.url)
  const changes = [
    changeAt(morningMs),
    changeAt(morningMs + 1, { phase: 'ready', reasons: [], seq: 2 }),
    changeAt(morningMs + 2, { deviceId: 'printer-1', kind: 'printer', evidence: 'A', source: 'supervisor' }),
  ]
  expect(await client.tellDeviceChanges({ changes: changes.slice(0, 2) })).toEqual({ stored: 2 })
  expect(await client.tellDeviceChanges({ changes })).toEqual({ stored: 1 })
  await other.client(centre.url).tellDeviceChanges({ changes: [changeAt(morningMs)] })
  const { changes: told } = await centre.staff.fleet.deviceHistory({ stationId: station.stationId })
  expect(told).toEqual([changes[2], changes[1], changes[0]])
})

test('no more than the newest 200 are shown, and an unknown station is refused', async () => {
  const station = await enrolFixtureStation(hospital, 'M')
  const client = station.client(centre.url)
  const changes = Array.from({ length: 300 }, (_, n) => changeAt(morningMs + n, { seq: n + 1 }))
  await client.tellDeviceChanges({ changes })
  const { changes: told } = await centre.staff.fleet.deviceHistory({ stationId: station.stationId })
  expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, n) => 300 - n))
  const { error } = await safe(centre.staff.fleet.deviceHistory({ stationId: newId(1) }))
  expect(isDefinedError(error) && error.code).toBe('station-unknown')
})

test('another hospital neither sees nor touches them', async () => {
  const station = await enrolFixtureStation(hospital, 'N')
  await station.client(centre.url).tellDeviceChanges({ changes: [changeAt(morningMs)] })
  const neighbour = hospitalOfTwoSites()
  await addHospital(hospital.db, neighbour)
  expect(await listDeviceChanges(hospital.db, neighbour.hospital.tenantId, station.stationId)).toEqual({
    ok: false,
    error: 'station-unknown',
  })
})

test('changes are kept for 30 days from when they were received, whatever the station’s clock said', async () => {
  const station = await enrolFixtureStation(hospital, 'P')
  const ofYearsAhead = changeAt(morningMs + 5 * 366 * 86_400_000)
  await station.client(centre.url).tellDeviceChanges({ changes: [ofYearsAhead] })
  const count = async () => {
    const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
      tx.selectFrom('device_change').select('change_id').where('station_id', '=', station.stationId).execute(),
    )
    return rows.length
  }
  const monthMs = 30 * 86_400_000
  await purgeDeviceHistory(hospital.db, hospital.tenantId, morningMs + monthMs)
  expect(await count()).toBe(1)
  await purgeDeviceHistory(hospital.db, hospital.tenantId, morningMs + monthMs + 1)
  expect(await count()).toBe(0)
})

test('the readiness report that a station wrote last is the station’s, in whatever order reports are taken in', async () => {
  const station = await enrolFixtureStation(hospital, 'Q')
  const client = station.client(centre.url)
  const report = (verdict: ReadinessReport['verdict']): ReadinessReport => ({
    reportId: newId(morningMs),
    startedAt: morningMs,
    changedAt: morningMs + 1000,
    verdict,
    running: false,
    devices: [
      {
        deviceId: 'printer-1',
        kind: 'printer',
        points: [{ check: 'test-print', result: 'failed', reason: 'paper-out', at: morningMs }],
      },
    ],
  })
  const event = (seq: number, verdict: ReadinessReport['verdict']): EventEnvelope => ({
    eventId: newId(morningMs),
    seq,
    type: 'readiness-reported',
    schemaVersion: 1,
    occurredAt: morningMs,
    body: report(verdict),
  })
  const told = async () => {
    const rows = await listStations(hospital.db, hospital.tenantId, morningMs)
    return rows.find(({ stationId }) => stationId === station.stationId)?.readiness
  }
  expect(await told()).toBeNull()
  const later = event(1, 'not-ready')
  await client.upload({ epoch: 2, events: [later] })
  await applyAll({ db: hospital.db, now: () => morningMs, onFailure: () => undefined })
  expect(await told()).toEqual(later.body)
  await client.upload({ epoch: 1, events: [event(1, 'incomplete')] })
  await applyAll({ db: hospital.db, now: () => morningMs, onFailure: () => undefined })
  expect(await told()).toMatchObject({ verdict: 'not-ready' })
  await client.upload({ epoch: 2, events: [event(2, 'ready')] })
  await applyAll({ db: hospital.db, now: () => morningMs, onFailure: () => undefined })
  expect(await told()).toMatchObject({ verdict: 'ready' })
})
