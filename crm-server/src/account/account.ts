import type { Role } from '@yizhan/contracts/access'
import type { AccountRow } from '@yizhan/contracts/account'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { drawOneTimePassword } from '../access/one-time-password.ts'
import { hashPassword } from '../access/password-hash.ts'
import type { Acting } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import {
  addMember,
  changeMember,
  endSessions,
  findUserByEmail,
  giveFirstPassword,
  insertUser,
  isKnownFirstHere,
  isMember,
  missingPlace,
  readAccounts,
  setMemberDisabled,
  takeSecondFactor,
} from './account-rights-store.ts'

/** What an account may do, and over which places. */
export interface AccountRights {
  roles: readonly Role[]
  siteIds: readonly string[]
  departmentIds: readonly string[]
  staffId: string | null
}

type PlaceRefusal = 'place-unknown' | 'staff-unknown' | 'staff-taken'

const created = z.strictObject({ userId: z.string() })
const changed = z.strictObject({ changedAt: instantMs })

/** Every account that may enter the hospital, or might before it was shut out. */
export async function listAccounts(db: CentreDb, who: Acting): Promise<AccountRow[]> {
  return await inTenant(db, who, (tx) => readAccounts(tx, who.tenantId))
}

/**
 * Lets somebody in. The one-time password is told to whoever asked first and kept nowhere, so that a repeat of the operation
 * has none to tell. Somebody whom another hospital knows already keeps their own.
 */
export async function createAccount(
  db: CentreDb,
  caller: Caller,
  input: AccountRights & { operationId: string; email: string; displayName: string },
): Promise<
  Outcome<{ userId: string; oneTimePassword: string | null }, PlaceRefusal | 'account-known' | OperationReused>
> {
  const operation = { operationId: input.operationId, call: 'create-account', input, answer: created }
  const password = drawOneTimePassword()
  const hash = await hashPassword(password)
  let told: string | null = null
  const outcome: Outcome<z.infer<typeof created>, PlaceRefusal | 'account-known' | OperationReused> = await inScope(
    db,
    caller,
    (scope) =>
      once(scope, operation, async () => {
        const missing = await missingPlace(scope, input, null)
        if (missing !== null) return { ok: false, error: missing }
        const known = await findUserByEmail(scope, input.email)
        if (known !== null && (await isMember(scope, known))) return { ok: false, error: 'account-known' }
        const userId = known ?? newId(scope.nowMs)
        if (known === null) {
          await insertUser(scope, { userId, email: input.email, displayName: input.displayName })
          await giveFirstPassword(scope, userId, hash)
          told = password
        }
        await addMember(scope, userId, input)
        await recordAudit(scope, { action: 'account-created', objectKind: 'account', objectId: userId })
        return { ok: true, value: { userId } }
      }),
  )
  return outcome.ok ? { ok: true, value: { ...outcome.value, oneTimePassword: told } } : outcome
}

/** Gives and takes roles and places. Whoever is signed in by the account is signed out at once. */
export async function changeAccount(
  db: CentreDb,
  caller: Caller,
  input: AccountRights & { operationId: string; userId: string },
): Promise<Outcome<z.infer<typeof changed>, PlaceRefusal | 'account-unknown' | 'own-account' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'change-account', input, answer: changed }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const refusal = await refusalOf(scope, input.userId)
      if (refusal !== null) return { ok: false, error: refusal }
      const missing = await missingPlace(scope, input, input.userId)
      if (missing !== null) return { ok: false, error: missing }
      await changeMember(scope, input.userId, input)
      return await settled(scope, input.userId, 'account-rights-changed')
    }),
  )
}

/** Shuts an account out of this hospital, or lets it in again. */
export async function setAccountDisabled(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; userId: string; disabled: boolean },
): Promise<Outcome<z.infer<typeof changed>, 'account-unknown' | 'own-account' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'set-account-disabled', input, answer: changed }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const refusal = await refusalOf(scope, input.userId)
      if (refusal !== null) return { ok: false, error: refusal }
      await setMemberDisabled(scope, input.userId, input.disabled)
      return await settled(scope, input.userId, input.disabled ? 'account-disabled' : 'account-enabled')
    }),
  )
}

const reset = z.strictObject({})

/** Puts a new one-time password in the place of password and second factor. Only the hospital that knew the account first may. */
export async function resetAccount(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; userId: string },
): Promise<
  Outcome<
    { oneTimePassword: string | null },
    'account-unknown' | 'own-account' | 'account-of-another' | OperationReused
  >
> {
  const operation = { operationId: input.operationId, call: 'reset-account', input, answer: reset }
  const password = drawOneTimePassword()
  const hash = await hashPassword(password)
  let told: string | null = null
  const outcome: Outcome<
    z.infer<typeof reset>,
    'account-unknown' | 'own-account' | 'account-of-another' | OperationReused
  > = await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const refusal = await refusalOf(scope, input.userId)
      if (refusal !== null) return { ok: false, error: refusal }
      if (!(await isKnownFirstHere(scope, input.userId))) return { ok: false, error: 'account-of-another' }
      await takeSecondFactor(scope, input.userId)
      await giveFirstPassword(scope, input.userId, hash)
      await settled(scope, input.userId, 'account-reset')
      told = password
      return { ok: true, value: {} }
    }),
  )
  return outcome.ok ? { ok: true, value: { oneTimePassword: told } } : outcome
}

/** Nobody gives rights to themself, or shuts out whoever might look at them: somebody else has to. */
async function refusalOf(scope: TenantScope, userId: string): Promise<'account-unknown' | 'own-account' | null> {
  if (scope.actor.id === userId) return 'own-account'
  return (await isMember(scope, userId)) ? null : 'account-unknown'
}

async function settled(
  scope: TenantScope,
  userId: string,
  action: string,
): Promise<{ ok: true; value: { changedAt: number } }> {
  await endSessions(scope, userId)
  await recordAudit(scope, { action, objectKind: 'account', objectId: userId })
  await ring(scope, 'members')
  return { ok: true, value: { changedAt: scope.nowMs } }
}
