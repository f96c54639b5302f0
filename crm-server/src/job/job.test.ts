import { randomUUID } from 'node:crypto'
import { id } from '@yizhan/contracts/id'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { listQueues, retryJobs, runJobNow } from './job.ts'
import { type JobKind, jobKinds } from './job-kind.ts'
import { startJobs } from './job-runner.ts'
import { installJobs } from './job-schema.ts'
import { sendJob } from './job-store.ts'
import { type JobWork, jobWork } from './job-work.ts'

let hospital: HospitalFixture
/** A kind that is tried twice, at once: waiting for back-off is pg-boss's own affair. */
const trial: JobKind = { retries: 1, firstBackOffS: 1, expiresS: 60, atOnce: 10 }
const kinds = { 'feed-purge': { ...trial }, 'inbox-purge': { ...trial } }
beforeAll(async () => {
  hospital = await openHospital()
  await installJobs(hospital.database.migratorUrl, kinds)
})
afterAll(() => hospital.close())

const patienceMs = 40_000
const input = z.strictObject({ tenantId: id, n: z.int().optional() })
const done: string[] = []
const failed: string[] = []
const idle: JobWork = { input, run: async () => undefined }

async function startNode(name: string, run: JobWork['run'] = async () => void done.push(name)) {
  return await startJobs({
    appUrl: hospital.database.appUrl,
    db: hospital.db,
    kinds,
    work: { 'feed-purge': { input, run }, 'inbox-purge': idle },
    onFailure: ({ jobId }) => failed.push(jobId),
    onFault: (error) => failed.push(String(error)),
  })
}
const queue = async (kind = 'feed-purge') =>
  (await listQueues(hospital.db, hospital.staff())).queues.find((one) => one.kind === kind)
const send = async (count: number, tenantId = hospital.tenantId) =>
  await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    for (let n = 0; n < count; n += 1) await sendJob(tx, 'feed-purge', { tenantId })
  })

test('a job is sent with the transaction that asks for it, or not at all', async () => {
  const broken = inTenant(hospital.db, hospital.tenantId, async (tx) => {
    await sendJob(tx, 'feed-purge', { tenantId: hospital.tenantId })
    throw new Error('no')
  })
  await expect(broken).rejects.toThrow('no')
  expect(await queue()).toMatchObject({ waiting: 0 })
  const { jobId } = acceptedValue(
    await runJobNow(hospital.db, hospital.staff(), { operationId: randomUUID(), kind: 'feed-purge' }),
  )
  expect(jobId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await queue()).toMatchObject({ waiting: 1, running: 0, dead: 0 })
  const unknown = { operationId: randomUUID(), kind: 'no-such-kind' }
  expect(await runJobNow(hospital.db, hospital.staff(), unknown)).toEqual({ ok: false, error: 'kind-unknown' })
})

test('two nodes share the jobs: each is done once', async () => {
  done.length = 0
  await send(30)
  const nodes = [await startNode('one'), await startNode('two')]
  await vi.waitFor(async () => expect(await queue()).toMatchObject({ waiting: 0, running: 0, retrying: 0 }), patienceMs)
  for (const node of nodes) await node.stop()
  expect(done).toHaveLength(31)
  expect(await queue()).toMatchObject({ dead: 0, lastDoneAt: expect.any(Number), lastTookMs: expect.any(Number) })
})

test('of jobs fetched together only the one that fails is tried again, given up, and done once somebody says so', async () => {
  failed.length = 0
  let broken = true
  const ran: string[] = []
  const run: JobWork['run'] = async ({ tenantId }) => {
    const isBad = tenantId === hospital.tenantId
    if (isBad && broken) throw new TypeError('a value of somebody')
    ran.push(tenantId)
  }
  const other = newId(1)
  await send(1)
  await send(5, other)
  const node = await startNode('one', run)
  await vi.waitFor(async () => expect(await queue()).toMatchObject({ dead: 1 }), patienceMs)
  expect(ran.filter((tenantId) => tenantId === other)).toHaveLength(5)
  expect(failed).toHaveLength(2)
  const { dead } = await listQueues(hospital.db, hospital.staff())
  expect(dead).toMatchObject([{ kind: 'feed-purge', attempts: 2, reason: 'TypeError' }])
  expect(
    (await listQueues(hospital.db, { ...hospital.staff(), tenantId: other }).catch(() => null))?.dead ?? [],
  ).toEqual([])
  broken = false
  const wrong = { operationId: randomUUID(), kind: 'feed-purge', jobId: randomUUID() }
  expect(await retryJobs(hospital.db, hospital.staff(), wrong)).toEqual({ ok: false, error: 'job-unknown' })
  const all = { operationId: randomUUID(), kind: 'feed-purge', jobId: null }
  expect(acceptedValue(await retryJobs(hospital.db, hospital.staff(), all))).toEqual({ retried: 1 })
  expect(acceptedValue(await retryJobs(hospital.db, hospital.staff(), all))).toEqual({ retried: 1 })
  await vi.waitFor(() => expect(ran).toContain(hospital.tenantId), patienceMs)
  await node.stop()
  expect(await queue()).toMatchObject({ dead: 0, waiting: 0 })
})

test('a node that stops ends what it is doing, and takes nothing new', async () => {
  const begun = Promise.withResolvers<void>()
  const ended: boolean[] = []
  const run: JobWork['run'] = async (_, isStopping) => {
    begun.resolve()
    await vi.waitFor(() => expect(isStopping()).toBe(true), patienceMs)
    ended.push(true)
  }
  await send(1)
  const node = await startNode('one', run)
  await begun.promise
  await node.stop()
  expect(ended).toEqual([true])
  expect(await queue()).toMatchObject({ waiting: 0, running: 0, retrying: 0, dead: 0 })
})

test('every kind with a schedule runs by the clock of each hospital', async () => {
  const node = await startJobs({
    appUrl: hospital.database.appUrl,
    db: hospital.db,
    work: jobWork({ db: hospital.db, now: () => morningMs }),
    onFailure: ({ error }) => failed.push(String(error)),
    onFault: (error) => failed.push(String(error)),
  })
  const owner = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await owner.connect()
  const schedules = async () => {
    const { rows } = await owner.query('select name, key, cron, timezone from pgboss.schedule order by name')
    return rows
  }
  const expected = Object.entries(jobKinds).map(([name, { cron }]) => ({
    name,
    key: hospital.tenantId,
    cron,
    timezone: 'Asia/Shanghai',
  }))
  await vi.waitFor(
    async () => expect(await schedules()).toEqual(expected.sort((a, b) => (a.name < b.name ? -1 : 1))),
    patienceMs,
  )
  await node.stop()
  await owner.end()
  const { queues } = await listQueues(hospital.db, hospital.staff())
  expect(queues.find(({ kind }) => kind === 'module-event-purge')?.nextAt).toBe(Date.parse('2026-11-23T03:40:00+08:00'))
})

test('the role that the centre works as uses the tables of jobs and owns none of them', async () => {
  const owner = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await owner.connect()
  const { rows } = await owner.query(
    `select distinct pg_get_userbyid(relowner) as owner from pg_class where relnamespace = 'pgboss'::regnamespace`,
  )
  await owner.end()
  expect(rows).toEqual([{ owner: 'yizhan_migrator' }])
})
