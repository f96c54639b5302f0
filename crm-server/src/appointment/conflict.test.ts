import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import {
  acceptedValue,
  type HospitalFixture,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { cancelBooking, createBooking, rescheduleBooking } from './appointment.ts'
import { recordArrival } from './arrival.ts'

type Reported = Parameters<typeof recordArrival>[1]

let hospital: HospitalFixture
let centre: CentreFixture
const stationIds: string[] = []

beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  for (const letter of ['K', 'L', 'M']) stationIds.push((await enrolFixtureStation(hospital, letter)).stationId)
  centre.signIn('front-desk')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

function arrivalAt(bookingId: string, where: { station: number; queueNumber: string; minute?: number; day?: string }) {
  const arrivedAt = morningMs + (where.minute ?? 0) * 60_000
  const body: Reported['body'] = {
    bookingId,
    clinicId: hospital.newBooking().clinicId,
    day: where.day ?? morningDay,
    queueNumber: where.queueNumber,
    standing: 'on-time',
    arrivedAt,
    knownBy: 'feed',
  }
  const stationId = stationIds[where.station] ?? ''
  return {
    eventId: newId(1),
    stationId,
    epoch: 1,
    lane: 'ops' as const,
    seq: 1,
    occurredAt: arrivedAt,
    hlc: null,
    body,
  }
}

async function record(...events: Reported[]): Promise<void> {
  for (const event of events) {
    await inTenant(hospital.db, hospital.tenantId, (tx) => recordArrival({ ...hospital.staff(), tx }, event))
  }
}

async function newBookingId(): Promise<string> {
  const input = hospital.newBooking({ operationId: randomUUID() })
  return acceptedValue(await createBooking(hospital, hospital.staff(), input)).bookingId
}

async function conflictsOf(bookingId: string) {
  const { rows } = await centre.staff.appointment.conflicts()
  return rows.filter((row) => row.bookingId === bookingId)
}

const settlement = (row: Awaited<ReturnType<typeof conflictsOf>>[number] | undefined) => ({
  bookingId: row?.bookingId ?? '',
  kind: row?.kind ?? 'two-places',
  version: row?.version ?? 1,
  settlement: 'told-patient' as const,
  operationId: randomUUID(),
})

test('one booking checked in at two stations is listed with both numbers and the one that counts', async () => {
  const bookingId = await newBookingId()
  await record(arrivalAt(bookingId, { station: 1, queueNumber: 'A-L01', minute: 5 }))
  expect(await conflictsOf(bookingId)).toEqual([])
  await record(arrivalAt(bookingId, { station: 0, queueNumber: 'A037' }))
  const [conflict, ...others] = await conflictsOf(bookingId)
  expect(others).toEqual([])
  expect(conflict).toMatchObject({ kind: 'two-places', patientNameMasked: '张*', settled: null, version: 1 })
  expect(conflict?.arrivals).toEqual([
    {
      queueNumber: 'A037',
      arrivedAt: morningMs,
      stationName: { 'zh-CN': '大厅 K 机', en: 'Lobby K' },
      counts: true,
      ofMoved: false,
    },
    expect.objectContaining({ queueNumber: 'A-L01', counts: false }),
  ])
})

test('a booking cancelled meanwhile is listed, and so is one that was moved, with both live numbers once the patient has come twice', async () => {
  const cancelled = await newBookingId()
  await cancelBooking(hospital, hospital.staff(), { bookingId: cancelled, operationId: randomUUID() })
  await record(arrivalAt(cancelled, { station: 0, queueNumber: 'A038' }))
  expect(await conflictsOf(cancelled)).toMatchObject([{ kind: 'cancelled-meanwhile' }])

  const old = await newBookingId()
  const slot = { slotStart: morningMs + 7_200_000, slotEnd: morningMs + 8_100_000 }
  const move = { bookingId: old, operationId: randomUUID(), ...slot }
  const moved = acceptedValue(await rescheduleBooking(hospital, hospital.staff(), move))
  await record(arrivalAt(old, { station: 0, queueNumber: 'A039' }))
  const [first] = await conflictsOf(old)
  expect(first).toMatchObject({ kind: 'moved-meanwhile', movedTo: slot.slotStart, arrivals: [{ ofMoved: false }] })
  await centre.staff.appointment.settleConflict(settlement(first))
  await record(arrivalAt(moved.bookingId, { station: 1, queueNumber: 'A040', minute: 1 }))
  expect(await conflictsOf(old)).toMatchObject([
    {
      settled: null,
      arrivals: [
        { queueNumber: 'A039', ofMoved: false, counts: true },
        { queueNumber: 'A040', ofMoved: true, counts: true },
      ],
    },
  ])
})

test('an arrival on another day, and two numbers from one station, are listed', async () => {
  const bookingId = await newBookingId()
  await record(
    arrivalAt(bookingId, { station: 2, queueNumber: 'A041', day: '2026-11-23' }),
    arrivalAt(bookingId, { station: 2, queueNumber: 'A-M01', minute: 1 }),
  )
  expect((await conflictsOf(bookingId)).map(({ kind }) => kind)).toEqual(['other-day', 'two-numbers'])
})

test('a settled conflict says who, when and what; it cannot be settled by what was seen before, and a new arrival opens it', async () => {
  const bookingId = await newBookingId()
  const reports = [0, 1].map((station) => arrivalAt(bookingId, { station, queueNumber: `A05${station}` }))
  await record(...reports)
  const [seen] = await conflictsOf(bookingId)
  const asked = settlement(seen)
  const answer = await centre.staff.appointment.settleConflict(asked)
  expect(await centre.staff.appointment.settleConflict(asked)).toEqual(answer)
  const [settled] = await conflictsOf(bookingId)
  expect(settled?.settled).toMatchObject({ at: answer.settledAt, settlement: 'told-patient' })
  expect(settled?.settled?.byName).not.toBe('')
  await expect(centre.staff.appointment.settleConflict(settlement(seen))).rejects.toMatchObject({
    code: 'conflict-changed',
  })
  await record(...reports)
  expect(await conflictsOf(bookingId)).toEqual([settled])
  await record(arrivalAt(bookingId, { station: 2, queueNumber: 'A052' }))
  expect(await conflictsOf(bookingId)).toMatchObject([{ settled: null, arrivals: [{}, {}, {}] }])
  const audited = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('audit').select('action').where('object_id', '=', bookingId).execute(),
  )
  expect(audited).toContainEqual({ action: 'conflict-settled-told-patient' })
})

test('the same arrivals make the same conflicts, in whatever order and however often they are reported', async () => {
  const report = fc.record({
    station: fc.nat(2),
    number: fc.nat(2),
    minute: fc.nat(3),
    day: fc.constantFrom(morningDay, '2026-11-23'),
  })
  const plan = fc.record({
    reports: fc.array(report, { minLength: 1, maxLength: 5 }),
    fate: fc.constantFrom('booked', 'cancelled', 'moved'),
    keys: fc.array(fc.nat(), { minLength: 15, maxLength: 15 }),
  })
  await fc.assert(
    fc.asyncProperty(plan, async ({ reports, fate, keys }) => {
      const outcomes = []
      for (const shuffled of [false, true]) {
        const bookingId = await newBookingId()
        await meetFate(bookingId, fate)
        const events = reports.map(({ number, ...at }) => arrivalAt(bookingId, { ...at, queueNumber: `A10${number}` }))
        const told = [...events, ...events, ...events].map((event, at) => ({ event, key: keys[at] ?? 0 }))
        const order = shuffled ? told.sort((a, b) => a.key - b.key).map(({ event }) => event) : events
        await record(...order)
        const rows = await conflictsOf(bookingId)
        const seen = rows.map(({ kind, arrivals }) => ({
          kind,
          arrivals: arrivals.map(({ queueNumber, arrivedAt }) => `${arrivedAt} ${queueNumber}`).sort(),
        }))
        outcomes.push(seen.sort((a, b) => (a.kind < b.kind ? -1 : 1)))
      }
      expect(outcomes[1]).toEqual(outcomes[0])
    }),
    { numRuns: 25 },
  )
})

async function meetFate(bookingId: string, fate: string): Promise<void> {
  const operationId = randomUUID()
  const slot = { slotStart: morningMs + 86_400_000, slotEnd: morningMs + 87_000_000 }
  if (fate === 'cancelled') await cancelBooking(hospital, hospital.staff(), { bookingId, operationId })
  if (fate === 'moved') await rescheduleBooking(hospital, hospital.staff(), { bookingId, operationId, ...slot })
}
