import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { storeUpload } from './inbox.ts'
import { applyAll } from './projector.ts'

let hospital: HospitalFixture
let nowMs = morningMs

beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

async function uploadSettledPrints(count: number): Promise<void> {
  const { stationId } = await enrolFixtureStation(hospital, 'K')
  const station: Caller = {
    ...hospital.staff(),
    actor: { kind: 'station', id: stationId, requestId: 'request-1' },
  }
  const events = Array.from({ length: count }, (_, at) => ({
    eventId: newId(morningMs),
    seq: at + 1,
    type: 'ticket-print-settled',
    schemaVersion: 1,
    occurredAt: morningMs,
    body: {
      jobId: newId(1),
      bookingId: newId(1),
      state: 'confirmed',
      copy: 1,
      settledAt: morningMs,
      by: 'evidence',
    },
  }))
  await storeUpload(hospital.db, station, { stationId, epoch: 1, lane: 'ops', events })
}

async function countApplied(): Promise<number> {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('inbox').select('event_id').where('state', '=', 'applied').execute(),
  )
  return rows.length
}

test('while a backlog is coming in nothing of it is applied; once it is in, everything is', async () => {
  const projector = { db: hospital.db, now: () => nowMs, onFailure: () => undefined }
  await uploadSettledPrints(200)
  let looks = 0
  await applyAll(projector, () => {
    looks += 1
    return looks > 5
  })
  expect(await countApplied()).toBe(0)
  nowMs += 1000
  await applyAll(projector)
  expect(await countApplied()).toBe(200)
})
