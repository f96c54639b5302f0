import { type Insertable, type Selectable, sql } from 'kysely'
import { momentOf, type TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'

/** A pairing as it is kept. */
export type PairingRow = Selectable<CentreTables['pairing']>

/** Drops pairings that ended before a moment. */
export async function dropOldPairings(tx: TenantTx, tenantId: string, endedBeforeMs: number): Promise<void> {
  await tx
    .deleteFrom('pairing')
    .where('tenant_id', '=', tenantId)
    .where('expires_at', '<', momentOf(endedBeforeMs))
    .execute()
}

/** How many pairings of a hospital wait at a moment. */
export async function countWaiting(tx: TenantTx, tenantId: string, nowMs: number): Promise<number> {
  const { waiting } = await tx
    .selectFrom('pairing')
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .where('tenant_id', '=', tenantId)
    .where('expires_at', '>', momentOf(nowMs))
    .where('approved_at', 'is', null)
    .where('refused_at', 'is', null)
    .executeTakeFirstOrThrow()
  return waiting
}

/** Writes a pairing; false when its id or its code is already there. */
export async function insertPairing(tx: TenantTx, pairing: Insertable<CentreTables['pairing']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('pairing')
    .values(pairing)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A pairing by its id. */
export async function readPairing(tx: TenantTx, tenantId: string, pairingId: string): Promise<PairingRow | undefined> {
  return await pairings(tx, tenantId).where('pairing_id', '=', pairingId).executeTakeFirst()
}

/** A pairing by its id, which nobody else decides about until this transaction ends. */
export async function lockPairing(tx: TenantTx, tenantId: string, pairingId: string): Promise<PairingRow | undefined> {
  return await pairings(tx, tenantId).where('pairing_id', '=', pairingId).forUpdate().executeTakeFirst()
}

/** A pairing by the hash of its code. */
export async function findPairing(tx: TenantTx, tenantId: string, codeHash: Buffer): Promise<PairingRow | undefined> {
  return await pairings(tx, tenantId).where('code_hash', '=', codeHash).executeTakeFirst()
}

/** Notes what was decided about a pairing. */
export async function decidePairing(
  tx: TenantTx,
  tenantId: string,
  pairingId: string,
  decided: { approvedAtMs: number } | { refusedAtMs: number },
): Promise<void> {
  await tx
    .updateTable('pairing')
    .set(
      'approvedAtMs' in decided
        ? { approved_at: new Date(decided.approvedAtMs) }
        : { refused_at: new Date(decided.refusedAtMs) },
    )
    .where('tenant_id', '=', tenantId)
    .where('pairing_id', '=', pairingId)
    .execute()
}

/** Holds every other beginning of a pairing of this hospital back until this transaction ends: they are counted. */
export async function oneBeginningAtATime(tx: TenantTx, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`pairing ${tenantId}`}, 0))`.execute(tx)
}

function pairings(tx: TenantTx, tenantId: string) {
  return tx.selectFrom('pairing').selectAll().where('tenant_id', '=', tenantId)
}
