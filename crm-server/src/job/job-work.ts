import { id } from '@yizhan/contracts/id'
import { z } from 'zod'
import { purgeModuleEvents } from '../event/module-event-purge.ts'
import { purgeDeviceHistory } from '../fleet/device-history-purge.ts'
import type { CentreDb } from '../postgres/database.ts'
import { purgeFeed } from '../sync/feed-purge.ts'
import { purgeInbox } from '../sync/inbox-purge.ts'
import type { JobKindName } from './job-kind.ts'

/** Does one job. It may be done again after a fault or a dead node: what it does twice must change nothing. */
export interface JobWork {
  /** What its input must be; a job whose input is not is given up at once. */
  input: z.ZodType<{ tenantId: string }>
  run(input: { tenantId: string }, isStopping: () => boolean): Promise<void>
}

const ofHospital = z.strictObject({ tenantId: id })

/** What each kind of job does. */
export function jobWork({ db, now }: { db: CentreDb; now: () => number }): Record<JobKindName, JobWork> {
  const purge = (run: (tenantId: string, nowMs: number, isStopping: () => boolean) => Promise<void>): JobWork => ({
    input: ofHospital,
    run: ({ tenantId }, isStopping) => run(tenantId, now(), isStopping),
  })
  return {
    'feed-purge': purge((tenantId, nowMs) => purgeFeed(db, tenantId, nowMs)),
    'inbox-purge': purge((tenantId, nowMs, isStopping) => purgeInbox(db, tenantId, nowMs, isStopping)),
    'device-history-purge': purge((tenantId, nowMs) => purgeDeviceHistory(db, tenantId, nowMs)),
    'module-event-purge': purge((tenantId, nowMs, isStopping) => purgeModuleEvents(db, tenantId, nowMs, isStopping)),
  }
}
