import type { NoticeReceipt, NoticeRow, NoticeSubject, NoticeTargets, PublishedNotice } from '@yizhan/contracts/notice'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A notice that is published. */
export interface NewNotice {
  noticeId: string
  subject: NoticeSubject
  byName: string
  targets: NoticeTargets
  publishedFrom: number
  publishedUntil: number | null
  mustAcknowledge: boolean
  /** The event that the centre publishes it for; null for a person's. */
  cause: string | null
}

/** Writes a notice; false when its cause has one already. */
export async function insertNotice({ tx, tenantId, nowMs, actor }: TenantScope, notice: NewNotice): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('notice')
    .values({
      tenant_id: tenantId,
      notice_id: notice.noticeId,
      subject: JSON.stringify(notice.subject),
      by_name: notice.byName,
      made_by: actor.id,
      made_at: new Date(nowMs),
      published_from: new Date(notice.publishedFrom),
      published_until: notice.publishedUntil === null ? null : new Date(notice.publishedUntil),
      must_acknowledge: notice.mustAcknowledge,
      to_everyone: notice.targets.everyone,
      to_roles: notice.targets.roles,
      to_department_ids: notice.targets.departmentIds,
      to_user_ids: notice.targets.userIds,
      withdrawn_at: null,
      cause: notice.cause,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A notice n that is out at a moment and addressed to whoever the transaction is for, by the words of the table's policy. */
function isOutToMe(nowMs: number) {
  const now = new Date(nowMs)
  return sql<boolean>`n.withdrawn_at is null and n.published_from <= ${now} and (n.published_until is null or n.published_until > ${now})
    and (n.to_everyone or n.to_user_ids @> array[current_setting('app.reader_id', true)]
      or n.to_roles && string_to_array(current_setting('app.reader_roles', true), ',')
      or n.to_department_ids && string_to_array(nullif(current_setting('app.department_ids', true), ''), ',')::uuid[])`
}

interface Reader {
  tenantId: string
  userId: string
  nowMs: number
}

/** What is published to a reader now, unread ones first, then the newest. */
export async function readInbox(tx: TenantTx, { tenantId, userId, nowMs }: Reader, most: number): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select n.notice_id as "noticeId", n.subject, n.by_name as "byName", n.published_from as "publishedFrom",
      n.published_until as "publishedUntil", n.must_acknowledge as "mustAcknowledge", r.read_at as "readAt",
      r.acknowledged_at as "acknowledgedAt"
    from notice n left join notice_receipt r
      on r.tenant_id = n.tenant_id and r.notice_id = n.notice_id and r.user_id = ${userId}
    where n.tenant_id = ${tenantId} and ${isOutToMe(nowMs)}
    order by r.read_at is not null, n.published_from desc, n.notice_id desc limit ${most}`.execute(tx)
  return rows
}

/** How many notices a reader has not read, and how many they have still to acknowledge. */
export async function countInbox(
  tx: TenantTx,
  { tenantId, userId, nowMs }: Reader,
): Promise<{ unread: number; toAcknowledge: number }> {
  const { rows } = await sql<{ unread: number; toAcknowledge: number }>`
    select count(*) filter (where r.read_at is null)::int as "unread",
      count(*) filter (where n.must_acknowledge and r.acknowledged_at is null)::int as "toAcknowledge"
    from notice n left join notice_receipt r
      on r.tenant_id = n.tenant_id and r.notice_id = n.notice_id and r.user_id = ${userId}
    where n.tenant_id = ${tenantId} and ${isOutToMe(nowMs)}`.execute(tx)
  return rows[0] ?? { unread: 0, toAcknowledge: 0 }
}

/** Whether a notice is out to whoever the transaction is for, and has to be acknowledged; undefined when it is not out. */
export async function findInInbox(
  { tx, tenantId, nowMs }: TenantScope,
  noticeId: string,
): Promise<{ mustAcknowledge: boolean } | undefined> {
  const { rows } = await sql<{ mustAcknowledge: boolean }>`
    select n.must_acknowledge as "mustAcknowledge" from notice n
    where n.tenant_id = ${tenantId} and n.notice_id = ${noticeId} and ${isOutToMe(nowMs)}`.execute(tx)
  return rows[0]
}

/** Notes that a reader has read a notice, or acknowledged it; the first time of each stands. */
export async function putReceipt(
  { tx, tenantId, nowMs, actor }: TenantScope,
  { noticeId, acknowledged }: { noticeId: string; acknowledged: boolean },
): Promise<{ readAt: number; acknowledgedAt: number | null }> {
  const now = new Date(nowMs)
  const { rows } = await sql<{ readAt: number; acknowledgedAt: number | null }>`
    insert into notice_receipt as r (tenant_id, notice_id, user_id, read_at, acknowledged_at)
    values (${tenantId}, ${noticeId}, ${actor.id}, ${now}, ${acknowledged ? now : null}::timestamptz)
    on conflict (tenant_id, notice_id, user_id)
      do update set acknowledged_at = coalesce(r.acknowledged_at, excluded.acknowledged_at)
    returning read_at as "readAt", acknowledged_at as "acknowledgedAt"`.execute(tx)
  const [receipt] = rows
  if (receipt === undefined) throw new Error('a receipt was not written')
  return receipt
}

/** The people m who may enter the hospital and are addressed by a notice n. */
const addressees = sql`membership m where m.tenant_id = n.tenant_id and m.disabled_at is null and (n.to_everyone
  or m.user_id = any (n.to_user_ids) or m.roles && n.to_roles or m.department_ids && n.to_department_ids)`

/** What was published in the hospital, the newest first, with how many have read it. */
export async function readPublished(tx: TenantTx, tenantId: string, most: number): Promise<PublishedNotice[]> {
  const { rows } = await sql<PublishedNotice>`
    select n.notice_id as "noticeId", n.subject, n.by_name as "byName", n.published_from as "publishedFrom",
      n.published_until as "publishedUntil", n.must_acknowledge as "mustAcknowledge", n.withdrawn_at as "withdrawnAt",
      jsonb_build_object('everyone', n.to_everyone, 'roles', n.to_roles, 'departmentIds', n.to_department_ids,
        'userIds', n.to_user_ids) as targets,
      (select count(*)::int from ${addressees}) as addressed,
      (select count(*)::int from notice_receipt r where r.tenant_id = n.tenant_id and r.notice_id = n.notice_id) as read,
      (select count(*)::int from notice_receipt r where r.tenant_id = n.tenant_id and r.notice_id = n.notice_id
        and r.acknowledged_at is not null) as acknowledged
    from notice n where n.tenant_id = ${tenantId} order by n.made_at desc, n.notice_id desc limit ${most}`.execute(tx)
  return rows
}

/** Everybody whom a notice addresses, with their receipts; those who have not read it first. */
export async function readReceipts(tx: TenantTx, tenantId: string, noticeId: string): Promise<NoticeReceipt[]> {
  const { rows } = await sql<NoticeReceipt>`
    select a.user_id as "userId", u."name", r.read_at as "readAt", r.acknowledged_at as "acknowledgedAt"
    from notice n cross join lateral (select m.user_id from ${addressees}) a
      join auth."user" u on u."id" = a.user_id
      left join notice_receipt r on r.tenant_id = n.tenant_id and r.notice_id = n.notice_id and r.user_id = a.user_id
    where n.tenant_id = ${tenantId} and n.notice_id = ${noticeId}
    order by r.read_at is not null, r.acknowledged_at is not null, u."name", a.user_id`.execute(tx)
  return rows
}

/** Whether the hospital has this notice. */
export async function isNotice(tx: TenantTx, tenantId: string, noticeId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from notice where tenant_id = ${tenantId} and notice_id = ${noticeId}`.execute(tx)
  return rows.length > 0
}

/** Takes a notice back; when it was, or null when there is none. The first time stands. */
export async function withdrawNoticeRow(
  { tx, tenantId, nowMs }: TenantScope,
  noticeId: string,
): Promise<number | null> {
  const row = await tx
    .updateTable('notice')
    .set({ withdrawn_at: sql<Date>`coalesce(withdrawn_at, ${new Date(nowMs)})` })
    .where('tenant_id', '=', tenantId)
    .where('notice_id', '=', noticeId)
    .returning('withdrawn_at')
    .executeTakeFirst()
  return row?.withdrawn_at ?? null
}
