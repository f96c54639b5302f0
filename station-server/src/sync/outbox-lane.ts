import type { OutboxLane } from '@yizhan/contracts/sync'
import type { MetaName } from '../storage/meta.ts'

/**
 * Where each lane keeps its events, and the name of its base. Tables of their own, so that each lane numbers itself without a
 * gap and a check-in writes to no page that a readiness report is on.
 */
export const outboxTables = {
  ops: { table: 'outbox', base: 'outbox-base' },
  bulk: { table: 'bulk_outbox', base: 'bulk-outbox-base' },
} as const satisfies Record<OutboxLane, { table: string; base: MetaName }>
