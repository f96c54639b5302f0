import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acceptedValue,
  type HospitalFixture,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { cancelBooking, createBooking } from './appointment.ts'
import { recordArrival } from './arrival.ts'
import { firstArrival } from './first-arrival.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

type Reported = Parameters<typeof recordArrival>[1]

function arrivalOf(bookingId: string, changes: { arrivedAt: number; stationId: string; seq: number }): Reported {
  const { arrivedAt, stationId, seq } = changes
  const clinicId = hospital.newBooking().clinicId
  const body = {
    bookingId,
    clinicId,
    day: morningDay,
    queueNumber: `A00${seq}`,
    standing: 'on-time' as const,
    arrivedAt,
  }
  return {
    eventId: newId(1),
    stationId,
    epoch: 1,
    lane: 'ops',
    seq,
    occurredAt: arrivedAt,
    hlc: null,
    body: { ...body, knownBy: 'feed' },
  }
}

async function record(event: Reported): Promise<void> {
  await inTenant(hospital.db, hospital.tenantId, (tx) => recordArrival({ ...hospital.staff(), tx }, event))
}

async function arrivals(bookingId: string) {
  return await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .selectFrom('arrival')
      .select(['arrival_id', 'alias_of'])
      .where('booking_id', '=', bookingId)
      .orderBy('arrival_id')
      .execute(),
  )
}

async function newBookingId(): Promise<string> {
  const input = hospital.newBooking({ operationId: randomUUID() })
  return acceptedValue(await createBooking(hospital, hospital.staff(), input)).bookingId
}

async function stateOf(bookingId: string) {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('booking').select(['state', 'version']).where('booking_id', '=', bookingId).execute(),
  )
  return rows[0]
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}

test('of several arrivals the same one counts, in whatever order and however often they are reported', async () => {
  const [stationA, stationB] = [newId(1), newId(1)].sort()
  const claims = [
    { arrivedAt: morningMs + 60_000, stationId: stationA ?? '', seq: 4 },
    { arrivedAt: morningMs, stationId: stationB ?? '', seq: 1 },
    { arrivedAt: morningMs, stationId: stationA ?? '', seq: 3 },
    { arrivedAt: morningMs, stationId: stationA ?? '', seq: 2 },
  ]
  for (const order of permutations(claims)) {
    const bookingId = await newBookingId()
    const events = order.map((claim) => arrivalOf(bookingId, claim))
    for (const event of [...events, ...events]) await record(event)
    const winner = events.find(({ seq }) => seq === 2)?.eventId
    const kept = await arrivals(bookingId)
    expect(kept).toHaveLength(4)
    expect(kept.filter(({ alias_of }) => alias_of === null).map(({ arrival_id }) => arrival_id)).toEqual([winner])
    expect(kept.filter(({ alias_of }) => alias_of === winner)).toHaveLength(3)
    expect(await stateOf(bookingId)).toEqual({ state: 'arrived', version: 2 })
  }
})

test('arrivals reported at the same moment leave exactly one that counts, for a booking known or not', async () => {
  for (const bookingId of [await newBookingId(), newId(1), newId(1), newId(1), newId(1)]) {
    const events = Array.from({ length: 16 }, (_, seq) =>
      arrivalOf(bookingId, { arrivedAt: morningMs + seq, stationId: newId(1), seq: seq + 1 }),
    )
    await Promise.all(events.map(record))
    const first = (await arrivals(bookingId)).filter(({ alias_of }) => alias_of === null)
    expect(first).toMatchObject([{ arrival_id: events[0]?.eventId }])
  }
})

test('a booking cancelled while the patient checked in offline is reinstated', async () => {
  const bookingId = await newBookingId()
  await cancelBooking(hospital, hospital.staff(), { bookingId, operationId: randomUUID() })
  await record(arrivalOf(bookingId, { arrivedAt: morningMs, stationId: newId(1), seq: 1 }))
  expect(await stateOf(bookingId)).toMatchObject({ state: 'arrived' })
})

test('an arrival for a booking that the centre does not know is kept', async () => {
  const bookingId = newId(1)
  await record(arrivalOf(bookingId, { arrivedAt: morningMs, stationId: newId(1), seq: 1 }))
  expect(await arrivals(bookingId)).toHaveLength(1)
})

test('which arrival is first depends on the claims alone', () => {
  const claim = fc.record({
    arrivalId: fc.uuid(),
    arrivedAt: fc.integer({ min: 0, max: 3 }),
    hlc: fc.constantFrom(null, '1790000000000.00000', '1790000000000.00001'),
    stationId: fc.constantFrom('a', 'b'),
    epoch: fc.integer({ min: 1, max: 2 }),
    seq: fc.integer({ min: 1, max: 3 }),
  })
  const claims = fc.array(claim, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(claims, fc.integer({ min: 0, max: 5 }), (given, turn) => {
      const turned = [...given.slice(turn), ...given.slice(0, turn)].reverse()
      expect(firstArrival(turned)).toEqual(firstArrival(given))
    }),
  )
})
