import type { DeadJob } from '@yizhan/contracts/job'
import { sql } from 'kysely'
import { fromKysely, PgBoss } from 'pg-boss'
import type { TenantTx } from '../postgres/database.ts'
import { deadLetterQueue } from './job-kind.ts'
import { jobSchema } from './job-schema.ts'

/** The jobs of a kind in figures, those of one hospital. */
export interface JobCounts {
  kind: string
  waiting: number
  running: number
  retrying: number
  lastDoneAt: number | null
  lastTookMs: number | null
}

/** The jobs of a hospital in figures, by kind. */
export async function countJobs(tx: TenantTx, tenantId: string): Promise<Map<string, JobCounts>> {
  const { rows } = await sql<JobCounts>`
    select name as kind, count(*) filter (where state = 'created')::int as waiting,
      count(*) filter (where state = 'active')::int as running,
      count(*) filter (where state = 'retry')::int as retrying,
      max(completed_on) filter (where state = 'completed') as "lastDoneAt",
      ((array_agg(extract(epoch from completed_on - started_on) * 1000 order by completed_on desc)
        filter (where state = 'completed'))[1])::int as "lastTookMs"
    from pgboss.job where data ->> 'tenantId' = ${tenantId} and name <> ${deadLetterQueue} group by name`.execute(tx)
  return new Map(rows.map((row) => [row.kind, row]))
}

/** The jobs of a hospital that were given up, the newest first. */
export async function readDeadJobs(tx: TenantTx, tenantId: string, most: number): Promise<DeadJob[]> {
  const { rows } = await sql<DeadJob>`
    select id as "jobId", source_name as kind, source_created_on as "begunAt", created_on as "failedAt",
      coalesce(source_retry_count, 0) + 1 as attempts,
      coalesce(source_output ->> 'reason', source_output ->> 'name', 'fault') as reason
    from pgboss.job where name = ${deadLetterQueue} and state = 'created' and source_name is not null
      and data ->> 'tenantId' = ${tenantId}
    order by created_on desc, id limit ${most}`.execute(tx)
  return rows
}

/** The ids of the jobs of a kind that were given up in a hospital, or of one of them. */
export async function deadJobIds(
  tx: TenantTx,
  tenantId: string,
  { kind, jobId }: { kind: string; jobId: string | null },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from pgboss.job where name = ${deadLetterQueue} and state = 'created' and source_name = ${kind}
      and data ->> 'tenantId' = ${tenantId} and (${jobId}::uuid is null or id = ${jobId}::uuid)
    order by created_on limit 1000`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Puts jobs that were given up back into their queues, in the caller's transaction; how many there were. */
export async function reviveJobs(tx: TenantTx, ids: readonly string[]): Promise<number> {
  return await senderIn(tx).redrive(deadLetterQueue, { ids: [...ids] })
}

/** Sends a job in the caller's transaction: it exists if the transaction commits. */
export async function sendJob(tx: TenantTx, kind: string, input: { tenantId: string }): Promise<string> {
  const jobId = await senderIn(tx).send(kind, input)
  if (jobId === null) throw new Error(`a job of kind ${kind} was not taken`)
  return jobId
}

/** When a cron text next comes round in a zone, after a moment. */
export function nextRunOf(tx: TenantTx, cron: string, { tz, afterMs }: { tz: string; afterMs: number }): number | null {
  const [next] = senderIn(tx).previewSchedule(cron, { tz, from: new Date(afterMs), count: 1 })
  return next?.getTime() ?? null
}

/** Sends and asks only, through a connection that it is lent: nothing of it runs, so that there is nothing to stop. */
function senderIn(tx: TenantTx): PgBoss {
  return new PgBoss({ db: fromKysely(tx), schema: jobSchema, migrate: false, supervise: false, schedule: false })
}
