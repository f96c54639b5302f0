import type { StaffCodeRow, StaffListRow, StaffNameShowing, StaffRow } from '@yizhan/contracts/staff'
import { maskName } from '@yizhan/rules/patient/mask-name'
import { sql } from 'kysely'
import { withinReach } from '../access/protected-table.ts'
import type { Acting } from '../access/reach.ts'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** The people of a hospital that somebody may see, with what was issued to them, in the order of staff numbers. */
export async function readStaff(tx: TenantTx, who: Acting): Promise<StaffListRow[]> {
  const rows = await tx
    .selectFrom('staff')
    .leftJoin('service_code', (join) =>
      join
        .onRef('service_code.tenant_id', '=', 'staff.tenant_id')
        .onRef('service_code.staff_id', '=', 'staff.staff_id')
        .on('service_code.retired_at', 'is', null),
    )
    .selectAll('staff')
    .select('service_code.code')
    .select((row) =>
      row
        .selectFrom('panel_credential')
        .select(sql<string[]>`array_agg(kind)`.as('kinds'))
        .whereRef('panel_credential.tenant_id', '=', 'staff.tenant_id')
        .whereRef('panel_credential.staff_id', '=', 'staff.staff_id')
        .where('panel_credential.taken_at', 'is', null)
        .as('kinds'),
    )
    .where('staff.tenant_id', '=', who.tenantId)
    .where(withinReach(who, 'staff'))
    .orderBy('staff.staff_number')
    .execute()
  return rows.map((row) => ({
    staffId: row.staff_id,
    staffNumber: row.staff_number,
    name: row.name,
    pinyin: row.pinyin,
    departmentId: row.department_id,
    otherDepartmentIds: row.other_department_ids,
    postId: row.post_id,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    shownOnKiosk: row.shown_on_kiosk,
    photoVersion: row.photo_version,
    serviceCode: row.code,
    hasPanelPin: row.kinds?.includes('pin') ?? false,
    panelCards: row.kinds?.filter((kind) => kind === 'card').length ?? 0,
  }))
}

/** One person, held until the transaction ends; undefined when the caller sees none under this id. */
export async function lockStaff({ tx, tenantId }: TenantScope, staffId: string) {
  return await tx
    .selectFrom('staff')
    .select(['staff_id', 'valid_to', 'photo_version', 'department_id'])
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .forUpdate()
    .executeTakeFirst()
}

/** Writes a person; false when the staff number is another's. */
export async function writeStaff(scope: TenantScope, staff: StaffRow): Promise<boolean> {
  const taken = await scope.tx
    .selectFrom('staff')
    .select('staff_id')
    .where('tenant_id', '=', scope.tenantId)
    .where('staff_number', '=', staff.staffNumber)
    .where('staff_id', '<>', staff.staffId)
    .executeTakeFirst()
  if (taken !== undefined) return false
  const written = {
    staff_number: staff.staffNumber,
    name: staff.name,
    pinyin: staff.pinyin,
    department_id: staff.departmentId,
    other_department_ids: staff.otherDepartmentIds,
    post_id: staff.postId,
    valid_from: staff.validFrom,
    valid_to: staff.validTo,
    shown_on_kiosk: staff.shownOnKiosk,
  }
  await scope.tx
    .insertInto('staff')
    .values({ tenant_id: scope.tenantId, staff_id: staff.staffId, ...written, created_at: new Date(scope.nowMs) })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id']).doUpdateSet(written))
    .execute()
  return true
}

/** Keeps a photo under the next version and answers it. */
export async function insertPhoto(
  scope: TenantScope,
  staffId: string,
  photo: { version: number; mediaType: 'image/png' | 'image/jpeg'; bytes: Buffer; sha256: Buffer },
): Promise<void> {
  await scope.tx
    .insertInto('staff_photo')
    .values({
      tenant_id: scope.tenantId,
      staff_id: staffId,
      version: photo.version,
      media_type: photo.mediaType,
      photo: photo.bytes,
      sha256: photo.sha256,
      taken_in_at: new Date(scope.nowMs),
    })
    .execute()
  await scope.tx
    .updateTable('staff')
    .set({ photo_version: photo.version })
    .where('tenant_id', '=', scope.tenantId)
    .where('staff_id', '=', staffId)
    .execute()
}

/** The newest photo of a person whom the reader may see; undefined when there is none. */
export async function readPhoto(tx: TenantTx, who: Acting, staffId: string) {
  return await tx
    .selectFrom('staff')
    .innerJoin('staff_photo', (join) =>
      join
        .onRef('staff_photo.tenant_id', '=', 'staff.tenant_id')
        .onRef('staff_photo.staff_id', '=', 'staff.staff_id')
        .onRef('staff_photo.version', '=', 'staff.photo_version'),
    )
    .select(['staff_photo.media_type', 'staff_photo.photo', 'staff_photo.version'])
    .where('staff.tenant_id', '=', who.tenantId)
    .where('staff.staff_id', '=', staffId)
    .where(withinReach(who, 'staff'))
    .executeTakeFirst()
}

/** Whether kiosks of a hospital show names of staff whole or masked. */
export async function readNameShowing(tx: TenantTx, tenantId: string): Promise<StaffNameShowing> {
  const { staff_names: showing } = await tx
    .selectFrom('tenant')
    .select('staff_names')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow()
  return showing
}

/**
 * Service codes as rows of the stations' feed, in the order of staff ids: of people who are shown at kiosks and hold a code, those
 * named, or those after an id.
 */
export async function readStaffCodes(
  tx: TenantTx,
  tenantId: string,
  which: { staffIds: readonly string[] } | { after: string; limit: number },
): Promise<StaffCodeRow[]> {
  const query = tx
    .selectFrom('staff')
    .innerJoin('service_code', (join) =>
      join
        .onRef('service_code.tenant_id', '=', 'staff.tenant_id')
        .onRef('service_code.staff_id', '=', 'staff.staff_id')
        .on('service_code.retired_at', 'is', null),
    )
    .innerJoin('department', (join) =>
      join
        .onRef('department.tenant_id', '=', 'staff.tenant_id')
        .onRef('department.department_id', '=', 'staff.department_id'),
    )
    .leftJoin('post', (join) =>
      join.onRef('post.tenant_id', '=', 'staff.tenant_id').onRef('post.post_id', '=', 'staff.post_id'),
    )
    .select(['staff.staff_id', 'staff.name', 'staff.photo_version', 'staff.valid_to', 'service_code.code'])
    .select(['department.name as department', 'post.name as post'])
    .where('staff.tenant_id', '=', tenantId)
    .where('staff.shown_on_kiosk', '=', true)
    .orderBy('staff.staff_id')
  const rows =
    'staffIds' in which
      ? await query.where('staff.staff_id', 'in', [...which.staffIds]).execute()
      : await query.where('staff.staff_id', '>', which.after).limit(which.limit).execute()
  const shown = (await readNameShowing(tx, tenantId)) === 'full' ? (name: string) => name : maskName
  return rows.map((row) => ({
    staffId: row.staff_id,
    code: row.code,
    displayName: shown(row.name),
    department: row.department,
    post: row.post,
    photoVersion: row.photo_version,
    validTo: row.valid_to,
  }))
}
