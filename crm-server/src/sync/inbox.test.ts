import type { EventEnvelope } from '@yizhan/contracts/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBooking } from '../appointment/appointment.ts'
import { readDayBoard } from '../appointment/day-board.ts'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import {
  acceptedValue,
  addHospital,
  type HospitalFixture,
  hospitalOfTwoSites,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { listStations } from '../fleet/fleet.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import type { ProjectorFailure } from './event-portion.ts'
import { readCursor, storeUpload } from './inbox.ts'
import { failInboxEvent } from './inbox-store.ts'
import { applyAll, reopenAll } from './projector.ts'

let hospital: HospitalFixture
let stationId: string
const failures: ProjectorFailure[] = []
let nowMs = morningMs
const projector = () => ({
  db: hospital.db,
  now: () => nowMs,
  onFailure: (failure: ProjectorFailure) => failures.push(failure),
})
const station = (): Caller => ({
  ...hospital.staff(),
  actor: { kind: 'station', id: stationId, requestId: 'request-2' },
})

beforeAll(async () => {
  hospital = await openHospital()
  stationId = (await enrolFixtureStation(hospital, 'K')).stationId
})
afterAll(() => hospital.close())

let nextEpoch = 1
function freshEpoch(): number {
  nextEpoch += 1
  return nextEpoch
}

function eventOf(seq: number, changes: Partial<EventEnvelope> = {}): EventEnvelope {
  const body = {
    jobId: newId(1),
    bookingId: newId(1),
    state: 'confirmed',
    copy: 1,
    settledAt: morningMs,
    by: 'evidence',
  }
  return {
    eventId: newId(morningMs),
    seq,
    type: 'ticket-print-settled',
    schemaVersion: 1,
    occurredAt: morningMs,
    body,
    ...changes,
  }
}

async function stored(eventId: string) {
  return await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('inbox').select(['state', 'reason', 'attempts', 'body']).where('event_id', '=', eventId).execute(),
  )
}

test('a run that is sent again, whole or in part, is stored once', async () => {
  const epoch = freshEpoch()
  const [first, second, third] = [eventOf(1), eventOf(2), eventOf(3)]
  expect(await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [first, second] })).toEqual(
    {
      stored: true,
      ackedSeq: 2,
    },
  )
  expect(
    await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [first, second, third] }),
  ).toEqual({
    stored: true,
    ackedSeq: 3,
  })
  expect(await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [first] })).toEqual({
    stored: true,
    ackedSeq: 3,
  })
  expect(await stored(first.eventId)).toHaveLength(1)
})

test('a run with a gap before or within it is not stored at all', async () => {
  const epoch = freshEpoch()
  const [first, third] = [eventOf(1), eventOf(3)]
  expect(await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [first, third] })).toEqual({
    stored: false,
    ackedSeq: 0,
  })
  expect(await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [third] })).toEqual({
    stored: false,
    ackedSeq: 0,
  })
  expect(await stored(first.eventId)).toEqual([])
})

test('an event that comes again under a new epoch is known by its id', async () => {
  const event = eventOf(1)
  await storeUpload(hospital.db, station(), { stationId, epoch: freshEpoch(), lane: 'ops', events: [event] })
  const again = await storeUpload(hospital.db, station(), {
    stationId,
    epoch: freshEpoch(),
    lane: 'ops',
    events: [{ ...event, seq: 1 }],
  })
  expect(again).toEqual({ stored: true, ackedSeq: 1 })
  expect(await stored(event.eventId)).toHaveLength(1)
})

test('each lane has a cursor of its own: a gap in one keeps nothing of the other waiting', async () => {
  const epoch = freshEpoch()
  const run = (lane: 'ops' | 'bulk', seqs: number[]) =>
    storeUpload(hospital.db, station(), { stationId, epoch, lane, events: seqs.map((seq) => eventOf(seq)) })
  expect(await run('ops', [1, 2, 3])).toEqual({ stored: true, ackedSeq: 3 })
  expect(await run('bulk', [2])).toEqual({ stored: false, ackedSeq: 0 })
  expect(await run('bulk', [1])).toEqual({ stored: true, ackedSeq: 1 })
  expect(await run('ops', [4])).toEqual({ stored: true, ackedSeq: 4 })
  const cursors = await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const scope = { ...station(), tx }
    const at = { stationId, epoch }
    return [await readCursor(scope, { ...at, lane: 'ops' }), await readCursor(scope, { ...at, lane: 'bulk' })]
  })
  expect(cursors.map(({ ackedSeq }) => ackedSeq)).toEqual([4, 1])
})

test('two uploads of one run at the same moment store it once', async () => {
  const epoch = freshEpoch()
  const events = Array.from({ length: 50 }, (_, at) => eventOf(at + 1))
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() => storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events })),
  )
  expect(outcomes).toEqual(outcomes.map(() => ({ stored: true, ackedSeq: 50 })))
})

test('what is not understood is parked with a reason that shows no content, counted for the fleet, and tried again later', async () => {
  const epoch = freshEpoch()
  const unknown = eventOf(1, { type: 'parcel-locker-opened', body: { text: '张三' } })
  const newer = eventOf(2, { schemaVersion: 2 })
  const invalid = eventOf(3, { body: { jobId: '张三' } })
  const good = eventOf(4)
  await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [unknown, newer, invalid, good] })
  await applyAll(projector())
  expect(await stored(unknown.eventId)).toMatchObject([{ state: 'parked', reason: 'type-unknown' }])
  expect(await stored(newer.eventId)).toMatchObject([{ state: 'parked', reason: 'version-newer' }])
  expect(await stored(invalid.eventId)).toMatchObject([{ state: 'parked', reason: 'body-invalid: jobId' }])
  expect(await stored(good.eventId)).toMatchObject([{ state: 'applied', reason: null }])
  const [row] = await listStations(hospital.db, hospital.tenantId, nowMs)
  expect(row?.parkedEvents).toBe(3)
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    // As if the next release knew the event: its type becomes one of ours.
    tx
      .updateTable('inbox')
      .set({ type: 'ticket-print-settled', body: good.body ? JSON.stringify(good.body) : '' })
      .where('event_id', '=', unknown.eventId)
      .execute(),
  )
  await reopenAll(projector())
  await applyAll(projector())
  expect(await stored(unknown.eventId)).toMatchObject([{ state: 'applied' }])
  expect(await stored(newer.eventId)).toMatchObject([{ state: 'parked' }])
})

test('text that jsonb would refuse and nesting that JSON cannot write are stored, not refused', async () => {
  const epoch = freshEpoch()
  let deep: unknown = 1
  for (let depth = 0; depth < 200_000; depth += 1) deep = [deep]
  const odd = eventOf(1, { body: { text: 'a\u0000b\ud800' } })
  const nested = eventOf(2, { body: { deep } })
  expect(await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [odd, nested] })).toEqual({
    stored: true,
    ackedSeq: 2,
  })
  expect(JSON.parse((await stored(odd.eventId))[0]?.body ?? '')).toEqual({ text: 'a\u0000b\ud800' })
  expect(await stored(nested.eventId)).toMatchObject([{ state: 'failed', reason: 'body-nested-too-deep' }])
})

test('an event whose handling fails is tried five times with growing pauses and then set aside alone', async () => {
  const epoch = freshEpoch()
  // A number that passes the schema and that no column holds: an int column overflows at 2^31.
  const poison = eventOf(1, { body: { ...eventOf(1).body, copy: 3_000_000_000 } })
  const good = eventOf(2)
  await storeUpload(hospital.db, station(), { stationId, epoch, lane: 'ops', events: [poison, good] })
  failures.length = 0
  for (let round = 0; round < 8; round += 1) {
    await applyAll(projector())
    nowMs += 60_000
  }
  nowMs = morningMs
  expect(await stored(poison.eventId)).toMatchObject([{ state: 'failed', attempts: 5, reason: 'fault: 22003' }])
  expect(await stored(good.eventId)).toMatchObject([{ state: 'applied' }])
  expect(failures.map(({ lastTry }) => lastTry)).toEqual([false, false, false, false, true])
})

test('a failed try does not undo what another node has made of the event meanwhile', async () => {
  const event = eventOf(1)
  await storeUpload(hospital.db, station(), { stationId, epoch: freshEpoch(), lane: 'ops', events: [event] })
  const failure = {
    tenantId: hospital.tenantId,
    eventId: event.eventId,
    lastTry: true,
    nextTryMs: nowMs,
    reason: 'fault',
  }
  const fail = (attempts: number) =>
    inTenant(hospital.db, hospital.tenantId, (tx) => failInboxEvent(tx, { ...failure, attempts }))
  expect(await fail(4)).toBe(false)
  expect(await stored(event.eventId)).toMatchObject([{ state: 'pending', attempts: 0 }])
  await applyAll(projector())
  expect(await fail(1)).toBe(false)
  expect(await stored(event.eventId)).toMatchObject([{ state: 'applied', reason: null, attempts: 0 }])
})

test('a hospital with a long backlog does not keep the others waiting', async () => {
  const structures = [hospitalOfTwoSites(), hospitalOfTwoSites()]
  for (const structure of structures) await addHospital(hospital.db, structure)
  const [busyId = '', quietId = ''] = structures.map(({ hospital: { tenantId } }) => tenantId).sort()
  const upload = (tenantId: string, count: number) =>
    storeUpload(
      hospital.db,
      { ...station(), tenantId },
      { stationId, epoch: 1, lane: 'ops', events: Array.from({ length: count }, (_, at) => eventOf(at + 1)) },
    )
  await upload(busyId, 260)
  await upload(quietId, 1)
  nowMs += 1000
  const pending = async (tenantId: string) =>
    await inTenant(hospital.db, tenantId, (tx) =>
      tx.selectFrom('inbox').select('seq').where('state', '=', 'pending').execute(),
    )
  let asked = 0
  await applyAll(projector(), () => {
    asked += 1
    return asked > 230
  })
  expect(await pending(quietId)).toEqual([])
  expect((await pending(busyId)).length).toBeGreaterThan(20)
  await applyAll(projector())
  expect(await pending(busyId)).toEqual([])
})

test('an uploaded arrival is on the day board with its number, station and standing', async () => {
  const created = acceptedValue(await createBooking(hospital, hospital.staff(), hospital.newBooking()))
  const body = {
    bookingId: created.bookingId,
    clinicId: hospital.newBooking().clinicId,
    day: morningDay,
    queueNumber: 'A037',
    standing: 'on-time',
    arrivedAt: morningMs,
    knownBy: 'feed',
  }
  await storeUpload(hospital.db, station(), {
    stationId,
    epoch: freshEpoch(),
    lane: 'ops',
    events: [eventOf(1, { type: 'patient-arrived', body })],
  })
  await applyAll(projector())
  const board = await readDayBoard(hospital.db, hospital.tenantId, {}, morningMs)
  expect(board.rows).toMatchObject([
    {
      bookingId: created.bookingId,
      state: 'arrived',
      patientNameMasked: '张*',
      arrival: { queueNumber: 'A037', arrivedAt: morningMs, standing: 'on-time', stationName: '大厅 K 机' },
    },
  ])
  expect(board.clinics[0]).toMatchObject({ booked: 0, arrived: 1, cancelled: 0 })
})

test('of two arrivals in one millisecond the earlier by the hybrid clocks counts, whichever is uploaded first', async () => {
  const bookingId = newId(1)
  const other = (await enrolFixtureStation(hospital, 'L')).stationId
  const arrived = (queueNumber: string, hlc: string) => {
    const { clinicId } = hospital.newBooking()
    const body = { bookingId, clinicId, day: morningDay, queueNumber, standing: 'on-time', arrivedAt: morningMs }
    return eventOf(1, { type: 'patient-arrived', hlc, body: { ...body, knownBy: 'feed' } })
  }
  const [first, second] = [arrived('A061', `${morningMs}.00003`), arrived('A062', `${morningMs}.00004`)]
  // The one that comes first has the lower station id, which would decide if nothing else did.
  await storeUpload(hospital.db, station(), { stationId, epoch: freshEpoch(), lane: 'ops', events: [second] })
  await storeUpload(hospital.db, station(), { stationId: other, epoch: freshEpoch(), lane: 'ops', events: [first] })
  await applyAll(projector())
  const counting = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .selectFrom('arrival')
      .select('queue_number')
      .where('booking_id', '=', bookingId)
      .where('alias_of', 'is', null)
      .execute(),
  )
  expect(counting).toEqual([{ queue_number: 'A061' }])
})
