import type { SlipRow } from '@yizhan/contracts/fleet'
import type { PrintDecision } from '@yizhan/contracts/printing'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { decisionWords } from './slip-words.ts'

/** Decisions about slips on their way to the centre: whether one runs, and what was wrong with the last. */
export interface Deciding extends Omit<Repeatable, 'carryOut'> {
  decide(slip: SlipRow, decision: PrintDecision): Promise<void>
}

/** Sends decisions one at a time; `onDecided` also after a refusal. */
export function useDeciding(onDecided: () => Promise<void>): Deciding {
  const say = useSay()
  const { client } = useServices()
  const { carryOut, ...state } = useRepeatable(refusedWords, onDecided)
  return {
    ...state,
    decide: ({ jobId, stationId, queueNumber, patientNameMasked }, decision) =>
      carryOut({
        what: `${jobId} ${decision}`,
        send: (operationId) => client.fleet.settleSlip({ jobId, stationId, decision, operationId }),
        done: say(decisionWords(decision).done, { number: queueNumber ?? patientNameMasked }),
      }),
  }
}

function refusedWords(refusal: string): AdminMessageKey {
  if (refusal === 'slip-settled') return 'slips.refused.settled'
  return refusal === 'slip-unknown' ? 'slips.refused.unknown' : 'fault.forbidden'
}
