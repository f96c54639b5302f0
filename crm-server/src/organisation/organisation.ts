import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import { z } from 'zod'
import type { Acting } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import {
  isSite,
  lineOf,
  readDepartment,
  readDepartments,
  readPost,
  readPosts,
  staffCodesTouchedBy,
  writeDepartment,
  writePost,
} from './organisation-store.ts'

/** A department as it is written: `retired` closes it, or opens it again. */
export type DepartmentDraft = Omit<DepartmentRow, 'retiredAt'> & { operationId: string; retired: boolean }
/** A post as it is written. */
export type PostDraft = Omit<PostRow, 'retiredAt'> & { operationId: string; retired: boolean }

const departmentWritten = z.strictObject({ departmentId: z.string() })
const postWritten = z.strictObject({ postId: z.string() })

/** The departments and posts of a hospital, closed ones included, in the order of their codes and names. */
export async function readTree(db: CentreDb, who: Acting): Promise<{ departments: DepartmentRow[]; posts: PostRow[] }> {
  return await inTenant(db, who, async (tx) => ({
    departments: await readDepartments(tx, who.tenantId),
    posts: await readPosts(tx, who.tenantId),
  }))
}

/** Adds or changes a department; it must lie in a site of the hospital and outside of itself. */
export async function putDepartment(
  db: CentreDb,
  caller: Caller,
  input: DepartmentDraft,
): Promise<
  Outcome<
    z.infer<typeof departmentWritten>,
    'site-unknown' | 'parent-unknown' | 'parent-within' | 'code-taken' | OperationReused
  >
> {
  const operation = { operationId: input.operationId, call: 'put-department', input, answer: departmentWritten }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { departmentId } = input
      if (!(await isSite(scope, input.siteId))) return { ok: false, error: 'site-unknown' }
      const line = input.parentId === null ? [] : await lineOf(scope, input.parentId)
      if (line === null) return { ok: false, error: 'parent-unknown' }
      if (line.includes(departmentId)) return { ok: false, error: 'parent-within' }
      if (!(await writeDepartment(scope, input))) return { ok: false, error: 'code-taken' }
      await tellStations(scope, { departmentId })
      await recordAudit(scope, { action: 'department-written', objectKind: 'department', objectId: departmentId })
      return { ok: true, value: { departmentId } }
    }),
  )
}

/** Adds or changes a post. */
export async function putPost(
  db: CentreDb,
  caller: Caller,
  input: PostDraft,
): Promise<Outcome<z.infer<typeof postWritten>, OperationReused>> {
  const operation = { operationId: input.operationId, call: 'put-post', input, answer: postWritten }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      await writePost(scope, input)
      await tellStations(scope, { postId: input.postId })
      await recordAudit(scope, { action: 'post-written', objectKind: 'post', objectId: input.postId })
      return { ok: true, value: { postId: input.postId } }
    }),
  )
}

/** Whether a hospital has a department that takes people. */
export async function isOpenDepartment(tx: TenantTx, tenantId: string, departmentId: string): Promise<boolean> {
  const found = await readDepartment(tx, tenantId, departmentId)
  return found !== undefined && found.retired_at === null
}

/** Whether a hospital has a post that people may take. */
export async function isOpenPost(tx: TenantTx, tenantId: string, postId: string): Promise<boolean> {
  const found = await readPost(tx, tenantId, postId)
  return found !== undefined && found.retired_at === null
}

/** Stations show department and post beside a name. */
async function tellStations(scope: TenantScope, place: { departmentId: string } | { postId: string }): Promise<void> {
  const keys = await staffCodesTouchedBy(scope, place)
  await noteFeedChange(
    scope,
    keys.map((key) => ({ kind: 'staff-code' as const, key })),
  )
}
