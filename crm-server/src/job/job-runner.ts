import { type JobResult, PgBoss } from 'pg-boss'
import { startCentreLoop } from '../centre-loop.ts'
import { appRole, type CentreDb, tenantIds } from '../postgres/database.ts'
import { lookUpHospital } from '../tenant/tenant.ts'
import { type JobKind, jobKinds } from './job-kind.ts'
import { jobSchema } from './job-schema.ts'
import type { JobWork } from './job-work.ts'

/** What doing jobs works with. */
export interface JobRunnerDeps {
  appUrl: string
  db: CentreDb
  /** What each kind does. */
  work: Readonly<Record<string, JobWork>>
  /** Left out: the kinds of the centre. */
  kinds?: Readonly<Record<string, JobKind>>
  /** Hears of every try that failed. */
  onFailure(failure: { kind: string; jobId: string; error: unknown }): void
  onFault: (error: unknown) => void
}

/** A worker for each kind asks in turn; the rest look after schedules and dead nodes. */
const mostConnections = 4
/** Nobody waits for a purge; an administrator who presses a button sees it begin. */
const lookEveryS = 2
/** A hospital that was added has its schedules within this time. */
const scheduleEveryMs = 600_000
/** Longer than a portion of any purge; what is not done by then is given to another node. */
const stopWithinMs = 20_000

/**
 * Does the background jobs of the centre on this node, and keeps the schedules of every hospital. Every node may: a job is done by
 * one of them. On stopping, the jobs under way are ended; what does not end in time is done anew elsewhere.
 */
export async function startJobs(deps: JobRunnerDeps): Promise<{ stop(): Promise<void> }> {
  const boss = new PgBoss({
    connectionString: deps.appUrl,
    options: `-c role=${appRole}`,
    application_name: 'yizhan jobs',
    schema: jobSchema,
    max: mostConnections,
    migrate: false,
    createSchema: false,
    // Both need an owner's rights, which this role does not have.
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', deps.onFault)
  await boss.start()
  let stopping = false
  const { kinds = jobKinds } = deps
  for (const [name, kind] of Object.entries(kinds))
    await startWorker(boss, deps, { name, kind, isStopping: () => stopping })
  const schedules = startCentreLoop({
    everyMs: scheduleEveryMs,
    onFault: deps.onFault,
    work: () => putSchedules(boss, deps.db, kinds),
  })
  return {
    async stop() {
      stopping = true
      await schedules.stop()
      await boss.stop({ graceful: true, timeout: stopWithinMs })
    },
  }
}

async function startWorker(
  boss: PgBoss,
  { work, onFailure }: JobRunnerDeps,
  { name, kind, isStopping }: { name: string; kind: JobKind; isStopping: () => boolean },
): Promise<void> {
  const does = work[name]
  if (does === undefined) throw new Error(`nobody does jobs of kind ${name}`)
  const runOne = async (jobId: string, data: unknown): Promise<JobResult> => {
    const input = does.input.safeParse(data)
    if (!input.success) return { id: jobId, status: 'deadletter', output: { reason: 'input-invalid' } }
    try {
      await does.run(input.data, isStopping)
      return { id: jobId, status: 'completed' }
    } catch (error) {
      onFailure({ kind: name, jobId, error })
      return { id: jobId, status: 'failed', output: { reason: reasonOf(error) } }
    }
  }
  // With perJobResults, always: without it one job that throws fails all those that were fetched together with it.
  await boss.work<unknown>(
    name,
    { batchSize: kind.atOnce, perJobResults: true, pollingIntervalSeconds: lookEveryS },
    (jobs) => Promise.all(jobs.map(({ id, data }) => runOne(id, data))),
  )
}

/** Names the fault without a value of anybody: a message of the database may hold the row. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return `${error.name}: ${String(error.code)}`
  return error instanceof Error ? error.name : 'fault'
}

/** Gives every hospital the schedules of the kinds that have one, by its own clock; a second time changes nothing. */
async function putSchedules(boss: PgBoss, db: CentreDb, kinds: Readonly<Record<string, JobKind>>): Promise<void> {
  for (const tenantId of await tenantIds(db)) {
    const hospital = await lookUpHospital(db, tenantId)
    if (hospital === null) continue
    for (const [name, { cron }] of Object.entries(kinds)) {
      if (cron !== undefined) await boss.schedule(name, cron, { tenantId }, { tz: hospital.zone, key: tenantId })
    }
  }
}
