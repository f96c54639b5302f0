import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type HallAndCentre, openHallAndCentre } from './hall-and-centre.ts'

let hall: HallAndCentre

beforeEach(async () => {
  hall = await openHallAndCentre()
})
afterEach(() => hall.stop())

const patient = { timeout: 40_000, interval: 200 }
const onTime = () => hall.bookings.filter(({ shows }) => shows === 'on-time')
const numbersAtCentre = async () =>
  (await hall.query<{ queue_number: string }>('select queue_number from arrival order by queue_number')).map(
    (row) => row.queue_number,
  )
/** The slip's own event follows the arrival's when its paper is cut. */
const waitForEverythingSent = () =>
  vi.waitFor(
    async () => expect(await hall.query("select 1 from inbox where type = 'ticket-print-settled'")).toHaveLength(1),
    patient,
  )
const waitForNumbers = (numbers: string[]) =>
  vi.waitFor(async () => expect(await numbersAtCentre()).toEqual([...numbers].sort()), patient)

test('what was checked in without the network is at the centre once, soon after it is back', async () => {
  await hall.startStation()
  const [first, second, third] = onTime()
  if (!first || !second || !third) throw new Error('too few bookings')
  const numbers = [await hall.checkIn(first)]
  await waitForNumbers(numbers)
  hall.setNetworkCut(true)
  numbers.push(await hall.checkIn(second), await hall.checkIn(third))
  await hall.stopStation()
  await hall.startStation()
  expect(await numbersAtCentre()).toEqual([numbers[0]])
  hall.setNetworkCut(false)
  await waitForNumbers(numbers)
  const events = await hall.query<{ n: string }>("select count(*) as n from inbox where type = 'patient-arrived'")
  expect(events[0]?.n).toBe('3')
})

test('a centre that went back in time is made whole from the station, without anything twice', async () => {
  await hall.startStation()
  const [first, second, third] = onTime()
  if (!first || !second || !third) throw new Error('too few bookings')
  const numbers = [await hall.checkIn(first), await hall.checkIn(second)]
  await waitForNumbers(numbers)
  // What an older backup of the centre looks like to its stations.
  await hall.query('delete from arrival')
  await hall.query('delete from inbox')
  await hall.query('update sync_cursor set acked_seq = 0')
  numbers.push(await hall.checkIn(third))
  await waitForNumbers(numbers)
})

test('a station whose disk is an older copy of itself, twice, opens new epochs and every arrival is heard', async () => {
  await hall.startStation()
  const [first, second, third, fourth] = onTime()
  if (!first || !second || !third || !fourth) throw new Error('too few bookings')
  const numbers = [await hall.checkIn(first)]
  await waitForNumbers(numbers)
  await hall.stopStation()
  const files = readdirSync(hall.stationFolder).filter((name) => name.startsWith('station.db'))
  for (const name of files) copyFileSync(join(hall.stationFolder, name), join(hall.stationFolder, `older-${name}`))
  const restoreOlderDisk = () => {
    for (const name of files) copyFileSync(join(hall.stationFolder, `older-${name}`), join(hall.stationFolder, name))
  }
  await hall.startStation()
  for (const booking of [second, third, fourth]) {
    numbers.push(await hall.checkIn(booking))
    await waitForNumbers(numbers)
    await hall.stopStation()
    restoreOlderDisk()
    // The next patient does not wait for the greeting: their events take places that the centre already knows.
    await hall.startStation()
  }
  const epochs = await hall.query<{ epoch: string }>(
    "select epoch::text from sync_cursor where lane = 'ops' order by epoch",
  )
  expect(epochs.map(({ epoch }) => epoch)).toEqual(['1', '2', '3'])
})

test('after a week without patients, when every sent event has been forgotten, the next one is heard', async () => {
  const [first, second] = onTime()
  if (!first || !second) throw new Error('too few bookings')
  await hall.startStation()
  const numbers = [await hall.checkIn(first)]
  await waitForNumbers(numbers)
  await waitForEverythingSent()
  await hall.stopStation()
  await hall.forgetSentEvents()
  await hall.startStation()
  numbers.push(await hall.checkIn(second))
  await waitForNumbers(numbers)
  expect(await hall.query('select epoch from sync_cursor')).toHaveLength(1)
})

test('a centre that lost more than the station remembers still hears everything that is left, in a new epoch', async () => {
  const [first, second] = onTime()
  if (!first || !second) throw new Error('too few bookings')
  await hall.startStation()
  await waitForNumbers([await hall.checkIn(first)])
  await waitForEverythingSent()
  await hall.stopStation()
  await hall.forgetSentEvents()
  await hall.query('delete from arrival')
  await hall.query('delete from inbox')
  await hall.query('delete from sync_cursor')
  await hall.startStation()
  await waitForNumbers([await hall.checkIn(second)])
})

test('a station that the centre has revoked says so and gives out no more numbers until it is taken back', async () => {
  await hall.startStation()
  const [booking] = onTime()
  if (!booking) throw new Error('too few bookings')
  await hall.query('update station set revoked_at = now()')
  await vi.waitFor(async () => expect(await hall.outOfService()).toBe('revoked'), patient)
  await expect(hall.checkIn(booking)).rejects.toMatchObject({ code: 'out-of-service' })
  await hall.query('update station set revoked_at = null')
  await vi.waitFor(async () => expect(await hall.outOfService()).toBeNull(), patient)
  expect(await hall.checkIn(booking)).toMatch(/^A/)
})

test('a booking that is cancelled at the centre cannot be checked in at the station a moment later', async () => {
  await hall.startStation()
  const [booking] = onTime()
  if (!booking) throw new Error('too few bookings')
  const [row] = await hall.query<{ booking_id: string; tenant_id: string }>(
    'select tenant_id, booking_id from booking where code = $1',
    [booking.code],
  )
  await hall.query(
    `with cancelled as (update booking set state = 'cancelled', version = version + 1 where booking_id = $2 returning 1)
     insert into feed_change (tenant_id, change_id, kind, key, changed_at) select $1, gen_random_uuid(), 'booking', $2, now() from cancelled`,
    [row?.tenant_id, row?.booking_id],
  )
  await vi.waitFor(async () => expect(await hall.standingOf(booking)).toBe('cancelled'), patient)
  await expect(hall.checkIn(booking)).rejects.toMatchObject({ code: 'check-in-closed' })
})
