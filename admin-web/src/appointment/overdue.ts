import type { DayBoardRow } from '@yizhan/contracts/appointment'

/** From here on a desk asks where somebody is: the quarter of an hour after which clinics usually count an arrival as late. */
const overdueAfterMs = 15 * 60_000

/** Whether a patient who is still expected should have been here: the appointment began more than 15 minutes before `asOf`. */
export function isOverdue(row: Pick<DayBoardRow, 'state' | 'slotStart'>, asOf: number): boolean {
  return row.state === 'booked' && asOf - row.slotStart > overdueAfterMs
}
