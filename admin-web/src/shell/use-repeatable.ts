import { useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import { useServices } from './admin-services.ts'
import { newOperationId } from './new-operation-id.ts'
import { refusalOf } from './refusal.ts'

/** One deed of staff on its way to the centre. */
export interface Deed {
  /** What is done to what: the same text is the same deed, whose key is repeated while its answer is missing. */
  what: string
  send: (operationId: string) => Promise<unknown>
  /** What is told once it is taken down. */
  done: string
}

/** Deeds of one list: whether one is under way, and what was wrong with the last. */
export interface Repeatable {
  busy: boolean
  failed: boolean
  refused: AdminMessageKey | null
  carryOut(deed: Deed): Promise<void>
}

/** Sends deeds one at a time; `onAnswered` also after a refusal, since the list is then out of date. */
export function useRepeatable(
  refusedWords: (refusal: string) => AdminMessageKey,
  onAnswered: () => Promise<void>,
): Repeatable {
  const { clock } = useServices()
  const tellDone = useDoneMessage()
  const sending = useSending()
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  // The key of a try whose answer was lost: the same button pressed again must not count as another deed.
  const unanswered = useRef<{ what: string; operationId: string } | null>(null)
  const carryOut = ({ what, send, done }: Deed) =>
    sending.send(async () => {
      setRefused(null)
      if (unanswered.current?.what !== what) unanswered.current = { what, operationId: newOperationId(clock()) }
      try {
        await send(unanswered.current.operationId)
        tellDone(done)
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(refusedWords(refusal))
      }
      unanswered.current = null
      await onAnswered()
    })
  return { busy: sending.busy, failed: sending.failed, refused, carryOut }
}
