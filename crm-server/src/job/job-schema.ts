import { PgBoss } from 'pg-boss'
import { appRole } from '../postgres/database.ts'
import { deadLetterQueue, type JobKind, jobKinds } from './job-kind.ts'

/** The schema that the tables of jobs live in; none of ours. */
export const jobSchema = 'pgboss'

const yearS = 365 * 86_400
/** What was done is looked at when something is asked about the last week. */
const doneKeptS = 7 * 86_400

/**
 * Makes the tables of jobs or brings them up to date, with a queue for every kind, and lets the role that the centre works as use
 * them. It owns none of them. Nodes that start together wait for each other.
 */
export async function installJobs(
  migratorUrl: string,
  kinds: Readonly<Record<string, JobKind>> = jobKinds,
): Promise<void> {
  const boss = new PgBoss({
    connectionString: migratorUrl,
    schema: jobSchema,
    max: 2,
    supervise: false,
    schedule: false,
  })
  const faults: unknown[] = []
  boss.on('error', (error) => faults.push(error))
  try {
    await boss.start()
    await putQueue(boss, deadLetterQueue, { retentionSeconds: yearS })
    for (const [name, kind] of Object.entries(kinds)) {
      await putQueue(boss, name, {
        retryLimit: kind.retries,
        retryDelay: kind.firstBackOffS,
        retryBackoff: true,
        expireInSeconds: kind.expiresS,
        deleteAfterSeconds: doneKeptS,
        deadLetter: deadLetterQueue,
      })
    }
    await boss.getDb().executeSql(`
      grant usage on schema ${jobSchema} to ${appRole};
      grant select, insert, update, delete on all tables in schema ${jobSchema} to ${appRole};
      grant usage on all sequences in schema ${jobSchema} to ${appRole};
      revoke delete on ${jobSchema}.queue from ${appRole};
      revoke insert, update, delete on ${jobSchema}.version from ${appRole};
      grant update on ${jobSchema}.version to ${appRole}`)
  } finally {
    await boss.stop({ graceful: false })
  }
  if (faults.length > 0) throw new AggregateError(faults, 'the tables of jobs could not be made')
}

/** Makes a queue, or gives the one that is there its present options. */
async function putQueue(
  boss: PgBoss,
  name: string,
  options: NonNullable<Parameters<PgBoss['createQueue']>[1]>,
): Promise<void> {
  await boss.createQueue(name, options)
  const { deadLetter, retryDelay, retryLimit, retryBackoff, expireInSeconds, retentionSeconds, deleteAfterSeconds } =
    options
  const given = {
    deadLetter,
    retryDelay,
    retryLimit,
    retryBackoff,
    expireInSeconds,
    retentionSeconds,
    deleteAfterSeconds,
  }
  await boss.updateQueue(name, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
}
