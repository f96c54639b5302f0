import { ORPCError } from '@orpc/client'
import type { FeedChange } from '@yizhan/contracts/sync'
import { createBooking } from '@yizhan/crm-server/appointment/appointment'
import { type CentreFixture, startCentreFixture } from '@yizhan/crm-server/fixture/centre-fixture'
import { enrolFixtureStation, type StationFixture } from '@yizhan/crm-server/fixture/enrolled-station'
import {
  acceptedValue,
  addHospital,
  type HospitalFixture,
  horizonPassed,
  openHospital,
} from '@yizhan/crm-server/fixture/hospital-fixture'
import { inTenant } from '@yizhan/crm-server/postgres/database'
import { applyAll } from '@yizhan/crm-server/sync/projector'
import { newId } from '@yizhan/crm-server/tenant/new-id'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginTransaction, endTransaction } from './centre-feed-model.ts'
import { answerCall, emptyCentre } from './centre-model.ts'
import { applyNextEvent } from './centre-projector-model.ts'
import type { CentreAnswer, CentreCall, CentreState } from './centre-state.ts'
import { simulatedHospital } from './simulated-hospital.ts'

const { tenantId, siteId, clinics } = simulatedHospital
const [clinic] = clinics
const day = '2026-11-22'

let opened: HospitalFixture
let hospital: HospitalFixture
let centre: CentreFixture
let stations: StationFixture[]
let model: CentreState
let counter = 0

beforeAll(async () => {
  opened = await openHospital()
  const structure = { hospital: simulatedHospital.hospital, sites: [simulatedHospital.site], clinics: [...clinics] }
  await addHospital(opened.db, structure)
  hospital = { ...opened, structure, tenantId, staff: (nowMs) => ({ ...opened.staff(nowMs), tenantId }) }
  centre = await startCentreFixture(hospital)
  stations = [await enrolFixtureStation(hospital, 'K'), await enrolFixtureStation(hospital, 'L')]
  model = emptyCentre()
})
afterAll(async () => {
  await centre.stop()
  await opened.close()
})

const deps = {
  now: () => centre.clock.nowMs,
  bug: null,
  pageRows: 2000,
  witness: { granted: 0 },
  drawId: () => newId(1),
}

/** Asks the real centre and the model the same and answers what each said, refusals as values. */
async function askBoth(at: number, call: CentreCall): Promise<{ real: CentreAnswer; modelled: CentreAnswer }> {
  const station = stations[at]
  if (station === undefined) throw new Error('no such station')
  counter += 1
  const modelled = answerCall(model, deps, { from: station.stationId, counter, call })
  const client = station.client(centre.url)
  const asked = client[call.name] as (input: unknown) => Promise<unknown>
  const real = await asked(call.input).then(
    (value): CentreAnswer => ({ ok: true, value }),
    (error: unknown): CentreAnswer => {
      if (!(error instanceof ORPCError)) throw error
      const data = error.data as Record<string, unknown> | undefined
      return { ok: false, code: error.code, status: error.status, ...(data === undefined ? {} : { data }) }
    },
  )
  return { real, modelled }
}

/** Both say the same. */
async function agree(at: number, call: CentreCall): Promise<void> {
  const { real, modelled } = await askBoth(at, call)
  expect(modelled).toEqual(real)
}

function eventOf(seq: number, type: string, body: Record<string, unknown>) {
  const [eventId, occurredAt] = [newId(centre.clock.nowMs), centre.clock.nowMs]
  return { eventId, seq, type, schemaVersion: 1, occurredAt, body }
}

function arrivalOf(seq: number, bookingId: string, queueNumber: string, arrivedAt: number) {
  const place = { bookingId, clinicId: clinic?.clinicId, day, queueNumber, standing: 'on-time', knownBy: 'feed' }
  return eventOf(seq, 'patient-arrived', { ...place, arrivedAt })
}

function printOf(seq: number, copy = 1) {
  const job = { jobId: newId(1), bookingId: newId(1), state: 'confirmed', settledAt: 1, by: 'evidence' }
  return eventOf(seq, 'ticket-print-settled', { ...job, copy })
}

/** Both apply what is due, until what fails is set aside. */
async function projectBoth(): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    await applyAll({ db: hospital.db, now: deps.now, onFailure: () => undefined })
    while (applyNextEvent(model, deps, () => newId(centre.clock.nowMs)));
    centre.clock.nowMs += 60_000
  }
}

async function agreeOnResults(): Promise<void> {
  await inTenant(hospital.db, tenantId, async (tx) => {
    const inbox = await tx
      .selectFrom('inbox')
      .select(['event_id', 'epoch', 'lane', 'seq', 'state', 'reason', 'attempts'])
      .execute()
    const modelled = model.inbox.map(({ eventId, epoch, lane, seq, state, reason, attempts }) => {
      return { event_id: eventId, epoch, lane, seq, state, reason, attempts }
    })
    expect(sorted(modelled)).toEqual(sorted(inbox))
    const arrivals = await tx.selectFrom('arrival').select(['arrival_id', 'queue_number', 'alias_of']).execute()
    const claims = model.arrivals.map(({ arrivalId, queueNumber, aliasOf }) => {
      return { arrival_id: arrivalId, queue_number: queueNumber, alias_of: aliasOf }
    })
    expect(sorted(claims)).toEqual(sorted(arrivals))
  })
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

function inOrder(changes: readonly FeedChange[]): FeedChange[] {
  return changes.toSorted((one, other) => (`${one.kind}/${one.key}` < `${other.kind}/${other.key}` ? -1 : 1))
}

test('uploads: runs, repeats, overlaps, gaps and a new epoch are answered alike and stored alike', async () => {
  const [first, second, third, fourth] = [printOf(1), printOf(2), printOf(3), printOf(4)]
  const upload = (epoch: number, events: (typeof first)[]) => agree(0, { name: 'upload', input: { epoch, events } })
  await upload(1, [second])
  await upload(1, [first, third])
  await upload(1, [first, second])
  await upload(1, [first, second])
  await upload(1, [second, third])
  await upload(1, [fourth])
  await upload(2, [{ ...third, seq: 1 }, { ...fourth, seq: 2 }, printOf(3)])
  const bulk = (events: (typeof first)[]) => agree(0, { name: 'upload', input: { epoch: 2, lane: 'bulk', events } })
  await bulk([eventOf(2, 'parcel-locker-opened', {})])
  await bulk([eventOf(1, 'parcel-locker-opened', {})])
  await bulk([{ ...first, seq: 2 }])
  await projectBoth()
  await agreeOnResults()
})

test('greetings tell the same place in the outbox, in every epoch', async () => {
  for (const epoch of [1, 2, 3]) {
    const input = { appVersion: '0.1.0', epoch, lastSeq: 9, at: 1 }
    const { real, modelled } = await askBoth(0, { name: 'hello', input })
    const place = (answer: CentreAnswer) => {
      if (!answer.ok) throw new Error(answer.code)
      const { ackedSeq, ackedEventId, bulk } = answer.value as Record<string, unknown>
      return { ackedSeq, ackedEventId, bulk }
    }
    expect(place(modelled)).toEqual(place(real))
  }
})

test('leases: the same block again, the next one, another’s, and a clinic that is not there', async () => {
  const lease = (at: number, blockId: string, changes: object = {}) =>
    agree(at, {
      name: 'leaseNumbers',
      input: { blockId, clinicId: clinic?.clinicId ?? '', day, count: 60, ...changes },
    })
  const [one, other] = [newId(1), newId(1)]
  await lease(0, one)
  await lease(1, other)
  await lease(0, one)
  await lease(1, newId(1), { day: '2026-11-23' })
  const theirs = await askBoth(1, {
    name: 'leaseNumbers',
    input: { blockId: one, clinicId: clinic?.clinicId ?? '', day, count: 60 },
  })
  expect([theirs.real.ok, theirs.modelled.ok]).toEqual([false, false])
  const missing = { name: 'leaseNumbers', input: { blockId: newId(1), clinicId: newId(1), day, count: 1 } } as const
  const unknown = await askBoth(0, missing)
  expect([unknown.real, unknown.modelled]).toEqual([
    expect.objectContaining({ ok: false, code: 'clinic-unknown', status: 404 }),
    expect.objectContaining({ ok: false, code: 'clinic-unknown', status: 404 }),
  ])
})

test('arrivals in any order, of two stations, with poison and unknown events between, end alike; the feed tells of them alike', async () => {
  const booked = await createBooking(hospital, hospital.staff(centre.clock.nowMs), {
    ...hospital.newBooking(),
    siteId,
    clinicId: clinic?.clinicId ?? '',
  })
  const { bookingId } = acceptedValue(booked)
  await horizonPassed(hospital.db)
  const snapshot = await rowsOf(null)
  const row = snapshot.changes.find(({ key }) => key === bookingId)?.row
  const xid = beginTransaction(model)
  model.bookings.set(bookingId, row as never)
  endTransaction(model, xid, [{ changeId: newId(1), kind: 'booking', key: bookingId }])
  const { modelled } = await askBoth(0, { name: 'pull', input: { cursor: null, max: 2000 } })
  if (!modelled.ok) throw new Error(modelled.code)
  const page = modelled.value as { changes: FeedChange[]; cursor: string }
  expect(inOrder(page.changes)).toEqual(inOrder(snapshot.changes))

  const late = arrivalOf(1, bookingId, 'A061', 2_000_000)
  const early = arrivalOf(4, bookingId, 'A001', 1_000_000)
  const odd = eventOf(2, 'parcel-locker-opened', { locker: 7 })
  await agree(1, { name: 'upload', input: { epoch: 1, events: [late, odd, printOf(3, 3_000_000_000)] } })
  await agree(0, { name: 'upload', input: { epoch: 2, events: [early] } })
  await projectBoth()
  await agreeOnResults()

  await horizonPassed(hospital.db)
  const changed = await rowsOf(snapshot.cursor)
  const again = await askBoth(0, { name: 'pull', input: { cursor: page.cursor, max: 2000 } })
  if (!again.modelled.ok) throw new Error(again.modelled.code)
  expect(inOrder((again.modelled.value as typeof page).changes)).toEqual(inOrder(changed.changes))
})

/** The rows that the real centre sends after a cursor of its own. */
async function rowsOf(cursor: string | null) {
  const client = stations[0]?.client(centre.url)
  if (client === undefined) throw new Error('no station')
  return await client.pull({ cursor, max: 2000 })
}
