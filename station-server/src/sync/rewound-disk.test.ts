import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bookingChange, fixtureBooking, fixtureStructure } from '../fixture/demo-rows.ts'
import { checkInTyped, type StationFixture, startAgain, startStationFixture } from '../fixture/station-fixture.ts'
import { openFixtureDb } from '../fixture/station-folder.ts'
import { readOutboxHead, readUnsent } from './outbox.ts'

const bookings = [1, 2, 3, 4].map((serial) => fixtureBooking(Date.now(), serial))
let fixture: StationFixture
beforeEach(async () => {
  fixture = await startStationFixture([...fixtureStructure(), ...bookings.map(bookingChange)])
}, 60_000)
afterEach(() => fixture.stop())

async function checkInNext(): Promise<string> {
  const row = bookings.shift()
  if (row === undefined) throw new Error('no more patients')
  return (await checkInTyped(fixture.client, row)).ticket.queueNumber
}

const database = () => join(fixture.folder, 'station.db')

/** Puts an earlier copy of the database in the place of what was written since. */
function putBack(): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${database()}${suffix}`, { force: true })
  copyFileSync(`${database()}.copy`, database())
}

test('a database that was put back gives out no number again, before any centre was greeted, and tells of it', async () => {
  expect(await checkInNext()).toBe('A001')
  await fixture.station.stop()
  copyFileSync(database(), `${database()}.copy`)
  await startAgain(fixture)
  expect(await checkInNext()).toBe('A002')
  await fixture.station.stop()
  putBack()
  await startAgain(fixture)
  const after = [await checkInNext(), await checkInNext()]
  expect(after).not.toContain('A002')
  expect(new Set(after).size).toBe(2)
  await fixture.station.stop()
  const db = openFixtureDb(fixture.folder)
  const told = readUnsent(db.sql, 'bulk', 9).filter(({ type }) => type === 'outbox-rewound')
  const { epoch } = readOutboxHead(db.sql, 'ops')
  await db.close()
  await startAgain(fixture)
  expect([epoch, told.map(({ body }) => body['cause'])]).toEqual([2, ['station-older']])
}, 60_000)
