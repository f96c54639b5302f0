import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptedValue, type HospitalFixture, morningDay, openHospital } from '../fixture/hospital-fixture.ts'
import { newId } from '../tenant/new-id.ts'
import { leaseNumbers } from './number-block.ts'

let hospital: HospitalFixture
let clinicId: string
beforeAll(async () => {
  hospital = await openHospital()
  clinicId = hospital.newBooking().clinicId
})
afterAll(() => hospital.close())

const stationId = newId(1)

function lease(
  changes: { blockId?: string; clinicId?: string; day?: string; count?: number; stationId?: string } = {},
) {
  const question = { stationId, blockId: newId(1), clinicId, day: morningDay, count: 20, ...changes }
  return leaseNumbers(hospital.db, hospital.staff(), question)
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

test('a clinic that does not exist leases nothing', async () => {
  expect(await lease({ clinicId: newId(1) })).toEqual({ ok: false, error: 'clinic-unknown' })
})

test('the series ends at 9999: a last short block, then a refusal', async () => {
  const day = '2026-12-02'
  for (let at = 0; at < 19; at += 1) await lease({ day, count: 500 })
  await lease({ day, count: 490 })
  expect(acceptedValue(await lease({ day, count: 50 }))).toMatchObject({ first: 9991, last: 9999 })
  expect(await lease({ day, count: 1 })).toEqual({ ok: false, error: 'series-exhausted' })
})
