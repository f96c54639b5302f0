import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordArrival } from '../appointment/arrival.ts'
import { acceptedValue, type HospitalFixture, morningDay, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { takeToldNumbers } from './centre-restore.ts'
import { passingLeaseWitness } from './lease-witness.ts'
import { leaseNumbers } from './number-block.ts'

let hospital: HospitalFixture
let clinicId: string
beforeAll(async () => {
  hospital = await openHospital()
  clinicId = hospital.newBooking().clinicId
})
afterAll(() => hospital.close())

const stationId = newId(1)
const witness = passingLeaseWitness()

function lease(
  changes: { blockId?: string; clinicId?: string; day?: string; count?: number; stationId?: string } = {},
) {
  const siteId = hospital.structure.sites[0]?.siteId ?? ''
  const question = { stationId, siteId, blockId: newId(1), clinicId, day: morningDay, count: 20, ...changes }
  return leaseNumbers({ db: hospital.db, witness }, hospital.staff(), question)
}

test('forty stations asking at once get blocks that never overlap and leave no hole', async () => {
  const day = '2026-12-01'
  const outcomes = await Promise.all(Array.from({ length: 40 }, (_, at) => lease({ day, count: 1 + (at % 7) })))
  const numbers = outcomes.flatMap((outcome) => {
    const { first, last } = acceptedValue(outcome)
    return Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
  numbers.sort((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, at) => at + 1))
})

/** Takes in a patient's arrival as a station reported it. */
async function report(day: string, queueNumber: string): Promise<void> {
  const body = {
    bookingId: newId(1),
    clinicId,
    day,
    queueNumber,
    standing: 'on-time',
    arrivedAt: 1,
    knownBy: 'feed',
  } as const
  const event = { eventId: newId(1), stationId, epoch: 1, lane: 'ops' as const, seq: 1, occurredAt: 1, hlc: null, body }
  await inTenant(hospital.db, hospital.tenantId, (tx) => recordArrival({ ...hospital.staff(), tx }, event))
}

test('a centre restored from before a lease gives out nothing that patients have come with since', async () => {
  const day = '2026-12-03'
  await report(day, 'A037')
  await report(day, 'A1002')
  await report(day, 'A999')
  await report(day, 'B1500')
  await report(day, 'A-K2000')
  await report('2026-12-04', 'A1600')
  expect(acceptedValue(await lease({ day }))).toMatchObject({ first: 1003, last: 1022 })
  await report(day, 'A1010')
  expect(acceptedValue(await lease({ day }))).toMatchObject({ first: 1023, last: 1042 })
})

test('a series that fell behind its own blocks goes on above them', async () => {
  const day = '2026-12-05'
  await lease({ day, count: 300 })
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.updateTable('number_series').set({ next_number: 1 }).where('day', '=', day).execute(),
  )
  expect(acceptedValue(await lease({ day }))).toMatchObject({ first: 301, last: 320 })
})

test('the same block asked for again, even at the same moment, is the same block', async () => {
  const blockId = newId(1)
  const outcomes = await Promise.all([1, 2, 3].map(() => lease({ blockId })))
  const first = acceptedValue(outcomes[0] ?? { ok: false, error: 'none' })
  expect(outcomes.map(acceptedValue)).toEqual([first, first, first])
  const next = acceptedValue(await lease())
  expect(next.first).toBe(first.last + 1)
})

test('a block id of another station or clinic is refused', async () => {
  const blockId = newId(1)
  await lease({ blockId })
  expect(await lease({ blockId, stationId: newId(1) })).toEqual({ ok: false, error: 'block-of-another' })
})

test('a clinic that does not exist, or stands at another site, leases nothing', async () => {
  expect(await lease({ clinicId: newId(1) })).toEqual({ ok: false, error: 'clinic-unknown' })
  const elsewhere = hospital.structure.clinics.find(({ siteId }) => siteId !== hospital.newBooking().siteId)
  expect(await lease({ clinicId: elsewhere?.clinicId ?? '' })).toEqual({ ok: false, error: 'clinic-unknown' })
})

test('the series ends at 9999: a last short block, then a refusal', async () => {
  const day = '2026-12-02'
  for (let at = 0; at < 19; at += 1) await lease({ day, count: 500 })
  await lease({ day, count: 490 })
  expect(acceptedValue(await lease({ day, count: 50 }))).toMatchObject({ first: 9991, last: 9999 })
  expect(await lease({ day, count: 1 })).toEqual({ ok: false, error: 'series-exhausted' })
})

test('stations that greet and stations that lease at the same moment never hold each other up for good', async () => {
  const day = '2026-12-09'
  const highest = acceptedValue(await lease({ day })).last
  const told = { restore: null, highest: [{ clinicId, day, highest }] }
  const siteId = hospital.structure.sites[0]?.siteId ?? ''
  const greet = () =>
    inTenant(hospital.db, hospital.tenantId, (tx) =>
      takeToldNumbers(
        { ...hospital.staff(Date.parse(`${day}T08:00:00+08:00`)), tx },
        witness,
        { stationId, siteId },
        told,
      ),
    )
  const all = await Promise.allSettled(
    Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? greet() : lease({ day, count: 1 }))),
  )
  expect(all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([])
})

test('a lease that is asked for again is known to the witness before it is answered', async () => {
  const blockId = newId(1)
  await lease({ blockId })
  const position = witness.position(hospital.tenantId) ?? 0
  const killedBefore = passingLeaseWitness()
  await killedBefore.note(hospital.tenantId, position - 1)
  const siteId = hospital.structure.sites[0]?.siteId ?? ''
  const again = { stationId, siteId, blockId, clinicId, day: morningDay, count: 20 }
  acceptedValue(await leaseNumbers({ db: hospital.db, witness: killedBefore }, hospital.staff(), again))
  expect(killedBefore.position(hospital.tenantId)).toBe(position)
})
