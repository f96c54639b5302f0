import type { ConflictRow, ConflictSettlement } from '@yizhan/contracts/appointment'
import type { Say } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** What a conflict means and which number is called, in one sentence. */
export function conflictSentence(say: Say, locale: string, dates: AdminDates, conflict: ConflictRow): string {
  const own = conflict.arrivals.filter(({ ofMoved }) => !ofMoved)
  const called = own.find(({ counts }) => counts)?.queueNumber ?? ''
  const list = (numbers: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(numbers)
  const all = list(conflict.arrivals.map(({ queueNumber }) => queueNumber))
  const others = list(own.filter(({ counts }) => !counts).map(({ queueNumber }) => queueNumber))
  const slot = conflict.slotStart === null ? '' : dates.dayAndClock(conflict.slotStart)
  const movedTo = conflict.movedTo === null ? '' : dates.dayAndClock(conflict.movedTo)
  if (conflict.kind !== 'moved-meanwhile') return say(`conflicts.${conflict.kind}`, { called, others, slot })
  const isLiveTwice = conflict.arrivals.some(({ ofMoved }) => ofMoved)
  return isLiveTwice
    ? say('conflicts.two-live', { all, movedTo })
    : say('conflicts.moved-meanwhile', { called, movedTo })
}

/** The words for what staff did about a conflict: as a button says it, and as it is told afterwards. */
export function settlementWords(settlement: ConflictSettlement): AdminMessageKey {
  return `conflicts.settlement.${settlement}`
}

/** The words for a settlement that the centre refused: what is so, and that nothing was noted. */
export function settlingRefusedWords(refusal: string): AdminMessageKey {
  if (refusal === 'conflict-changed') return 'conflicts.refused.changed'
  return refusal === 'conflict-unknown' ? 'conflicts.refused.unknown' : 'fault.forbidden'
}
