import type { AccessPort } from '../access/access-port.ts'
import type { OwnCaller } from '../access/own-account.ts'
import type { StaffContext, StaffRouter } from './staff-calls.ts'

/** The calls about one's own sign-in: they ask for no role, and are open while duties are. */
export function ownAccountCalls({ access }: StaffRouter, deps: { access: Pick<AccessPort, 'own'> }) {
  return {
    ownAccount: access.ownAccount.handler(({ context, errors }) => deps.access.own.read(callerOf(context, errors))),
    endSession: access.endSession.handler(async ({ input, context, errors }) => {
      const answer = await deps.access.own.endSession(callerOf(context, errors), input.sessionId)
      if (answer.ok) return { done: true } as const
      throw errors[answer.error]()
    }),
    endOtherSessions: access.endOtherSessions.handler(async ({ context, errors }) => {
      await deps.access.own.endOtherSessions(callerOf(context, errors))
      return { done: true } as const
    }),
    removePasskey: access.removePasskey.handler(async ({ input, context, errors }) => {
      const answer = await deps.access.own.removePasskey(callerOf(context, errors), input.passkeyId)
      if (answer.ok) return { done: true } as const
      throw errors[answer.error]()
    }),
    removeAuthenticator: access.removeAuthenticator.handler(async ({ context, errors }) => {
      const answer = await deps.access.own.removeAuthenticator(callerOf(context, errors))
      if (answer.ok) return { done: true } as const
      throw errors[answer.error]()
    }),
  }
}

/** Who asks about their own account; throws when nobody known does. */
function callerOf({ visitor, requestId }: StaffContext, errors: { 'not-signed-in': () => Error }): OwnCaller {
  if (visitor.kind !== 'member') throw errors['not-signed-in']()
  return { ...visitor, requestId }
}
