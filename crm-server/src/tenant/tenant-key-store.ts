import { type Insertable, sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'

/** What a key of a hospital is for: sealing fields, or hashing values that must be found again. */
export type KeyPurpose = CentreTables['tenant_key']['purpose']

/** A key as the table holds it; null for key 0, which is the centre's own from before hospitals had theirs. */
export interface WrappedKey {
  purpose: KeyPurpose
  keyId: number
  wrapped: Buffer | null
}

/** Holds the keys of a hospital as they are until the transaction ends, together with whoever else uses them. */
export async function shareTenantKeys(tx: TenantTx, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockName(tenantId)}, 0))`.execute(tx)
}

/** Waits until nobody uses the keys of a hospital, and keeps everybody waiting until the transaction ends. */
export async function lockTenantKeys(tx: TenantTx, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${lockName(tenantId)}, 0))`.execute(tx)
}

/** Every key of a hospital, the newest of each purpose first. */
export async function readTenantKeys(tx: TenantTx, tenantId: string): Promise<WrappedKey[]> {
  return await tx
    .selectFrom('tenant_key')
    .select(['purpose', 'key_id as keyId', 'wrapped'])
    .where('tenant_id', '=', tenantId)
    .orderBy('key_id', 'desc')
    .execute()
}

/** Writes a key down; nothing happens when there is one under this number. */
export async function insertTenantKey(tx: TenantTx, key: Insertable<CentreTables['tenant_key']>): Promise<void> {
  await tx
    .insertInto('tenant_key')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Forgets the keys of a purpose that are older than one. */
export async function deleteKeysBefore(
  tx: TenantTx,
  tenantId: string,
  { purpose, keyId }: { purpose: KeyPurpose; keyId: number },
): Promise<void> {
  await tx
    .deleteFrom('tenant_key')
    .where('tenant_id', '=', tenantId)
    .where('purpose', '=', purpose)
    .where('key_id', '<', keyId)
    .execute()
}

function lockName(tenantId: string): string {
  return `field-keys ${tenantId}`
}
