import type { EventEnvelope } from '@yizhan/contracts/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { storeUpload } from './inbox.ts'
import { purgeInbox } from './inbox-purge.ts'
import { firstIdOf, idsKeptMs, standingOf } from './known-event.ts'
import { applyAll } from './projector.ts'

const dayMs = 24 * 3_600_000
let hospital: HospitalFixture
let stationId: string
let nextEpoch = 0

beforeAll(async () => {
  hospital = await openHospital()
  stationId = (await enrolFixtureStation(hospital, 'K')).stationId
})
afterAll(() => hospital.close())

function printSettled(state: 'confirmed' | 'void', atMs = morningMs): EventEnvelope {
  const body = { jobId: newId(1), bookingId: newId(1), state, copy: 1, settledAt: atMs, by: 'evidence' }
  return { eventId: newId(atMs), seq: 1, type: 'ticket-print-settled', schemaVersion: 1, occurredAt: atMs, body }
}

/** The events come in a new epoch, as from a disk that was put back, and are taken in. */
async function bring(events: EventEnvelope[], atMs: number): Promise<void> {
  nextEpoch += 1
  const run = { stationId, epoch: nextEpoch, lane: 'ops' as const, events: numbered(events) }
  await storeUpload(hospital.db, hospital.staff(atMs), run)
  await applyAll({ db: hospital.db, now: () => atMs, onFailure: () => undefined })
}

function numbered(events: EventEnvelope[]): EventEnvelope[] {
  return events.map((event, at) => ({ ...event, seq: at + 1 }))
}

async function inboxRow({ eventId }: EventEnvelope) {
  return await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('inbox').select(['state', 'reason']).where('event_id', '=', eventId).executeTakeFirst(),
  )
}

async function statesOfSlip({ body }: EventEnvelope): Promise<string[]> {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('ticket_print').select('state').where('job_id', '=', String(body['jobId'])).execute(),
  )
  return rows.map(({ state }) => state)
}

async function forgetSlip({ body }: EventEnvelope): Promise<void> {
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.updateTable('ticket_print').set({ state: 'held' }).where('job_id', '=', String(body['jobId'])).execute(),
  )
}

test('applied events leave the inbox after thirty days; what is parked stays as long as it is not settled', async () => {
  const applied = printSettled('confirmed')
  const parked = { ...printSettled('confirmed'), type: 'parcel-locker-opened' }
  await bring([applied, parked], morningMs)
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 29 * dayMs)
  expect(await inboxRow(applied)).toMatchObject({ state: 'applied' })
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 400 * dayMs)
  expect(await inboxRow(applied)).toBeUndefined()
  expect(await inboxRow(parked)).toMatchObject({ state: 'parked' })
})

test('what a person has settled goes thirty days after that, and is not taken in when it comes again', async () => {
  const settled = printSettled('confirmed')
  await bring([{ ...settled, type: 'parcel-locker-opened' }], morningMs)
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .updateTable('inbox')
      .set({ state: 'settled', settled_at: new Date(morningMs + 100 * dayMs) })
      .where('event_id', '=', settled.eventId)
      .execute(),
  )
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 129 * dayMs)
  expect(await inboxRow(settled)).toMatchObject({ state: 'settled' })
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 131 * dayMs)
  expect(await inboxRow(settled)).toBeUndefined()
  await bring([settled], morningMs + 140 * dayMs)
  expect(await inboxRow(settled)).toMatchObject({ state: 'applied', reason: 'applied-before' })
  expect(await statesOfSlip(settled)).toEqual([])
})

test('an event that arrived late is kept for thirty days from its arrival', async () => {
  const late = printSettled('confirmed')
  await bring([late], morningMs + 25 * dayMs)
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 40 * dayMs)
  expect(await inboxRow(late)).toMatchObject({ state: 'applied' })
})

test('a disk that is put back after its events were purged sends them all again, and none is applied twice', async () => {
  const before = [printSettled('confirmed'), printSettled('void')]
  await bring(before, morningMs)
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 60 * dayMs)
  // What applying an event again would undo.
  for (const event of before) await forgetSlip(event)
  const fresh = printSettled('confirmed', morningMs + 90 * dayMs)
  await bring([...before, fresh], morningMs + 90 * dayMs)
  for (const event of before) {
    expect(await inboxRow(event)).toMatchObject({ state: 'applied', reason: 'applied-before' })
    expect(await statesOfSlip(event)).toEqual(['held'])
  }
  expect(await inboxRow(fresh)).toMatchObject({ state: 'applied', reason: null })
  expect(await statesOfSlip(fresh)).toEqual(['confirmed'])
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 200 * dayMs)
  expect(await inboxRow(before[0] as EventEnvelope)).toBeUndefined()
})

test('an event so old that its id may be forgotten is set aside, neither applied nor dropped', async () => {
  const [known, unknown] = [printSettled('confirmed'), printSettled('confirmed')]
  await bring([known], morningMs)
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 60 * dayMs)
  const muchLaterMs = morningMs + idsKeptMs + 2 * dayMs
  await purgeInbox(hospital.db, hospital.tenantId, muchLaterMs)
  await bring([known, unknown], muchLaterMs)
  for (const event of [known, unknown]) {
    expect(await inboxRow(event)).toMatchObject({ state: 'failed', reason: 'too-old-to-know' })
  }
  expect(await statesOfSlip(unknown)).toEqual([])
})

test('a new event of a station whose clock is 400 days behind is applied', async () => {
  const event = printSettled('confirmed', morningMs - 400 * dayMs)
  await bring([event], morningMs)
  expect(await inboxRow(event)).toMatchObject({ state: 'applied', reason: null })
})

test('an id is smaller than the first id of a moment exactly when it was drawn before', () => {
  const instant = fc.integer({ min: 1, max: 4_000_000_000_000 })
  fc.assert(
    fc.property(instant, instant, (drawnMs, boundMs) => newId(drawnMs) < firstIdOf(boundMs) === drawnMs < boundMs),
  )
})

test('a station whose clock stands in 1970 is told from an old disk by its hybrid clock', async () => {
  const event = { ...printSettled('confirmed', 1000), hlc: `${morningMs}.00001` }
  await bring([event], morningMs)
  expect(await inboxRow(event)).toMatchObject({ state: 'applied', reason: null })
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 60 * dayMs)
  await purgeInbox(hospital.db, hospital.tenantId, morningMs + 600 * dayMs)
  await forgetSlip(event)
  await bring([event], morningMs + 600 * dayMs)
  expect(await inboxRow(event)).toMatchObject({ state: 'applied', reason: 'applied-before' })
  expect(await statesOfSlip(event)).toEqual(['held'])
})

test('whatever its clocks told, an event is never taken for new when its id may have been dropped', () => {
  const age = fc.integer({ min: -400 * dayMs, max: 3 * idsKeptMs })
  fc.assert(
    fc.property(age, age, fc.boolean(), (occurredAge, hybridAge, isKnown) => {
      const nowMs = morningMs + 3 * idsKeptMs
      const event = { occurredAt: nowMs - occurredAge, hlc: `${nowMs - hybridAge}.00000`, isKnown }
      const mayBeDropped = Math.min(occurredAge, hybridAge) > idsKeptMs
      expect(standingOf(event, nowMs)).toBe(isKnown ? 'applied-before' : mayBeDropped ? 'too-old-to-know' : 'new')
    }),
  )
})
