import { randomUUID } from 'node:crypto'
import type { PrintDecision, PrintJobState } from '@yizhan/contracts/printing'
import type { FeedChange, StationReport } from '@yizhan/contracts/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordArrival } from '../appointment/arrival.ts'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, goodReport, type StationFixture } from '../fixture/enrolled-station.ts'
import {
  type HospitalFixture,
  horizonPassed,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { recordTicketPrint } from './ticket-print.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let station: StationFixture
let lastSeq = 0

beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  station = await enrolFixtureStation(hospital, 'K')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

type OpenPrint = StationReport['openPrints'][number]

const openPrint = (part: Partial<OpenPrint>): OpenPrint => ({
  jobId: newId(1),
  bookingId: newId(1),
  state: 'queued',
  reason: null,
  copy: 1,
  since: morningMs,
  ...part,
})

async function report(openPrints: OpenPrint[]): Promise<void> {
  await station.client(centre.url).report({ ...goodReport(morningMs), openPrints })
}

/** A slip came to an end at the station, as its event tells. */
async function settle(
  slip: { jobId: string; bookingId: string; copy?: number },
  state: PrintJobState,
  settledAt = morningMs,
): Promise<void> {
  lastSeq += 1
  const body = { jobId: slip.jobId, bookingId: slip.bookingId, copy: slip.copy ?? 1, state, settledAt, by: 'evidence' }
  const event = {
    eventId: newId(1),
    stationId: station.stationId,
    epoch: 1,
    lane: 'ops' as const,
    seq: lastSeq,
    occurredAt: settledAt,
    body,
  }
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    recordTicketPrint({ ...hospital.staff(), tx }, event as Parameters<typeof recordTicketPrint>[1]),
  )
}

async function slips() {
  centre.signIn('front-desk')
  return (await centre.staff.fleet.slips()).slips
}

const slipOf = async (jobId: string) => (await slips()).find((slip) => slip.jobId === jobId)

function decide(jobId: string, decision: PrintDecision, operationId: string = randomUUID()) {
  centre.signIn('front-desk')
  return centre.staff.fleet.settleSlip({ jobId, stationId: station.stationId, decision, operationId })
}

async function decisionsInFeed(): Promise<FeedChange[]> {
  await horizonPassed(hospital.db)
  const { changes } = await station.client(centre.url).pull({ cursor: null, max: 2000 })
  return changes.filter(({ kind }) => kind === 'print-settlement')
}

test('a slip that waits for paper is listed with the masked name and the number; one that is simply printing is not', async () => {
  centre.signIn('front-desk')
  const { bookingId } = await centre.staff.appointment.create(hospital.newBooking({ operationId: randomUUID() }))
  const body = {
    bookingId,
    clinicId: hospital.newBooking().clinicId,
    day: morningDay,
    queueNumber: 'A037',
    standing: 'on-time' as const,
    arrivedAt: morningMs,
    knownBy: 'feed' as const,
  }
  const arrived = {
    eventId: newId(1),
    stationId: station.stationId,
    epoch: 9,
    lane: 'ops' as const,
    seq: 1,
    occurredAt: morningMs,
    hlc: null,
    body,
  }
  await inTenant(hospital.db, hospital.tenantId, (tx) => recordArrival({ ...hospital.staff(), tx }, arrived))
  const [waiting, printing] = [openPrint({ bookingId, reason: 'paper-out' }), openPrint({ state: 'sending' })]
  await report([waiting, printing])
  expect(await slips()).toEqual([
    {
      jobId: waiting.jobId,
      stationId: station.stationId,
      stationName: { 'zh-CN': '大厅 K 机', en: 'Lobby K' },
      bookingId,
      patientNameMasked: '张*',
      queueNumber: 'A037',
      state: 'queued',
      reason: 'paper-out',
      copy: 1,
      since: morningMs,
      decision: null,
    },
  ])
  centre.clock.nowMs = morningMs + 15_000
  expect(await slipOf(printing.jobId)).toMatchObject({ state: 'sending', reason: null })
  centre.clock.nowMs = morningMs
  await report([])
  expect(await slips()).toEqual([])
})

test('a slip of unknown outcome is listed until its station has settled it, and what it settled counts more than a report', async () => {
  const held = openPrint({ state: 'held', reason: 'link-lost' })
  await report([held])
  expect(await slipOf(held.jobId)).toMatchObject({ state: 'held', reason: 'link-lost' })
  await settle(held, 'held')
  expect((await slips()).filter(({ jobId }) => jobId === held.jobId)).toHaveLength(1)
  await settle(held, 'confirmed')
  expect(await slipOf(held.jobId)).toBeUndefined()
  await report([])
})

test('a ticket without paper is listed for the day, until a later copy of it came out', async () => {
  const [failed, expired] = [openPrint({}), openPrint({})]
  await settle(failed, 'failed')
  await settle(expired, 'expired', Date.parse('2026-11-21T23:59:59+08:00'))
  expect((await slips()).map(({ jobId, state }) => [jobId, state])).toEqual([[failed.jobId, 'failed']])
  const copy = { jobId: newId(1), bookingId: failed.bookingId, copy: 2 }
  await settle(copy, 'failed')
  expect(await slips()).toHaveLength(2)
  await settle(copy, 'confirmed')
  expect(await slips()).toEqual([])
})

test('a decision goes down the feed once, is written in the audit, and shows until the station has carried it out', async () => {
  const held = openPrint({ state: 'held' })
  await settle(held, 'held')
  const operationId = randomUUID()
  const answers = [await decide(held.jobId, 'came-out', operationId), await decide(held.jobId, 'came-out', operationId)]
  expect(answers).toEqual([{ decidedAt: morningMs }, { decidedAt: morningMs }])
  expect(await slipOf(held.jobId)).toMatchObject({ state: 'held', decision: 'came-out' })
  expect(await decisionsInFeed()).toEqual([
    {
      kind: 'print-settlement',
      key: held.jobId,
      op: 'put',
      row: { jobId: held.jobId, decision: 'came-out', decidedAt: morningMs },
    },
  ])
  const audited = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('audit').select(['action', 'actor_id']).where('object_id', '=', held.jobId).execute(),
  )
  expect(audited.filter(({ action }) => action.startsWith('slip'))).toEqual([
    { action: 'slip-decided-came-out', actor_id: 'staff-1' },
  ])
  await settle(held, 'confirmed')
  expect(await slipOf(held.jobId)).toBeUndefined()
})

test('a change of a decision reaches a station that follows the feed', async () => {
  const held = openPrint({ state: 'held' })
  await settle(held, 'held')
  await horizonPassed(hospital.db)
  const follow = station.client(centre.url)
  let { cursor, more } = await follow.pull({ cursor: null, max: 2000 })
  while (more) ({ cursor, more } = await follow.pull({ cursor, max: 2000 }))
  await decide(held.jobId, 'came-out')
  await decide(held.jobId, 'not-printed')
  await horizonPassed(hospital.db)
  const { changes } = await follow.pull({ cursor, max: 2000 })
  expect(changes.map(({ key, row }) => [key, row?.['decision']])).toEqual([[held.jobId, 'not-printed']])
})

test('a slip that has ended, or that nobody knows, cannot be decided about, and what was decided for another state is asked anew', async () => {
  const job = openPrint({ reason: 'paper-out' })
  await report([job])
  await expect(decide(job.jobId, 'came-out')).rejects.toMatchObject({ code: 'slip-settled' })
  await decide(job.jobId, 'cancel')
  expect(await slipOf(job.jobId)).toMatchObject({ decision: 'cancel' })
  await settle(job, 'held')
  expect(await slipOf(job.jobId)).toMatchObject({ state: 'held', decision: null })
  await settle(job, 'confirmed')
  await expect(decide(job.jobId, 'came-out')).rejects.toMatchObject({ code: 'slip-settled' })
  await expect(decide(newId(1), 'cancel')).rejects.toMatchObject({ code: 'slip-unknown' })
  await report([])
})

test('of a revoked station nothing is asked any more: it would never hear of the answer', async () => {
  const held = openPrint({ state: 'held' })
  await settle(held, 'held')
  await report([openPrint({ reason: 'paper-out' })])
  expect(await slips()).not.toEqual([])
  centre.signIn('administrator')
  await centre.staff.fleet.revoke({ stationId: station.stationId, operationId: randomUUID(), reason: 'lost' })
  expect(await slips()).toEqual([])
  await expect(decide(held.jobId, 'came-out')).rejects.toMatchObject({ code: 'slip-unknown' })
})
