import { fallbackQueueNumber, leasedQueueNumber } from '@yizhan/rules/queue/queue-number'
import type { Sql } from '../storage/sql.ts'
import { takeFallbackNumber, takeLeasedNumber } from './number-blocks.ts'
import type { NumberWitness } from './number-witness.ts'

/**
 * Gives out the next queue number (排队号) of a clinic's day: from the leased block, else from the fallback series that
 * bears the station's letter. Within the caller's transaction, so a number is taken only if its arrival is kept.
 */
export function issueQueueNumber(
  sql: Sql,
  witness: NumberWitness,
  queue: { clinicId: string; letter: string; day: string; stationLetter: string },
): string {
  const leased = takeLeasedNumber(sql, witness, queue.clinicId, queue.day)
  if (leased !== null) return leasedQueueNumber(queue.letter, leased)
  const own = takeFallbackNumber(sql, witness, queue.letter, queue.day)
  return fallbackQueueNumber(queue.letter, queue.stationLetter, own)
}
