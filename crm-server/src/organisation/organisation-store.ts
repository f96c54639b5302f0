import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Every department of a hospital, in the order of codes. */
export async function readDepartments(tx: TenantTx, tenantId: string): Promise<DepartmentRow[]> {
  return await tx
    .selectFrom('department')
    .select(['department_id as departmentId', 'site_id as siteId', 'parent_id as parentId', 'code', 'name'])
    .select('retired_at as retiredAt')
    .where('tenant_id', '=', tenantId)
    .orderBy('code')
    .execute()
}

/** Every post of a hospital, in the order of their Chinese names. */
export async function readPosts(tx: TenantTx, tenantId: string): Promise<PostRow[]> {
  return await tx
    .selectFrom('post')
    .select(['post_id as postId', 'name', 'retired_at as retiredAt'])
    .where('tenant_id', '=', tenantId)
    .orderBy(sql`name->>'zh-CN'`)
    .orderBy('post_id')
    .execute()
}

/** One department; undefined when there is none under this id. */
export async function readDepartment(tx: TenantTx, tenantId: string, departmentId: string) {
  return await tx
    .selectFrom('department')
    .select(['department_id', 'parent_id', 'retired_at'])
    .where('tenant_id', '=', tenantId)
    .where('department_id', '=', departmentId)
    .executeTakeFirst()
}

/** One post; undefined when there is none under this id. */
export async function readPost(tx: TenantTx, tenantId: string, postId: string) {
  return await tx
    .selectFrom('post')
    .select('retired_at')
    .where('tenant_id', '=', tenantId)
    .where('post_id', '=', postId)
    .executeTakeFirst()
}

/** Whether a site is one of the hospital's. */
export async function isSite({ tx, tenantId }: TenantScope, siteId: string): Promise<boolean> {
  const site = await tx
    .selectFrom('site')
    .select('site_id')
    .where('tenant_id', '=', tenantId)
    .where('site_id', '=', siteId)
    .executeTakeFirst()
  return site !== undefined
}

/** A department and all that it is part of; null when there is none under this id. */
export async function lineOf({ tx, tenantId }: TenantScope, departmentId: string): Promise<string[] | null> {
  // Two changes at once could each find their own line free and close a ring together.
  await sql`select pg_advisory_xact_lock(hashtext(${`department-tree ${tenantId}`}))`.execute(tx)
  const { rows } = await sql<{ id: string }>`
    with recursive line as (
      select department_id, parent_id from department where tenant_id = ${tenantId} and department_id = ${departmentId}
      union
      select d.department_id, d.parent_id from department d join line on d.department_id = line.parent_id
        where d.tenant_id = ${tenantId}
    ) select department_id as id from line`.execute(tx)
  return rows.length === 0 ? null : rows.map(({ id }) => id)
}

/** Writes a department; false when its code is another's. */
export async function writeDepartment(
  scope: TenantScope,
  department: Omit<DepartmentRow, 'retiredAt'> & { retired: boolean },
): Promise<boolean> {
  const taken = await scope.tx
    .selectFrom('department')
    .select('department_id')
    .where('tenant_id', '=', scope.tenantId)
    .where('code', '=', department.code)
    .where('department_id', '<>', department.departmentId)
    .executeTakeFirst()
  if (taken !== undefined) return false
  const texts = {
    site_id: department.siteId,
    parent_id: department.parentId,
    code: department.code,
    name: JSON.stringify(department.name),
    retired_at: department.retired ? new Date(scope.nowMs) : null,
  }
  await scope.tx
    .insertInto('department')
    .values({ tenant_id: scope.tenantId, department_id: department.departmentId, ...texts })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'department_id']).doUpdateSet(texts))
    .execute()
  return true
}

/** Writes a post. */
export async function writePost(
  scope: TenantScope,
  post: Omit<PostRow, 'retiredAt'> & { retired: boolean },
): Promise<void> {
  const texts = { name: JSON.stringify(post.name), retired_at: post.retired ? new Date(scope.nowMs) : null }
  await scope.tx
    .insertInto('post')
    .values({ tenant_id: scope.tenantId, post_id: post.postId, ...texts })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'post_id']).doUpdateSet(texts))
    .execute()
}

/** The people with a service code whose row at the stations names a department or a post. */
export async function staffCodesTouchedBy(
  { tx, tenantId }: TenantScope,
  place: { departmentId: string } | { postId: string },
): Promise<string[]> {
  const query = tx
    .selectFrom('staff')
    .innerJoin('service_code', (join) =>
      join
        .onRef('service_code.tenant_id', '=', 'staff.tenant_id')
        .onRef('service_code.staff_id', '=', 'staff.staff_id')
        .on('service_code.retired_at', 'is', null),
    )
    .select('staff.staff_id')
    .where('staff.tenant_id', '=', tenantId)
  const rows =
    'postId' in place
      ? await query.where('staff.post_id', '=', place.postId).execute()
      : await query.where('staff.department_id', '=', place.departmentId).execute()
  return rows.map((row) => row.staff_id)
}
