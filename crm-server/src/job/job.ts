import type { DeadJob, JobQueue } from '@yizhan/contracts/job'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import { isJobKind, type JobKind, jobKindNames, jobKinds } from './job-kind.ts'
import { countJobs, deadJobIds, nextRunOf, readDeadJobs, reviveJobs, sendJob } from './job-store.ts'

/** Whoever has more than this to look at has them all done again. */
const mostShown = 200

const retried = z.strictObject({ retried: z.int().min(0) })
const sent = z.strictObject({ jobId: z.uuid() })

/** Every kind of job (后台任务) of the caller's hospital in figures, and those that were given up. */
export async function listQueues(db: CentreDb, caller: Caller): Promise<{ queues: JobQueue[]; dead: DeadJob[] }> {
  const { tenantId, nowMs } = caller
  return await inTenant(db, caller, async (tx) => {
    const counted = await countJobs(tx, tenantId)
    const dead = await readDeadJobs(tx, tenantId, mostShown)
    const { zone: tz } = await hospitalOf(tx, tenantId)
    const queues = jobKindNames().map((kind) => {
      const facts: JobKind = jobKinds[kind]
      const cron = facts.cron ?? null
      return {
        ...(counted.get(kind) ?? { waiting: 0, running: 0, retrying: 0, lastDoneAt: null, lastTookMs: null }),
        kind,
        dead: dead.filter((job) => job.kind === kind).length,
        cron,
        nextAt: cron === null ? null : nextRunOf(tx, cron, { tz, afterMs: nowMs }),
      }
    })
    return { queues, dead }
  })
}

/** Has one job that was given up, or all of a kind, done again from the first try. */
export async function retryJobs(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; kind: string; jobId: string | null },
): Promise<Outcome<z.infer<typeof retried>, 'kind-unknown' | 'job-unknown' | OperationReused>> {
  const { kind, jobId } = input
  if (!isJobKind(kind)) return { ok: false, error: 'kind-unknown' }
  const operation = { operationId: input.operationId, call: 'retry-jobs', input, answer: retried }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const ids = await deadJobIds(scope.tx, scope.tenantId, { kind, jobId })
      if (jobId !== null && ids.length === 0) return { ok: false, error: 'job-unknown' }
      const count = ids.length === 0 ? 0 : await reviveJobs(scope.tx, ids)
      await recordAudit(scope, { action: 'jobs-retried', objectKind: 'job', objectId: jobId ?? kind })
      return { ok: true, value: { retried: count } }
    }),
  )
}

/** Has a kind of job run now, for the caller's hospital. */
export async function runJobNow(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; kind: string },
): Promise<Outcome<z.infer<typeof sent>, 'kind-unknown' | OperationReused>> {
  const { kind } = input
  if (!isJobKind(kind)) return { ok: false, error: 'kind-unknown' }
  const operation = { operationId: input.operationId, call: 'run-job-now', input, answer: sent }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const jobId = await sendJob(scope.tx, kind, { tenantId: scope.tenantId })
      await recordAudit(scope, { action: 'job-sent', objectKind: 'job', objectId: jobId })
      return { ok: true, value: { jobId } }
    }),
  )
}
