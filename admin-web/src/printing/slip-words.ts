import type { SlipRow } from '@yizhan/contracts/fleet'
import type { PrintDecision } from '@yizhan/contracts/printing'
import { decisionsFor } from '@yizhan/rules/printing/slip-decision'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { StateWords } from '../fleet/station-words.ts'

/** The state of a slip, as it is shown; one that the printer cannot go on with is not being printed. */
export function slipWords({ state, reason }: Pick<SlipRow, 'state' | 'reason'>): StateWords {
  switch (state) {
    case 'queued':
      return { tone: 'notice', icon: 'waiting', key: 'slips.state.queued' }
    case 'sending':
      return reason === null
        ? { tone: 'notice', icon: 'printer', key: 'slips.state.sending' }
        : { tone: 'bad', icon: 'printer', key: 'slips.state.stopped' }
    case 'held':
      return { tone: 'bad', icon: 'unknown', key: 'slips.state.held' }
    case 'confirmed':
      return { tone: 'good', icon: 'ok', key: 'slips.state.confirmed' }
    case 'void':
      return { tone: 'quiet', icon: 'off', key: 'slips.state.void' }
    case 'failed':
      return { tone: 'quiet', icon: 'bad', key: 'slips.state.failed' }
    case 'expired':
      return { tone: 'quiet', icon: 'clock', key: 'slips.state.expired' }
  }
}

/** The words of one decision: its button, what is told once it is taken down, and what stands until it is carried out. */
export function decisionWords(decision: PrintDecision): Record<'press' | 'done' | 'pending', AdminMessageKey> {
  return {
    press: `slips.decide.${decision}`,
    done: `slips.done.${decision}`,
    pending: `slips.pending.${decision}`,
  }
}

/** What staff can be asked about a slip; nothing while the station has yet to carry out what was decided. */
export function openDecisions(slip: SlipRow): readonly PrintDecision[] {
  return slip.decision === null ? decisionsFor(slip.state) : []
}

/** Slips in the order in which they need somebody: unknown ones, then waiting ones, then what is over; the newest first. */
export function bySlipNeed(slips: readonly SlipRow[]): SlipRow[] {
  const rank = (slip: SlipRow) => {
    if (openDecisions(slip).length === 0) return 2
    return slip.state === 'held' ? 0 : 1
  }
  return slips.toSorted((one, other) => rank(one) - rank(other) || other.since - one.since)
}
