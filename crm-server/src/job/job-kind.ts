/** What is fixed about one kind of background job (后台任务); what it does stands in `job-work.ts`. */
export interface JobKind {
  /** Tries after the first one; each waits twice as long as the one before. */
  retries: number
  firstBackOffS: number
  /** A job that runs longer is taken from its node and given to another: so its node is dead, or the job hangs. */
  expiresS: number
  /** How many one node does at a time. */
  atOnce: number
  /** When it runs by itself, for each hospital by the hospital's own clock. */
  cron?: string
}

/** A purge that fails has the database away, or is met by a long lock: within the hour it is gone. */
const purge = { retries: 5, firstBackOffS: 60, expiresS: 1800, atOnce: 2 } as const

/**
 * Every kind of job, by the name of its queue, which never changes: it is stored with its jobs. Minutes differ, so that they do not
 * run all at once.
 */
export const jobKinds = {
  'feed-purge': { ...purge, cron: '7 * * * *' },
  'inbox-purge': { ...purge, cron: '17 * * * *' },
  'device-history-purge': { ...purge, cron: '27 * * * *' },
  /** Of a night: nothing waits for it. */
  'module-event-purge': { ...purge, cron: '40 3 * * *' },
} as const satisfies Record<string, JobKind>

export type JobKindName = keyof typeof jobKinds

/** Every kind, in the order of the table. */
export function jobKindNames(): JobKindName[] {
  return Object.keys(jobKinds).filter(isJobKind)
}

/** Whether a name is that of a kind of job of this release. */
export function isJobKind(name: string): name is JobKindName {
  return Object.hasOwn(jobKinds, name)
}

/** Where jobs go that were given up: they stay until somebody has them done again, for a year at most. */
export const deadLetterQueue = 'dead-letter'
