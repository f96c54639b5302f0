import { createHmac } from 'node:crypto'
import type { StaffPanelCredentialRow } from '@yizhan/contracts/staff'
import { cardHashText } from '@yizhan/rules/card/card-hash-text'
import { z } from 'zod'
import { hashPassword } from '../access/password-hash.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CentreDb, TenantTx } from '../postgres/database.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { lockStaff } from './staff-store.ts'

const pinKept = z.strictObject({ set: z.boolean() })
const cardsKept = z.strictObject({ panelCards: z.int() })

/**
 * Sets or takes the PIN by which a person opens the staff panel. It is argon2id-hashed, not only keyed: a station has to hold
 * the hash and the key together, and of six digits a thief of its disk would try every one in a second; so it takes half a day.
 */
export async function setPanelPin(
  db: CentreDb,
  caller: Caller,
  input: { staffId: string; operationId: string; pin: string | null },
): Promise<Outcome<z.infer<typeof pinKept>, 'staff-unknown' | 'pin-weak' | OperationReused>> {
  const { staffId, operationId, pin } = input
  if (pin !== null && isWeakPin(pin)) return { ok: false, error: 'pin-weak' }
  const hash = pin === null ? null : await hashPassword(pin)
  // The digest of the operation must not be a way to search for the PIN.
  const operation = { operationId, call: 'set-panel-pin', input: { staffId, set: pin !== null }, answer: pinKept }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      if ((await lockStaff(scope, staffId)) === undefined) return { ok: false, error: 'staff-unknown' }
      await takeAway(scope, { staffId, kind: 'pin' })
      if (hash !== null) await give(scope, { staffId, kind: 'pin', hash })
      const action = hash === null ? 'panel-pin-taken' : 'panel-pin-set'
      await recordAudit(scope, { action, objectKind: 'staff', objectId: staffId })
      return { ok: true, value: { set: hash !== null } }
    }),
  )
}

/** Lets a card open the staff panel for a person, or takes all their cards away. Of the card only the keyed hash is kept. */
export async function setPanelCard(
  { db, keys }: { db: CentreDb; keys: Pick<KeyRing, 'cardKey'> },
  caller: Caller,
  input: { staffId: string; operationId: string; cardUid: string | null },
): Promise<Outcome<z.infer<typeof cardsKept>, 'staff-unknown' | 'card-taken' | OperationReused>> {
  const { staffId, operationId, cardUid } = input
  const key = await keys.cardKey(caller.tenantId)
  const hash =
    cardUid === null
      ? null
      : createHmac('sha256', key)
          .update(cardHashText({ kind: 'card-uid', value: cardUid }))
          .digest('base64url')
  const operation = { operationId, call: 'set-panel-card', input: { staffId, hash }, answer: cardsKept }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      if ((await lockStaff(scope, staffId)) === undefined) return { ok: false, error: 'staff-unknown' }
      if (hash === null) await takeAway(scope, { staffId, kind: 'card' })
      else if (!(await give(scope, { staffId, kind: 'card', hash }))) return { ok: false, error: 'card-taken' }
      const action = hash === null ? 'panel-cards-taken' : 'panel-card-given'
      await recordAudit(scope, { action, objectKind: 'staff', objectId: staffId })
      return { ok: true, value: { panelCards: await countCards(scope, staffId) } }
    }),
  )
}

/** Credentials as rows of the stations' feed, in the order of ids: those named, or those after an id. */
export async function readPanelCredentials(
  tx: TenantTx,
  tenantId: string,
  which: { ids: readonly string[] } | { after: string; limit: number },
): Promise<StaffPanelCredentialRow[]> {
  const query = tx
    .selectFrom('panel_credential')
    .select(['credential_id as credentialId', 'staff_id as staffId', 'kind', 'hash'])
    .where('tenant_id', '=', tenantId)
    .where('taken_at', 'is', null)
    .orderBy('credential_id')
  if ('ids' in which && which.ids.length === 0) return []
  return 'ids' in which
    ? await query.where('credential_id', 'in', [...which.ids]).execute()
    : await query.where('credential_id', '>', which.after).limit(which.limit).execute()
}

/** One digit six times, or six neighbours up or down: what is tried first. */
function isWeakPin(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at]))
  return steps.every((step) => step === steps[0] && Math.abs(step) <= 1)
}

async function give(
  scope: TenantScope,
  { staffId, kind, hash }: { staffId: string; kind: 'pin' | 'card'; hash: string },
): Promise<boolean> {
  const credentialId = newId(scope.nowMs)
  const { numInsertedOrUpdatedRows } = await scope.tx
    .insertInto('panel_credential')
    .values({
      tenant_id: scope.tenantId,
      credential_id: credentialId,
      staff_id: staffId,
      kind,
      hash,
      given_at: new Date(scope.nowMs),
      taken_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  await noteFeedChange(scope, [{ kind: 'staff-panel-credential', key: credentialId }])
  return true
}

async function takeAway(scope: TenantScope, which: { staffId: string; kind: 'pin' | 'card' }): Promise<void> {
  const rows = await scope.tx
    .updateTable('panel_credential')
    .set({ taken_at: new Date(scope.nowMs) })
    .where('tenant_id', '=', scope.tenantId)
    .where('staff_id', '=', which.staffId)
    .where('kind', '=', which.kind)
    .where('taken_at', 'is', null)
    .returning('credential_id')
    .execute()
  await noteFeedChange(
    scope,
    rows.map((row) => ({ kind: 'staff-panel-credential' as const, key: row.credential_id })),
  )
}

async function countCards({ tx, tenantId }: TenantScope, staffId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('panel_credential')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .where('kind', '=', 'card')
    .where('taken_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}
