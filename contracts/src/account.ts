import { oc } from '@orpc/contract'
import { z } from 'zod'
import { roles, stepUpNeeded } from './access.ts'
import { personName } from './appointment.ts'
import { id, operationId } from './id.ts'
import { instantMs } from './time.ts'

/** What an account may do in a hospital, and over which places. */
const accountRights = {
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  siteIds: z.array(id).max(50),
  departmentIds: z.array(id).max(200),
  /** The person of the staff list behind the account. */
  staffId: id.nullable(),
}

/** An account (账号) as the administrators of a hospital see it. */
export const accountRow = z.strictObject({
  userId: z.string(),
  email: z.string(),
  displayName: z.string(),
  ...accountRights,
  disabledAt: instantMs.nullable(),
  /** True until the one-time password has been replaced. */
  onOneTimePassword: z.boolean(),
  hasSecondFactor: z.boolean(),
  createdAt: instantMs,
})
export type AccountRow = z.infer<typeof accountRow>

const placeRefusals = {
  'place-unknown': { status: 404, message: 'A site or department that this hospital does not have' },
  'staff-unknown': { status: 404, message: 'No such person in the staff list' },
  'staff-taken': { status: 409, message: 'Another account belongs to this person' },
} as const
const accountUnknown = { 'account-unknown': { status: 404, message: 'No such account in this hospital' } } as const
/** Nobody gives rights to themself, or takes away what others might have to see. */
const ownAccount = { 'own-account': { status: 409, message: 'Somebody else has to do this for you' } } as const

/** The accounts of a hospital. */
export const accountContract = {
  list: oc.output(z.strictObject({ accounts: z.array(accountRow) })),
  /**
   * Lets somebody in. `oneTimePassword` is told once and kept nowhere: null in the answer to a repeat, and when the person has an
   * account from another hospital already, whose password stays.
   */
  create: oc
    .errors({
      ...placeRefusals,
      ...stepUpNeeded,
      'account-known': { status: 409, message: 'This address has an account here already' },
    })
    .input(
      z.strictObject({
        operationId,
        email: z.email().max(254),
        displayName: personName,
        ...accountRights,
      }),
    )
    .output(z.strictObject({ userId: z.string(), oneTimePassword: z.string().nullable() })),
  /** Gives and takes roles and places; ends every session of the account at once. */
  change: oc
    .errors({ ...placeRefusals, ...accountUnknown, ...ownAccount, ...stepUpNeeded })
    .input(z.strictObject({ operationId, userId: z.string().max(64), ...accountRights }))
    .output(z.strictObject({ changedAt: instantMs })),
  /** Shuts an account out of this hospital, or lets it in again. */
  setDisabled: oc
    .errors({ ...accountUnknown, ...ownAccount, ...stepUpNeeded })
    .input(z.strictObject({ operationId, userId: z.string().max(64), disabled: z.boolean() }))
    .output(z.strictObject({ changedAt: instantMs })),
  /** A new one-time password instead of password and second factor; ends every session. */
  reset: oc
    .errors({
      ...accountUnknown,
      ...ownAccount,
      ...stepUpNeeded,
      'account-of-another': { status: 409, message: 'Another hospital knows this account first, and resets it' },
    })
    .input(z.strictObject({ operationId, userId: z.string().max(64) }))
    .output(z.strictObject({ oneTimePassword: z.string().nullable() })),
}
