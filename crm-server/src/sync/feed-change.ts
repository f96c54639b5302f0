import type { FeedKind } from '@yizhan/contracts/sync'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { ring } from './bell.ts'

/** One row of the feed by its name. */
export interface FeedKey {
  kind: FeedKind
  key: string
}

/** Notes in the writer's own transaction that rows of the feed have changed, and rings the stations' doorbell. */
export async function noteFeedChange(scope: TenantScope, changed: readonly FeedKey[]): Promise<void> {
  if (changed.length === 0) return
  const values = changed.map(({ kind, key }) => ({
    tenant_id: scope.tenantId,
    change_id: newId(scope.nowMs),
    kind,
    key,
    changed_at: new Date(scope.nowMs),
  }))
  await scope.tx.insertInto('feed_change').values(values).execute()
  await ring(scope, 'feed')
}
