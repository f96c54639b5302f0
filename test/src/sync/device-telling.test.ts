import { deviceChange } from '@yizhan/contracts/device'
import { readinessReport } from '@yizhan/contracts/readiness'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type HallAndCentre, openHallAndCentre } from './hall-and-centre.ts'

let hall: HallAndCentre

beforeEach(async () => {
  hall = await openHallAndCentre()
})
afterEach(() => hall.stop())

const patient = { timeout: 60_000, interval: 200 }

test('what became of the devices, and the readiness report of a station without network, reach the centre once, with nothing of any patient', async () => {
  const told = () =>
    hall.query<{ change_id: string; device_id: string; phase: string }>(
      'select change_id, device_id, phase from device_change',
    )
  await hall.startStation()
  await vi.waitFor(
    async () => expect(await told()).toContainEqual(expect.objectContaining({ device_id: 'printer', phase: 'ready' })),
    patient,
  )
  const before = (await told()).length
  hall.setNetworkCut(true)
  await hall.stopStation()
  await hall.startStation()
  const reportId = await hall.checkReadiness()
  const [booking] = hall.bookings
  if (booking === undefined) throw new Error('the demonstration has no booking')
  await hall.standingOf(booking)
  hall.setNetworkCut(false)
  await vi.waitFor(async () => {
    const [station] = await hall.query<{ readiness: unknown }>('select readiness from station')
    expect(readinessReport.parse(station?.readiness)).toMatchObject({ reportId, running: false })
    expect((await told()).length).toBeGreaterThan(before)
  }, patient)
  const rows = await told()
  expect(new Set(rows.map(({ change_id }) => change_id)).size).toBe(rows.length)
  const whole = await hall.query<Record<string, unknown>>(
    `select change_id as "changeId", device_id as "deviceId", kind, phase, reasons, source, seq::int,
       (extract(epoch from changed_at) * 1000)::bigint::float8 as since from device_change`,
  )
  // The contract's shape is strict: there is no field in which anything of a patient could stand.
  for (const row of whole) expect(deviceChange.parse(row)).toEqual(row)
  const text = JSON.stringify([whole, await hall.query('select readiness from station')])
  for (const { code, secondItem } of hall.bookings) {
    expect(text.includes(code), code).toBe(false)
    expect(text.includes(`"${secondItem}"`), secondItem).toBe(false)
  }
})
