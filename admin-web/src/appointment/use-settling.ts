import type { ConflictRow, ConflictSettlement } from '@yizhan/contracts/appointment'
import { useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import { settlingRefusedWords } from './conflict-words.ts'

/** Settlements of conflicts on their way to the centre: whether one runs, and what was wrong with the last. */
export interface Settling {
  busy: boolean
  failed: boolean
  refused: AdminMessageKey | null
  settle(conflict: ConflictRow, settlement: ConflictSettlement): Promise<void>
}

/** Sends settlements one at a time; `onSettled` also after a refusal, since the list is then out of date. */
export function useSettling(onSettled: () => Promise<void>): Settling {
  const say = useSay()
  const { client, clock } = useServices()
  const tellDone = useDoneMessage()
  const sending = useSending()
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  // The key of a try whose answer was lost: the same button pressed again must not be refused as a second settlement.
  const unanswered = useRef<{ what: string; operationId: string } | null>(null)
  const settle = ({ bookingId, kind, version }: ConflictRow, settlement: ConflictSettlement) =>
    sending.send(async () => {
      setRefused(null)
      const what = `${bookingId} ${kind} ${version} ${settlement}`
      if (unanswered.current?.what !== what) unanswered.current = { what, operationId: newOperationId(clock()) }
      const { operationId } = unanswered.current
      try {
        await client.appointment.settleConflict({ bookingId, kind, version, settlement, operationId })
        tellDone(say('conflicts.done'))
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(settlingRefusedWords(refusal))
      }
      unanswered.current = null
      await onSettled()
    })
  return { busy: sending.busy, failed: sending.failed, refused, settle }
}
