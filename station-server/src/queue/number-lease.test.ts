import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ORPCError } from '@orpc/client'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fixtureIds, fixtureStructure } from '../fixture/demo-rows.ts'
import { silentLog } from '../fixture/station-fixture.ts'
import { fillFixtureDb, fixtureWitness, openFixtureDb } from '../fixture/station-folder.ts'
import { CentreTime } from '../station/centre-time.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from '../sync/centre-client.ts'
import { type LeaseDeps, leaseNumbers } from './number-lease.ts'
import { issueQueueNumber } from './queue-number-issue.ts'

const dayMs = 86_400_000
let folder: string
let db: StationDb
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yz-lease-'))
  db = openFixtureDb(folder)
  await fillFixtureDb(db, fixtureStructure(), 0)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What leasing needs of a centre that has no number left. */
function depsAt(nowMs: number): LeaseDeps {
  const centre = {
    leaseNumbers: async () => {
      throw new ORPCError('series-exhausted', { defined: true })
    },
  } as unknown as CentreClient
  const centreTime = new CentreTime(db, () => 0)
  return { db, witness: fixtureWitness(folder), centre, centreTime, now: () => nowMs, log: silentLog }
}

test.each([-400, -2, 0, 2, 400])(
  'a centre whose clock is off by %d days has no number of today forgotten, which would be given out again',
  async (off) => {
    const nowMs = Date.parse('2026-11-22T09:00:00+08:00')
    const deps = depsAt(nowMs)
    const day = hospitalCalendar('Asia/Shanghai').dayOf(nowMs)
    const issue = () =>
      db.transact((sql) =>
        issueQueueNumber(sql, deps.witness, { clinicId: fixtureIds.clinic, letter: 'A', day, stationLetter: 'K' }),
      )
    const given = [await issue(), await issue()]
    await deps.centreTime.hear(nowMs + off * dayMs)
    await leaseNumbers(deps)
    given.push(await issue())
    expect(given).toEqual(['A-K01', 'A-K02', 'A-K03'])
  },
)

test('numbers of days that have passed by both clocks are forgotten', async () => {
  const nowMs = Date.parse('2026-11-22T09:00:00+08:00')
  const deps = depsAt(nowMs + 3 * dayMs)
  await db.transact((sql) =>
    issueQueueNumber(sql, deps.witness, {
      clinicId: fixtureIds.clinic,
      letter: 'A',
      day: hospitalCalendar('Asia/Shanghai').dayOf(nowMs),
      stationLetter: 'K',
    }),
  )
  await deps.centreTime.hear(nowMs + 3 * dayMs)
  await leaseNumbers(deps)
  expect(db.sql.prepare('SELECT * FROM fallback_number').all()).toEqual([])
  expect(deps.witness.known()).toEqual([])
})
