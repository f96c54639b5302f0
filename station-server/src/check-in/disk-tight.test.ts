import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureStructure } from '../fixture/demo-rows.ts'
import { checkInTyped, identifyTyped, type StationFixture, startStationFixture } from '../fixture/station-fixture.ts'

const mebibyte = 1024 * 1024
let fixture: StationFixture
afterEach(() => fixture.stop())

/** The disk is looked at every five seconds. */
const looked = { timeout: 30_000, interval: 100 }

test('on a tight disk nobody new begins, who has begun gets a durable number, reads go on, and with room it takes patients again', async () => {
  const [begun, other] = [fixtureBooking(Date.now(), 1), fixtureBooking(Date.now(), 2)]
  let free = 1000 * mebibyte
  fixture = await startStationFixture([...fixtureStructure(), bookingChange(begun), bookingChange(other)], {
    freeBytes: () => Promise.resolve(free),
  })
  const { client, folder } = fixture
  const until = (state: string | null) =>
    vi.waitFor(async () => expect((await client.station.view()).outOfService).toBe(state), looked)
  await vi.waitFor(() => expect(existsSync(join(folder, 'ballast'))).toBe(true), looked)
  const { sessionId } = await identifyTyped(client, begun.code, begun.phoneLast4 ?? '')
  free = 15 * mebibyte
  await until('storage-full')
  expect(existsSync(join(folder, 'ballast'))).toBe(false)
  await expect(checkInTyped(client, other)).rejects.toMatchObject({ code: 'storage-full' })
  const ask = { sessionId, bookingId: begun.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  expect(await client.checkIn.commit(ask)).toMatchObject({ queueNumber: 'A001', already: false })
  free = 1000 * mebibyte
  await until(null)
  expect((await checkInTyped(client, other)).ticket).toMatchObject({ queueNumber: 'A002' })
})
