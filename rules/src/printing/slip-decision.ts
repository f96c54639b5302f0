import type { PrintDecision, PrintJobState } from '@yizhan/contracts/printing'

const fitting: Record<PrintJobState, readonly PrintDecision[]> = {
  queued: ['cancel'],
  sending: ['cancel'],
  held: ['came-out', 'not-printed'],
  confirmed: [],
  void: [],
  failed: [],
  expired: [],
}

/**
 * What staff can decide about a slip in this state: one that waits or prints can be given up, one of unknown outcome can be
 * said to have come out or not. Of any other, the outcome stands.
 */
export function decisionsFor(state: PrintJobState): readonly PrintDecision[] {
  return fitting[state]
}
