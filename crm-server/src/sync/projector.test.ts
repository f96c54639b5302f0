import type { EventEnvelope } from '@yizhan/contracts/sync'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import type { ProjectorFailure } from './event-portion.ts'
import { storeUpload } from './inbox.ts'
import { applyAll } from './projector.ts'

let hospital: HospitalFixture
let nowMs = morningMs

beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

function settledPrint(seq: number, changes: Record<string, unknown> = {}): EventEnvelope {
  const body = {
    jobId: newId(1),
    bookingId: newId(1),
    state: 'confirmed',
    copy: 1,
    settledAt: morningMs,
    by: 'evidence',
  }
  return {
    eventId: newId(morningMs),
    seq,
    type: 'ticket-print-settled',
    schemaVersion: 1,
    occurredAt: morningMs,
    body: { ...body, ...changes },
  }
}

/** A number that the schema takes and no column holds: an int column overflows at 2^31. */
const poisoned = { copy: 3_000_000_000 }

/** Stores events of a station that nobody has heard of before; its id. */
async function upload(letter: string, events: readonly EventEnvelope[]): Promise<string> {
  const { stationId } = await enrolFixtureStation(hospital, letter)
  const station: Caller = {
    ...hospital.staff(nowMs),
    actor: { kind: 'station', id: stationId, requestId: 'request-1' },
  }
  await storeUpload(hospital.db, station, { stationId, epoch: 1, lane: 'ops', events })
  return stationId
}

const manyPrints = (count: number) => Array.from({ length: count }, (_, at) => settledPrint(at + 1))

async function eventsOf(stationId: string, state: string): Promise<number[]> {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .selectFrom('inbox')
      .select('seq')
      .where('station_id', '=', stationId)
      .where('state', '=', state as 'pending')
      .orderBy('seq')
      .execute(),
  )
  return rows.map(({ seq }) => seq)
}

/** The transactions that a station's events were applied in, with how many each: rows of one commit bear its number. */
async function portionsOf(stationId: string): Promise<number[]> {
  const { rows } = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    sql<{ n: number }>`select count(*)::int as n from inbox
      where station_id = ${stationId} and state = 'applied' group by xmin::text order by min(seq)`.execute(tx),
  )
  return rows.map(({ n }) => n)
}

/** Stops the projector once it has asked so often whether it should. */
function afterAsking(times: number): () => boolean {
  let asked = 0
  return () => {
    asked += 1
    return asked > times
  }
}

const projector = (failures: ProjectorFailure[] = []) => ({
  db: hospital.db,
  now: () => nowMs,
  onFailure: (failure: ProjectorFailure) => void failures.push(failure),
})

test('while a backlog is coming in nothing of it is applied; once it is in, everything is', async () => {
  const stationId = await upload('K', manyPrints(200))
  await applyAll(projector(), afterAsking(2))
  expect(await eventsOf(stationId, 'applied')).toEqual([])
  nowMs += 1000
  await applyAll(projector())
  expect(await eventsOf(stationId, 'applied')).toHaveLength(200)
})

test('a backlog that does not end is applied beside its coming in, two seconds later at most', async () => {
  const stationId = await upload('L', manyPrints(200))
  await applyAll(projector())
  expect(await eventsOf(stationId, 'applied')).toHaveLength(200)
  nowMs += 1000
})

test('events of a station share transactions, in their order', async () => {
  const stationId = await upload('M', manyPrints(120))
  await applyAll(projector())
  expect(await portionsOf(stationId)).toEqual([50, 50, 20])
})

test('one event that cannot be applied fails alone: those before and after it in its transaction are applied', async () => {
  const events = [settledPrint(1), settledPrint(2, poisoned), settledPrint(3)]
  const stationId = await upload('N', events)
  const failures: ProjectorFailure[] = []
  await applyAll(projector(failures))
  expect(await eventsOf(stationId, 'applied')).toEqual([1, 3])
  expect(await eventsOf(stationId, 'pending')).toEqual([2])
  expect(failures).toMatchObject([{ eventId: events[1]?.eventId, lastTry: false }])
  expect(await portionsOf(stationId)).toEqual([2])
})

test('what comes from one station in the middle of the backlog of another is applied next', async () => {
  const bringing = await upload('P', manyPrints(300))
  nowMs += 1000
  await applyAll(projector(), afterAsking(60))
  expect((await eventsOf(bringing, 'pending')).length).toBeGreaterThan(200)
  nowMs += 1000
  const other = await upload('Q', [settledPrint(1)])
  await applyAll(projector())
  expect(await countAppliedBefore(bringing, other)).toBeLessThan(100)
  expect(await eventsOf(bringing, 'pending')).toEqual([])
})

test('the backlogs of several stations go on side by side, each in its order', async () => {
  const stationIds = await Promise.all(['V', 'W'].map((letter) => upload(letter, manyPrints(300))))
  nowMs += 1000
  await applyAll(projector(), afterAsking(230))
  for (const stationId of stationIds) {
    const applied = await eventsOf(stationId, 'applied')
    expect(applied.length).toBeGreaterThanOrEqual(50)
    expect(applied).toEqual(applied.map((_, at) => at + 1))
    expect(await eventsOf(stationId, 'pending')).not.toEqual([])
  }
  await applyAll(projector())
  for (const stationId of stationIds) expect(await eventsOf(stationId, 'pending')).toEqual([])
})

/** How many events of one station were applied before the first of another, by the numbers of their transactions. */
async function countAppliedBefore(stationId: string, otherId: string): Promise<number> {
  const { rows } = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    sql<{ n: number }>`select count(*)::int as n from inbox where station_id = ${stationId}
      and xmin::text::bigint < (select min(xmin::text::bigint) from inbox where station_id = ${otherId})`.execute(tx),
  )
  return rows[0]?.n ?? 0
}

test('two nodes share the stations, and none applies the events of one beside the other', async () => {
  const stationIds = await Promise.all(['R', 'S', 'T'].map((letter) => upload(letter, manyPrints(100))))
  await Promise.all([applyAll(projector()), applyAll(projector())])
  await applyAll(projector())
  for (const stationId of stationIds) expect(await eventsOf(stationId, 'applied')).toHaveLength(100)
})

test('when the commit itself fails, the events are applied one by one, and only the one at fault waits', async () => {
  await refuseCommitsOf(13)
  const stationId = await upload(
    'U',
    Array.from({ length: 20 }, (_, at) => settledPrint(at + 1, { copy: at + 1 })),
  )
  const failures: ProjectorFailure[] = []
  await applyAll(projector(failures))
  expect(await eventsOf(stationId, 'pending')).toEqual([13])
  expect(await eventsOf(stationId, 'applied')).toHaveLength(19)
  expect(failures).toHaveLength(1)
})

/** From now on no transaction commits that has kept a slip of this copy. */
async function refuseCommitsOf(copy: number): Promise<void> {
  const client = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await client.connect()
  await client.query(`create function refuse_copy() returns trigger language plpgsql as
    $$ begin if new.copy = ${copy} then raise exception 'refused at the commit'; end if; return null; end $$`)
  await client.query(`create constraint trigger refuse_copy after insert on ticket_print
    deferrable initially deferred for each row execute function refuse_copy()`)
  await client.end()
}
