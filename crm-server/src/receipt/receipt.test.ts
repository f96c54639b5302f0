import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { receiptNumberOf } from '@yizhan/rules/receipt/receipt-number'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, type StationFixture } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningDay, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { listStations } from '../fleet/fleet.ts'
import { applyAll } from '../sync/projector.ts'
import { newId } from '../tenant/new-id.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let station: StationFixture

beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  station = await enrolFixtureStation(hospital, 'K')
  centre.signIn('front-desk')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const numberOf = (sequence: number) => receiptNumberOf({ day: morningDay, stationLetter: 'K', mark: 320, sequence })

function reported(seq: number, receiptNumber: string | undefined, verdict: ReadinessReport['verdict'] = 'ready') {
  const times = { startedAt: morningMs, changedAt: morningMs + seq }
  const report: ReadinessReport = { reportId: newId(morningMs), ...times, verdict, running: false, devices: [] }
  const body = receiptNumber === undefined ? report : { ...report, receiptNumber }
  return { eventId: newId(morningMs), seq, type: 'readiness-reported', schemaVersion: 1, occurredAt: morningMs, body }
}

const apply = () => applyAll({ db: hospital.db, now: () => morningMs, onFailure: () => undefined })

test('a report is found by its receipt number, also when it is not the newest any more', async () => {
  const [first, second] = [reported(1, numberOf(1)), reported(2, numberOf(2), 'not-ready')]
  await station.client(centre.url).upload({ epoch: 1, lane: 'bulk', events: [first, second] })
  await apply()
  await apply()
  const found = await centre.staff.receipt.find({ receiptNumber: numberOf(1) })
  expect(found.receipts).toEqual([
    {
      receiptNumber: numberOf(1),
      kind: 'readiness',
      stationId: station.stationId,
      stationName: expect.objectContaining({ 'zh-CN': '大厅 K 机' }),
      issuedAt: morningMs + 1,
      report: first.body,
    },
  ])
  await expect(centre.staff.receipt.find({ receiptNumber: numberOf(3) })).rejects.toMatchObject({
    code: 'receipt-unknown',
  })
})

test('a number that was given out twice shows both: neither is refused, and neither hides the other', async () => {
  await station.client(centre.url).upload({
    epoch: 2,
    lane: 'bulk',
    events: [reported(1, numberOf(7)), reported(2, numberOf(7), 'not-ready')],
  })
  await apply()
  const { receipts } = await centre.staff.receipt.find({ receiptNumber: numberOf(7) })
  expect(receipts.map(({ report }) => report.verdict)).toEqual(['ready', 'not-ready'])
})

test('after an upgrade the first report of the lane `bulk` is newer than all of the lane by which they came before', async () => {
  const other = await enrolFixtureStation(hospital, 'L')
  const client = other.client(centre.url)
  const padding = Array.from({ length: 4 }, (_, at) => reported(at + 1, undefined, 'not-ready'))
  await client.upload({ epoch: 1, lane: 'ops', events: padding })
  await client.upload({ epoch: 1, lane: 'bulk', events: [reported(1, undefined, 'ready')] })
  await apply()
  const rows = await listStations(hospital.db, hospital.tenantId, morningMs)
  expect(rows.find(({ stationId }) => stationId === other.stationId)?.readiness?.verdict).toBe('ready')
})
