import { id } from '@yizhan/contracts/id'
import type { NoticeReceipt, NoticeRow, NoticeTargets, PublishedNotice } from '@yizhan/contracts/notice'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { isAddressee } from '../todo/addressee.ts'
import {
  countInbox,
  findInInbox,
  insertNotice,
  isNotice,
  type NewNotice,
  putReceipt,
  readInbox,
  readPublished,
  readReceipts,
  withdrawNoticeRow,
} from './notice-store.ts'

/** Nobody reads further back on a page; older ones stay stored. */
const mostShown = 200

const published = z.strictObject({ noticeId: id })
const receipt = z.strictObject({ readAt: instantMs, acknowledgedAt: instantMs.nullable() })
const withdrawn = z.strictObject({ withdrawnAt: instantMs })

/** What is published to the caller now (通知公告), unread ones first. */
export async function noticeInbox(db: CentreDb, caller: Caller): Promise<NoticeRow[]> {
  return await inTenant(db, caller, (tx) => readInbox(tx, readerOf(caller), mostShown))
}

/** How many notices the caller has not read, and how many they have still to acknowledge. */
export async function countNotices(db: CentreDb, caller: Caller): Promise<{ unread: number; toAcknowledge: number }> {
  return await inTenant(db, caller, (tx) => countInbox(tx, readerOf(caller)))
}

function readerOf({ tenantId, actor, nowMs }: Caller) {
  return { tenantId, userId: actor.id, nowMs }
}

/** Notes that the caller has read a notice, and, where it asks for it, that they have taken note. */
export async function readNotice(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; noticeId: string; acknowledge: boolean },
): Promise<Outcome<z.infer<typeof receipt>, 'notice-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'read-notice', input, answer: receipt }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { noticeId, acknowledge } = input
      const found = await findInInbox(scope, noticeId)
      if (found === undefined) return { ok: false, error: 'notice-unknown' }
      const acknowledged = acknowledge && found.mustAcknowledge
      const value = await putReceipt(scope, { noticeId, acknowledged })
      const action = acknowledged ? 'notice-acknowledged' : 'notice-read'
      await recordAudit(scope, { action, objectKind: 'notice', objectId: noticeId })
      await ring(scope, 'notices')
      return { ok: true, value }
    }),
  )
}

/** What was published in the hospital, with how many have read it. */
export async function listPublished(db: CentreDb, caller: Caller): Promise<PublishedNotice[]> {
  return await inTenant(db, caller, (tx) => readPublished(tx, caller.tenantId, mostShown))
}

/** Everybody whom a notice addresses, with their receipts (已读回执). */
export async function listReceipts(
  db: CentreDb,
  caller: Caller,
  noticeId: string,
): Promise<Outcome<NoticeReceipt[], 'notice-unknown'>> {
  return await inTenant(db, caller, async (tx) => {
    if (!(await isNotice(tx, caller.tenantId, noticeId))) return { ok: false, error: 'notice-unknown' }
    return { ok: true, value: await readReceipts(tx, caller.tenantId, noticeId) }
  })
}

/** What a person publishes. */
export interface WrittenNotice {
  operationId: string
  title: string
  body: string
  targets: NoticeTargets
  /** Null for at once. */
  publishedFrom: number | null
  publishedUntil: number | null
  mustAcknowledge: boolean
}

type PublishRefusal = 'target-missing' | 'target-unknown' | 'span-invalid'

/** Publishes a notice to roles, departments and people, or to everyone. */
export async function publishNotice(
  db: CentreDb,
  caller: Caller,
  input: WrittenNotice,
  byName: string,
): Promise<Outcome<z.infer<typeof published>, PublishRefusal | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'publish-notice', input, answer: published }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { title, body, targets, publishedUntil, mustAcknowledge } = input
      const publishedFrom = input.publishedFrom ?? scope.nowMs
      if (publishedUntil !== null && publishedUntil <= publishedFrom) return { ok: false, error: 'span-invalid' }
      const wrong = await whatIsWrongWith(scope, targets)
      if (wrong !== null) return { ok: false, error: wrong }
      const noticeId = newId(scope.nowMs)
      const subject = { kind: 'written' as const, title, body }
      const span = { publishedFrom, publishedUntil }
      await putNotice(scope, { noticeId, subject, byName, targets, ...span, mustAcknowledge, cause: null })
      return { ok: true, value: { noticeId } }
    }),
  )
}

async function whatIsWrongWith(
  { tx, tenantId }: TenantScope,
  { everyone, roles, departmentIds, userIds }: NoticeTargets,
): Promise<'target-missing' | 'target-unknown' | null> {
  if (!everyone && roles.length + departmentIds.length + userIds.length === 0) return 'target-missing'
  const named = [
    ...departmentIds.map((departmentId) => ({ kind: 'department' as const, departmentId })),
    ...userIds.map((userId) => ({ kind: 'person' as const, userId })),
  ]
  for (const one of named) if (!(await isAddressee(tx, tenantId, one))) return 'target-unknown'
  return null
}

/** Publishes a notice of the centre itself for an event; a second time it changes nothing. */
export async function publishOnce(
  scope: TenantScope,
  notice: Pick<NewNotice, 'subject' | 'targets' | 'mustAcknowledge'> & { cause: string },
): Promise<void> {
  const span = { publishedFrom: scope.nowMs, publishedUntil: null }
  await putNotice(scope, { ...notice, ...span, noticeId: newId(scope.nowMs), byName: '' })
}

async function putNotice(scope: TenantScope, notice: NewNotice): Promise<void> {
  if (!(await insertNotice(scope, notice))) return
  await recordAudit(scope, { action: 'notice-published', objectKind: 'notice', objectId: notice.noticeId })
  await ring(scope, 'notices')
}

/** Takes a notice back: nobody is shown it any more, who had read it stays known. */
export async function withdrawNotice(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; noticeId: string },
): Promise<Outcome<z.infer<typeof withdrawn>, 'notice-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'withdraw-notice', input, answer: withdrawn }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const withdrawnAt = await withdrawNoticeRow(scope, input.noticeId)
      if (withdrawnAt === null) return { ok: false, error: 'notice-unknown' }
      await recordAudit(scope, { action: 'notice-withdrawn', objectKind: 'notice', objectId: input.noticeId })
      await ring(scope, 'notices')
      return { ok: true, value: { withdrawnAt } }
    }),
  )
}
