import type { pino } from 'pino'
import type { CentreLoop } from './centre-loop.ts'
import { startEventDelivery } from './event/event-delivery.ts'
import { startAbsenceWatch } from './fleet/absence-watch.ts'
import { faultFields } from './http/fault-fields.ts'
import { startJobs } from './job/job-runner.ts'
import { jobWork } from './job/job-work.ts'
import type { CentreDb } from './postgres/database.ts'

/** What nobody waits for at a screen: events between modules, jobs and their schedules, stations that have gone. `wake` looks for events at once. */
export async function startBackgroundWork(deps: {
  appUrl: string
  db: CentreDb
  log: pino.Logger
  now: () => number
  onFault: (error: unknown) => void
}): Promise<CentreLoop> {
  const { appUrl, db, log, now, onFault } = deps
  const jobs = await startJobs({
    appUrl,
    db,
    work: jobWork({ db, now }),
    onFault,
    onFailure: ({ error, ...job }) => log.error({ ...job, ...faultFields(error) }, 'a job failed'),
  })
  const events = startEventDelivery({
    db,
    now,
    onFault,
    onFailure: ({ error, ...delivery }) =>
      log.error({ ...delivery, ...faultFields(error) }, 'a module event could not be delivered'),
  })
  const absences = startAbsenceWatch({ db, now, onFault })
  return {
    wake: events.wake,
    async stop() {
      await absences.stop()
      await events.stop()
      await jobs.stop()
    },
  }
}
