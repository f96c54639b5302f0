import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Who did something: a member of staff, a station, or the centre itself. */
export interface Actor {
  kind: 'user' | 'station' | 'system'
  id: string
  /** The request that it was done in; the same id stands in the log. */
  requestId: string
}

/** What was done to what; ids only, never a name or a number of a patient. */
export interface AuditedWrite {
  action: string
  objectKind: string
  objectId: string
}

/** Writes the audit row of a write, in the same transaction as the write itself. */
export async function recordAudit(scope: TenantScope, write: AuditedWrite): Promise<void> {
  await scope.tx
    .insertInto('audit')
    .values({
      tenant_id: scope.tenantId,
      audit_id: newId(scope.nowMs),
      at: new Date(scope.nowMs),
      actor_kind: scope.actor.kind,
      actor_id: scope.actor.id,
      action: write.action,
      object_kind: write.objectKind,
      object_id: write.objectId,
      request_id: scope.actor.requestId,
    })
    .execute()
}
