import { oc } from '@orpc/contract'
import { z } from 'zod'
import { operationId } from './id.ts'
import { instantMs } from './time.ts'

/** One kind of background job (后台任务) as administrators watch it. */
export const jobQueue = z.strictObject({
  kind: z.string(),
  waiting: z.int().min(0),
  running: z.int().min(0),
  /** Waiting for another try after a failed one. */
  retrying: z.int().min(0),
  /** Given up after the last try (死信). */
  dead: z.int().min(0),
  lastDoneAt: instantMs.nullable(),
  /** How long the last one that ended well took, in milliseconds. */
  lastTookMs: z.int().min(0).nullable(),
  /** The cron text that it runs by, in the hospital's zone; null when it is sent by hand or by events. */
  cron: z.string().nullable(),
  nextAt: instantMs.nullable(),
})
export type JobQueue = z.infer<typeof jobQueue>

/** A job that was given up. */
export const deadJob = z.strictObject({
  jobId: z.uuid(),
  kind: z.string(),
  begunAt: instantMs.nullable(),
  failedAt: instantMs,
  attempts: z.int().min(0),
  /** What kind of fault it was; never a value of anybody. */
  reason: z.string(),
})
export type DeadJob = z.infer<typeof deadJob>

const kindUnknown = { 'kind-unknown': { status: 404, message: 'No such kind of job' } } as const

/** How administrators watch the background jobs, and have them done again. */
export const jobContract = {
  queues: oc.output(z.strictObject({ queues: z.array(jobQueue), dead: z.array(deadJob), asOf: instantMs })),
  /** Tries a job that was given up once more, or all of a kind when no job is named. */
  retry: oc
    .errors({ ...kindUnknown, 'job-unknown': { status: 404, message: 'No such job was given up' } })
    .input(z.strictObject({ operationId, kind: z.string().max(64), jobId: z.uuid().nullable() }))
    .output(z.strictObject({ retried: z.int().min(0) })),
  /** Has a scheduled kind run now, for this hospital. */
  runNow: oc
    .errors(kindUnknown)
    .input(z.strictObject({ operationId, kind: z.string().max(64) }))
    .output(z.strictObject({ jobId: z.uuid() })),
}
