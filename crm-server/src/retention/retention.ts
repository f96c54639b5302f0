import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/audit.ts'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import { type RetentionRule, retentionRules } from './retention-rule.ts'

/** One transaction's worth: short enough that nobody waits for it. */
const atOnce = 500
const dayMs = 24 * 3_600_000

/** What went of one kind. */
export interface LetGo {
  rule: string
  count: number
}

/** Carries out the hospital's periods (到期清理), batch by batch, each with its audit row; may be ended anywhere and goes on the next time. */
export async function carryOutRetention(
  deps: { db: CentreDb; now: () => number },
  tenantId: string,
  isStopping: () => boolean = () => false,
): Promise<LetGo[]> {
  const gone: LetGo[] = []
  for (const rule of retentionRules) {
    let count = 0
    for (let batch = atOnce; batch > 0 && !isStopping(); ) {
      batch = await letGoBatch(deps, tenantId, rule)
      count += batch
    }
    gone.push({ rule: rule.name, count })
  }
  return gone
}

async function letGoBatch(
  { db, now }: { db: CentreDb; now: () => number },
  tenantId: string,
  rule: RetentionRule,
): Promise<number> {
  return await inTenant(db, tenantId, async (tx) => {
    const set = await tx
      .selectFrom('retention_period')
      .select('kept_days')
      .where('tenant_id', '=', tenantId)
      .where('rule', '=', rule.name)
      .executeTakeFirst()
    const keptDays = Math.max(rule.leastKeptDays, set?.kept_days ?? 0)
    const actor = { kind: 'system' as const, id: 'retention', requestId: randomUUID() }
    const scope = { tx, tenantId, nowMs: now(), actor }
    const count = await rule.letGo(scope, scope.nowMs - keptDays * dayMs, atOnce)
    if (count > 0) {
      const reason = `${count} older than ${keptDays} days`
      await recordAudit(scope, {
        action: 'retention-carried-out',
        objectKind: 'retention',
        objectId: rule.name,
        reason,
      })
    }
    return count
  })
}

/** Periods are of days: once a day is often enough; a while after the start, when the desks are served again. */
const firstAfterMs = 10 * 60_000

/** Carries out every hospital's periods once a day. */
export function startRetention(deps: {
  db: CentreDb
  now: () => number
  onFault: (error: unknown) => void
}): CentreLoop {
  return startCentreLoop({
    everyMs: dayMs,
    firstAfterMs,
    onFault: deps.onFault,
    work: async (isStopping) => {
      for (const tenantId of await tenantIds(deps.db)) await carryOutRetention(deps, tenantId, isStopping)
    },
  })
}
