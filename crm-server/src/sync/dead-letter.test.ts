import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, type StationFixture } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { applyAll } from './projector.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let station: StationFixture
let lastSeq = 0
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  station = await enrolFixtureStation(hospital, 'K')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})
beforeEach(() => centre.signIn('administrator'))

const apply = () => applyAll({ db: hospital.db, now: () => morningMs, onFailure: () => undefined })
const seen = async () => (await centre.staff.fleet.setAsideEvents({ stationId: station.stationId })).events
const standing = async () =>
  (await centre.staff.fleet.list()).stations.find(({ stationId }) => stationId === station.stationId)?.standing

/** An event that this release does not know, with a patient's name in it. */
async function bringUnknown(): Promise<string> {
  lastSeq += 1
  const eventId = newId(morningMs)
  const body = { queueNumber: 'A037', patientName: '张三', text: '13800001234' }
  const event = { eventId, seq: lastSeq, type: 'parcel-locker-opened', schemaVersion: 1, occurredAt: morningMs, body }
  await station.client(centre.url).upload({ epoch: 1, events: [event] })
  await apply()
  return eventId
}

/** Who did something to an object, as the audit trail has it. */
async function audited(action: string): Promise<string[]> {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('audit').select('object_id').where('action', '=', action).execute(),
  )
  return rows.map((row) => row.object_id)
}

/** As if the centre had been upgraded: the type becomes one that it knows. */
async function upgrade(eventId: string): Promise<void> {
  const known = { jobId: eventId, bookingId: eventId, state: 'confirmed', copy: 1, settledAt: 1, by: 'evidence' }
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .updateTable('inbox')
      .set({ type: 'ticket-print-settled', body: JSON.stringify(known) })
      .where('event_id', '=', eventId)
      .execute(),
  )
}

test('an event that could not be applied stands as an alarm; the list tells its queue number and nothing else of its content', async () => {
  const eventId = await bringUnknown()
  expect(await standing()).toMatchObject([{ kind: 'events-set-aside', parked: 1, failed: 0, since: morningMs }])
  centre.signIn('front-desk')
  const events = await seen()
  expect(events).toMatchObject([{ eventId, state: 'parked', reason: 'type-unknown', queueNumber: 'A037' }])
  expect(JSON.stringify(events)).not.toMatch(/张三|13800001234/)
})

test('after an upgrade it is tried once more by hand, and the alarm ends with its cause', async () => {
  const [first] = await seen()
  const eventId = first?.eventId ?? ''
  const ask = { stationId: station.stationId, operationId: randomUUID() }
  expect(await centre.staff.fleet.replayEvents(ask)).toEqual({ replayed: 1 })
  await apply()
  expect(await seen()).toHaveLength(1)
  await upgrade(eventId)
  expect(await centre.staff.fleet.replayEvents(ask)).toEqual({ replayed: 1 })
  await apply()
  expect(await seen()).toHaveLength(1)
  await centre.staff.fleet.replayEvents({ ...ask, operationId: randomUUID() })
  await apply()
  expect(await seen()).toEqual([])
  expect(await standing()).toEqual([])
  expect(await audited('events-replayed')).toEqual([station.stationId, station.stationId])
})

test('what will never be applied is settled once with a reason, stays stored, and is not replayed', async () => {
  const eventId = await bringUnknown()
  const ask = { stationId: station.stationId, eventId, operationId: randomUUID(), reason: '已在服务台补签' }
  const answer = await centre.staff.fleet.settleEvent(ask)
  expect(await centre.staff.fleet.settleEvent(ask)).toEqual(answer)
  await expect(centre.staff.fleet.settleEvent({ ...ask, operationId: randomUUID() })).rejects.toMatchObject({
    code: 'event-unknown',
  })
  expect(await standing()).toEqual([])
  await centre.staff.fleet.replayEvents({ stationId: station.stationId, operationId: randomUUID() })
  const kept = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('inbox').select(['state', 'settled_reason']).where('event_id', '=', eventId).execute(),
  )
  expect(kept).toEqual([{ state: 'settled', settled_reason: '已在服务台补签' }])
  expect(await audited('event-settled')).toEqual([eventId])
})

test('the desk sees what was set aside, and neither replays nor settles it', async () => {
  const eventId = await bringUnknown()
  centre.signIn('front-desk')
  const ask = { stationId: station.stationId, operationId: randomUUID() }
  await expect(centre.staff.fleet.replayEvents(ask)).rejects.toMatchObject({ status: 403 })
  await expect(centre.staff.fleet.settleEvent({ ...ask, eventId, reason: '-' })).rejects.toMatchObject({ status: 403 })
  expect(await seen()).toHaveLength(1)
})
