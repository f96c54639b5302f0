import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id } from './id.ts'
import { localText } from './local-text.ts'

/** The roles (角色) that a member of staff can hold in a hospital. */
export const roles = ['administrator', 'front-desk'] as const
export type Role = (typeof roles)[number]

/** What the roles still demand before anything else may be done; first sign-in walks through them in this order. */
export const signInDuties = ['set-own-password', 'set-up-second-factor'] as const
export type SignInDuty = (typeof signInDuties)[number]

/** Who is signed in, where, and what is still to be done before the rooms open. */
export const whoAmI = z.strictObject({
  userId: z.string(),
  displayName: z.string(),
  tenantId: id,
  hospitalName: localText,
  zone: z.string(),
  roles: z.array(z.enum(roles)),
  duties: z.array(z.enum(signInDuties)),
})
export type WhoAmI = z.infer<typeof whoAmI>

/** The access calls of the centre beside the sign-in itself, which better-auth serves under `/auth`. */
export const accessContract = {
  whoAmI: oc
    .errors({
      'not-signed-in': { status: 401, message: 'Sign in first' },
      'no-membership': { status: 403, message: 'This account belongs to no hospital' },
    })
    .output(whoAmI),
  /** Replaces the one-time password; ends every other session of the account. */
  setOwnPassword: oc
    .errors({
      'not-signed-in': { status: 401, message: 'Sign in first' },
      'password-wrong': { status: 403, message: 'The current password does not fit' },
      'password-too-weak': {
        status: 422,
        message: 'Choose a longer password that is not on the list of common ones',
        data: z.strictObject({ why: z.enum(['too-short', 'common', 'same-as-before']) }),
      },
    })
    .input(z.strictObject({ currentPassword: z.string().min(1).max(256), newPassword: z.string().min(1).max(256) }))
    .output(z.strictObject({ changed: z.literal(true) })),
}
