import type { Pool } from 'pg'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { membershipsOf } from './membership-store.ts'

/** What happens to an account at sign-in, as the audit trail says it. */
export type AccessAction =
  | 'signed-in'
  | 'sign-in-failed'
  | 'sign-in-locked'
  | 'signed-out'
  | 'second-factor-begun'
  | 'second-factor-set-up'
  | 'recovery-code-used'
  | 'recovery-codes-renewed'
  | 'passkey-added'
  | 'passkey-removed'
  | 'authenticator-removed'
  | 'second-factor-proved'
  | 'session-ended'
  | 'other-sessions-ended'
  | 'own-password-set'

/** One thing that happened to one account. */
export interface AccessDeed {
  userId: string
  action: AccessAction
  requestId: string
}

/** Tries that anybody may make: who made them has proved nothing, so that they are not the person's own doing. */
const unproven: readonly AccessAction[] = ['sign-in-failed', 'sign-in-locked']

/** The audit trail of sign-in. */
export interface AccessAudit {
  /**
   * Writes the row of a deed in the hospital of the account, in one transaction with `write`. An account without a
   * hospital has no trail that anybody could read: then only `write` is carried out.
   */
  record(deed: AccessDeed, write?: (db: CentreDb) => Promise<unknown>): Promise<void>
}

/** The audit trail over the centre's tables; `pool` is sign-in's own. */
export function createAccessAudit({ db, pool, now }: { db: CentreDb; pool: Pool; now: () => number }): AccessAudit {
  return {
    async record({ userId, action, requestId }, write = async () => undefined) {
      const [membership] = await membershipsOf(pool, userId)
      if (membership === undefined) {
        await write(db)
        return
      }
      const { tenantId } = membership
      const actor = unproven.includes(action)
        ? { kind: 'system' as const, id: 'sign-in', requestId }
        : { kind: 'user' as const, id: userId, requestId }
      await inTenant(db, tenantId, async (tx) => {
        await write(tx)
        await recordAudit({ tx, tenantId, nowMs: now(), actor }, { action, objectKind: 'account', objectId: userId })
      })
    },
  }
}
