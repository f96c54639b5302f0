import type { SlipRow } from '@yizhan/contracts/fleet'
import type { PrintDecision } from '@yizhan/contracts/printing'
import { useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import { decisionWords } from './slip-words.ts'

/** Decisions about slips on their way to the centre: whether one runs, and what was wrong with the last. */
export interface Deciding {
  busy: boolean
  failed: boolean
  refused: AdminMessageKey | null
  decide(slip: SlipRow, decision: PrintDecision): Promise<void>
}

/** Sends decisions one at a time; `onDecided` also after a refusal, since the list is then out of date. */
export function useDeciding(onDecided: () => Promise<void>): Deciding {
  const say = useSay()
  const { client, clock } = useServices()
  const tellDone = useDoneMessage()
  const sending = useSending()
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  // The key of a try whose answer was lost: the same decision pressed again must not count as another.
  const unanswered = useRef<{ what: string; operationId: string } | null>(null)
  const decide = (slip: SlipRow, decision: PrintDecision) =>
    sending.send(async () => {
      setRefused(null)
      const what = `${slip.jobId} ${decision}`
      if (unanswered.current?.what !== what) {
        unanswered.current = { what, operationId: newOperationId(clock()) }
      }
      const { jobId, stationId } = slip
      try {
        await client.fleet.settleSlip({ jobId, stationId, decision, operationId: unanswered.current.operationId })
        tellDone(say(decisionWords(decision).done, { number: slip.queueNumber ?? slip.patientNameMasked }))
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(refusedWords(refusal))
      }
      unanswered.current = null
      await onDecided()
    })
  return { busy: sending.busy, failed: sending.failed, refused, decide }
}

function refusedWords(refusal: string): AdminMessageKey {
  if (refusal === 'slip-settled') return 'slips.refused.settled'
  return refusal === 'slip-unknown' ? 'slips.refused.unknown' : 'fault.forbidden'
}
