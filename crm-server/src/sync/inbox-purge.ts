import { sql } from 'kysely'
import { type CentreDb, inTenant, momentOf } from '../postgres/database.ts'
import { firstIdOf, idsKeptMs } from './known-event.ts'

const dayMs = 24 * 3_600_000

/** What a patient was told by a slip is asked about within weeks; what an event did is in the tables of its feature for good. */
const rowsKeptMs = 30 * dayMs
/** Ids outlive by a day the moment from which they are no longer asked for: the clocks of two nodes may differ. */
const idMarginMs = dayMs
/** Some 2 MB of rows: a fraction of a second, in which their events cannot be settled. */
const rowsAtOnce = 5000

/**
 * Drops what may be forgotten of a hospital's inbox: applied events after 30 days, the ids that are kept of them after two years.
 * Only what was applied or settled goes, and its id stays behind; what is parked or set aside (死信) stays whole until then.
 */
export async function purgeInbox(
  db: CentreDb,
  tenantId: string,
  nowMs: number,
  isStopping: () => boolean = () => false,
): Promise<void> {
  while (!isStopping() && (await dropRows(db, tenantId, nowMs)) === rowsAtOnce);
  await dropIds(db, tenantId, nowMs)
}

/**
 * One statement, so that no id is ever missing in both tables. Ids begin with their moment: the range of old ones is read from the
 * key itself. Both the id and the arrival must be old, for a station's clock may have been wrong.
 */
async function dropRows(db: CentreDb, tenantId: string, nowMs: number): Promise<number> {
  const untilMs = nowMs - rowsKeptMs
  const { rows } = await inTenant(db, tenantId, (tx) =>
    sql<{ dropped: number }>`
      with dropped as (
        delete from inbox where tenant_id = ${tenantId} and event_id in (
          select event_id from inbox
          where tenant_id = ${tenantId} and event_id < ${firstIdOf(untilMs)}::uuid
            and state in ('applied', 'settled') and coalesce(settled_at, received_at) < ${momentOf(untilMs)}
          order by event_id limit ${rowsAtOnce} for update skip locked)
        returning event_id, greatest(received_at, occurred_at, to_timestamp(left(hlc, 13)::bigint / 1000.0)) as moment),
      kept as (
        insert into applied_event (tenant_id, event_id, moment) select ${tenantId}, event_id, moment from dropped
        on conflict (tenant_id, event_id) do nothing)
      select count(*)::int as dropped from dropped`.execute(tx),
  )
  return rows[0]?.dropped ?? 0
}

async function dropIds(db: CentreDb, tenantId: string, nowMs: number): Promise<void> {
  const untilMs = nowMs - idsKeptMs - idMarginMs
  await inTenant(db, tenantId, (tx) =>
    tx
      .deleteFrom('applied_event')
      .where('tenant_id', '=', tenantId)
      .where('event_id', '<', firstIdOf(untilMs))
      .where('moment', '<', momentOf(untilMs))
      .execute(),
  )
}
