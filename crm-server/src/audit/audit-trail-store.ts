import type { AuditFinding, AuditQuestion, AuditRow } from '@yizhan/contracts/audit'
import { sql } from 'kysely'
import { momentOf } from '../postgres/database.ts'
import type { ChainReader } from './audit-chain-store.ts'

/** Rows of the trail, the youngest first, at most so many behind the place of the last page. */
export async function readTrail(
  { tx, tenantId }: ChainReader,
  question: AuditQuestion,
  limit: number,
): Promise<AuditRow[]> {
  const { after, objectId } = question
  const only = (column: string, value: string | undefined) =>
    value === undefined ? sql`` : sql`and ${sql.ref(column)} = ${value}`
  const object =
    objectId === undefined
      ? sql``
      : sql`and (object_id = ${objectId} or ${isUuid.test(objectId) ? sql`shown_ids @> array[${objectId}::uuid]` : sql`false`})`
  const { rows } = await sql<AuditRow>`
    select audit_id as "auditId", at, station_at as "stationAt", actor_kind as "actorKind", actor_id as "actorId",
      (select u."name" from membership m join auth."user" u on u."id" = m.user_id
        where m.tenant_id = a.tenant_id and m.user_id = a.actor_id) as "actorName",
      coalesce(roles, '{}') as roles, verb, action, object_kind as "objectKind", object_id as "objectId",
      shown_count as "shownCount", reason, station_id as "stationId", request_id as "requestId",
      not exists (select from audit_waiting w where w.tenant_id = a.tenant_id and w.audit_id = a.audit_id) as sealed
    from audit a where tenant_id = ${tenantId} ${only('actor_id', question.actorId)} ${object}
      ${only('action', question.action)} ${only('verb', question.verb)}
      ${question.from === undefined ? sql`` : sql`and at >= ${momentOf(question.from)}`}
      ${question.to === undefined ? sql`` : sql`and at < ${momentOf(question.to)}`}
      ${after === undefined ? sql`` : sql`and (at, audit_id) < (${momentOf(after.at)}, ${after.auditId}::uuid)`}
    order by at desc, audit_id desc limit ${limit}`.execute(tx)
  return rows
}

const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What the chain says of itself, without walking it. */
export async function readChainState({ tx, tenantId }: ChainReader): Promise<{
  sealedUntil: number | null
  sealedRows: number
  waitingRows: number
  check: { at: number; rows: number; findings: AuditFinding[] } | null
}> {
  const last = await tx
    .selectFrom('audit_block')
    .select(['sealed_at', 'first_row', 'row_count'])
    .where('tenant_id', '=', tenantId)
    .orderBy('block', 'desc')
    .limit(1)
    .executeTakeFirst()
  const waiting = await tx
    .selectFrom('audit_waiting')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow()
  const check = await tx
    .selectFrom('audit_check')
    .select(['checked_at', 'rows', 'findings'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  return {
    sealedUntil: last?.sealed_at ?? null,
    sealedRows: last === undefined ? 0 : last.first_row + last.row_count - 1,
    waitingRows: waiting.count,
    check: check === undefined ? null : { at: check.checked_at, rows: check.rows, findings: check.findings },
  }
}

/** What a trail can be narrowed down to: who did something since a moment, what was done, and how many values did not open. */
export async function readTrailChoices(
  { tx, tenantId }: ChainReader,
  sinceMs: number,
): Promise<{ people: { actorId: string; name: string }[]; actions: string[]; damagedFields: number }> {
  const { rows: people } = await sql<{ actorId: string; name: string }>`
    select m.user_id as "actorId", u."name" from membership m join auth."user" u on u."id" = m.user_id
    where m.tenant_id = ${tenantId} and exists (select from audit a where a.tenant_id = m.tenant_id
      and a.actor_id = m.user_id and a.at > ${momentOf(sinceMs)}) order by u."name", m.user_id limit 500`.execute(tx)
  const { rows: actions } = await sql<{ action: string; count: number }>`
    select action, count(*) as count from audit where tenant_id = ${tenantId} and at > ${momentOf(sinceMs)}
    group by action order by action limit 200`.execute(tx)
  return {
    people,
    actions: actions.map(({ action }) => action),
    damagedFields: actions.find(({ action }) => action === 'protected-field-damaged')?.count ?? 0,
  }
}
