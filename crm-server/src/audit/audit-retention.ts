import { sql } from 'kysely'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/**
 * Lets the next block of the audit trail go whose rows are all older than a moment; its head and signature stay, so that the chain is still one.
 * Nothing goes while the hospital has a standing legal hold. The database itself refuses what is younger than three years.
 */
export async function forgetOldAudit({ tx, tenantId }: TenantScope, olderThanMs: number): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    select forget_audit_block(block, ${new Date(olderThanMs)}) as gone from audit_block
    where tenant_id = ${tenantId} and entries is not null and sealed_at < ${new Date(olderThanMs)}
      and not exists (select from legal_hold h where h.tenant_id = ${tenantId} and h.lifted_at is null)
    order by block limit 1`.execute(tx)
  return rows[0]?.gone ?? 0
}
