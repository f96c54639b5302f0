import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { hospitalHeader, idleHeader } from '@yizhan/rules/access/session-limits'
import { repeatedAfterProof, type StepUpDesk } from '../access/step-up-desk.ts'
import type { CentreClient } from './admin-services.ts'
import type { HospitalChoice } from './hospital-choice.ts'

interface Settings {
  origin: string
  isAttended(): boolean
  stepUp: Pick<StepUpDesk, 'ask'>
  hospital: Pick<HospitalChoice, 'chosen'>
}

/**
 * The calls of the centre at the page's own origin. While nobody is at the page they say so and prolong no session; those
 * that need the second factor again wait for it and are sent once more as they were.
 */
export function createCentreClient({ origin, isAttended, stepUp, hospital }: Settings): CentreClient {
  const headers = (): Record<string, string> => {
    const chosen = hospital.chosen()
    return { ...(isAttended() ? {} : { [idleHeader]: '1' }), ...(chosen === null ? {} : { [hospitalHeader]: chosen }) }
  }
  const link = new RPCLink({ url: `${origin}/rpc`, headers })
  return createORPCClient({
    call: (path, input, options) => repeatedAfterProof(stepUp, () => link.call(path, input, options)),
  })
}
