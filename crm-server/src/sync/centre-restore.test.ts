import { safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, goodReport, type StationFixture } from '../fixture/enrolled-station.ts'
import {
  acceptedValue,
  type HospitalFixture,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { revokeStation } from '../fleet/fleet.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { noticeRestores } from './centre-restore.ts'
import { type LeaseWitness, passingLeaseWitness } from './lease-witness.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let clinicId: string
let [one, other]: StationFixture[] = []
beforeAll(async () => {
  hospital = await openHospital()
  clinicId = hospital.newBooking().clinicId
  centre = await startCentreFixture(hospital)
}, 60_000)
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const greeting = { appVersion: '0.1.0', epoch: 1, lastSeq: 0, at: morningMs }

function clientOf(station: StationFixture | undefined) {
  if (station === undefined) throw new Error('no such station')
  return station.client(centre.url)
}

function lease(station: StationFixture | undefined, day = morningDay) {
  return safe(clientOf(station).leaseNumbers({ blockId: newId(1), clinicId, day, count: 60 }))
}

/** Greets once, telling the highest number that the station holds, and answers the restore that it is asked for. */
async function greet(station: StationFixture | undefined, restore: string | null, highest = 0, day = morningDay) {
  const numbers = { restore, highest: highest === 0 ? [] : [{ clinicId, day, highest }] }
  return (await clientOf(station).hello({ ...greeting, numbers })).restore ?? null
}

/** Greets as a station does: again, under the name that it was asked under. */
async function tell(station: StationFixture | undefined, highest = 0, day = morningDay): Promise<void> {
  const restore = await greet(station, null, highest, day)
  if (restore !== null) expect(await greet(station, restore, highest, day)).toBeNull()
}

/** As a restore leaves it: the series begin anew, and the witness knows of more leases. */
async function putBack(): Promise<LeaseWitness> {
  const witness = passingLeaseWitness()
  const granted = await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    await tx.updateTable('number_series').set({ next_number: 1 }).execute()
    return await tx.selectFrom('centre_memory').select('leases_granted').executeTakeFirst()
  })
  await witness.note(hospital.tenantId, (granted?.leases_granted ?? 0) + 1)
  return witness
}

test('a centre that was put back leases nothing until every station has told its numbers, then goes on above them', async () => {
  one = await enrolFixtureStation(hospital, 'K')
  other = await enrolFixtureStation(hospital, 'L')
  const day = '2026-11-23'
  expect((await lease(one, day)).data?.last).toBe(60)
  const witness = await putBack()
  expect(await noticeRestores(hospital.db, witness, morningMs)).toEqual([hospital.tenantId])
  expect(await noticeRestores(hospital.db, witness, morningMs)).toEqual([])
  expect((await lease(other, day)).error).toMatchObject({ code: 'numbers-in-doubt' })
  expect((await clientOf(one).report(goodReport(morningMs))).greetAnew).toBe(true)

  await tell(one, 120, day)
  expect((await lease(other, day)).error).toMatchObject({ code: 'numbers-in-doubt' })
  await tell(other)
  expect((await lease(other, day)).data?.first).toBe(121)
  expect((await clientOf(one).report(goodReport(morningMs))).greetAnew).toBeUndefined()
})

test('what a station told before it was asked, or was asked after another restore, does not count', async () => {
  const day = '2026-11-22'
  await noticeRestores(hospital.db, await putBack(), morningMs)
  await tell(other)
  const asked = await greet(one, null)
  expect(await greet(one, newId(1))).toBe(asked)
  expect((await lease(other, day)).error).toMatchObject({ code: 'numbers-in-doubt' })
  expect(await greet(one, asked)).toBeNull()
  expect((await lease(other, day)).error).toBeNull()
})

test('leases of a day that no forgotten one can be of are granted at once', async () => {
  await noticeRestores(hospital.db, await putBack(), morningMs)
  expect((await lease(other, '2026-11-24')).error).toBeNull()
})

test('a station that holds numbers which were never leased proves a restore that nothing else has shown', async () => {
  const day = '2026-11-22'
  for (const station of [one, other]) await tell(station)
  expect((await lease(other, day)).error).toBeNull()
  const asked = await greet(one, null, 5000, day)
  expect(asked).not.toBeNull()
  expect((await lease(other, day)).error).toMatchObject({ code: 'numbers-in-doubt' })
  for (const station of [one, other]) await tell(station)
  expect((await lease(other, day)).data?.first).toBe(5001)
})

test('a station raises only series of its own site, of today and tomorrow', async () => {
  const clinicsElsewhere = hospital.structure.clinics.filter(
    ({ siteId }) => siteId === hospital.structure.sites[1]?.siteId,
  )
  const [elsewhere] = clinicsElsewhere
  if (elsewhere === undefined) throw new Error('no clinic at the other site')
  const day = '2026-11-22'
  const series = () =>
    inTenant(hospital.db, hospital.tenantId, (tx) =>
      tx.selectFrom('number_series').selectAll().orderBy('queue_letter').orderBy('day').execute(),
    )
  const before = await series()
  const highest = [
    { clinicId: elsewhere.clinicId, day, highest: 9000 },
    ...['2026-11-21', '2026-11-24', '2026-12-31'].map((other) => ({ clinicId, day: other, highest: 9000 })),
  ]
  const { restore } = await clientOf(one).hello({ ...greeting, numbers: { restore: null, highest } })
  expect(restore).toBeUndefined()
  expect(await series()).toEqual(before)
})

test('a station that was revoked is not waited for', async () => {
  const gone = await enrolFixtureStation(hospital, 'M')
  await noticeRestores(hospital.db, await putBack(), morningMs)
  for (const station of [one, other]) await tell(station)
  expect((await lease(other)).error).toMatchObject({ code: 'numbers-in-doubt' })
  const revoked = { operationId: newId(1), stationId: gone.stationId, reason: 'lost' }
  acceptedValue(await revokeStation(hospital.db, hospital.staff(), revoked))
  expect((await lease(other)).error).toBeNull()
})

test('a centre that is put back once more, to before the first restore or beside it, notices again', async () => {
  const witness = passingLeaseWitness()
  await noticeRestores(hospital.db, witness, morningMs)
  const memory = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('centre_memory').selectAll().executeTakeFirstOrThrow(),
  )
  for (const position of [0, 1, memory.leases_granted - 1]) {
    await inTenant(hospital.db, hospital.tenantId, (tx) =>
      tx.updateTable('centre_memory').set({ leases_granted: position, doubtful_until: null }).execute(),
    )
    expect(await noticeRestores(hospital.db, witness, morningMs + 1)).toEqual([hospital.tenantId])
    expect(await noticeRestores(hospital.db, witness, morningMs + 1)).toEqual([])
  }
})

test('a place in the feed of before a restore that was noticed is gone', async () => {
  const { cursor } = await clientOf(one).pull({ cursor: null, max: 500 })
  expect((await safe(clientOf(one).pull({ cursor, max: 500 }))).error).toBeNull()
  await noticeRestores(hospital.db, await putBack(), morningMs)
  expect((await safe(clientOf(one).pull({ cursor, max: 500 }))).error).toMatchObject({ code: 'cursor-gone' })
})
