import type { ConflictRow, ConflictSettlement } from '@yizhan/contracts/appointment'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { settlingRefusedWords } from './conflict-words.ts'

/** Settlements of conflicts on their way to the centre: whether one runs, and what was wrong with the last. */
export interface Settling extends Omit<Repeatable, 'carryOut'> {
  settle(conflict: ConflictRow, settlement: ConflictSettlement): Promise<void>
}

/** Sends settlements one at a time; `onSettled` also after a refusal. */
export function useSettling(onSettled: () => Promise<void>): Settling {
  const say = useSay()
  const { client } = useServices()
  const { carryOut, ...state } = useRepeatable(settlingRefusedWords, onSettled)
  return {
    ...state,
    settle: ({ bookingId, kind, version }, settlement) =>
      carryOut({
        what: `${bookingId} ${kind} ${version} ${settlement}`,
        send: (operationId) => client.appointment.settleConflict({ bookingId, kind, version, settlement, operationId }),
        done: say('conflicts.done'),
      }),
  }
}
