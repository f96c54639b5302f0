import type { Patience } from '../session/idle-watch.ts'
import type { CheckInStep } from './check-in-step.ts'

/** Idle times of every patient screen: a minute, then half a minute of asking (product rule, WCAG 2.2 §2.2.1). */
const askFirst: Patience = { kind: 'asking', idleMs: 60_000, askMs: 30_000 }
/** A ticket in the hand needs no screen: a quarter of a minute to compare the number, then it is wiped. */
const clearTicket: Patience = { kind: 'clearing', clearMs: 15_000 }
const endless: Patience = { kind: 'endless' }

/** How long a step may stand untouched before it is wiped. */
export function patienceOf(step: CheckInStep): Patience {
  switch (step.kind) {
    case 'attract':
    case 'reading-card':
    case 'identifying':
    case 'committing':
      return endless
    case 'ticket':
      return step.ticket.print?.state === 'confirmed' && step.request === null ? clearTicket : askFirst
    case 'typing-code':
    case 'typing-second-item':
    case 'choosing':
    case 'confirming':
    case 'already-checked-in':
    case 'not-now':
    case 'refused':
      return askFirst
  }
}
