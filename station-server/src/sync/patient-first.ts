import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkDone } from '../station/station-loop.ts'

/**
 * A batch of a backlog takes some 50 ms of the processor and of the disk; with such a rest behind it a patient's tap mostly meets
 * neither, and a month without network (150,000 events) is still told within three minutes.
 */
const restMs = 250

/** Passes on what sending said, after a rest when a backlog waits and somebody stands at the screen. */
export async function patientFirst(done: WorkDone, isPatientServed: () => boolean): Promise<WorkDone> {
  if (done === 'more' && isPatientServed()) await sleep(restMs)
  return done
}
