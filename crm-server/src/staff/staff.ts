import { createHash } from 'node:crypto'
import type { StaffCodeRow, StaffListRow, StaffNameShowing, StaffRow } from '@yizhan/contracts/staff'
import { staffNameShowings } from '@yizhan/contracts/staff'
import { z } from 'zod'
import type { Acting } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { isOpenDepartment, isOpenPost } from '../organisation/organisation.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { photoTypeOf } from './photo-type.ts'
import {
  insertPhoto,
  lockStaff,
  readNameShowing,
  readPhoto,
  readStaff,
  readStaffCodes,
  writeStaff,
} from './staff-store.ts'

const written = z.strictObject({ staffId: z.string() })
const photoKept = z.strictObject({ photoVersion: z.int() })
const showingKept = z.strictObject({ showing: z.enum(staffNameShowings) })

/** The people that somebody may see, and how kiosks show their names. */
export async function listStaff(
  db: CentreDb,
  who: Acting,
): Promise<{ staff: StaffListRow[]; nameShowing: StaffNameShowing }> {
  return await inTenant(db, who, async (tx) => ({
    staff: await readStaff(tx, who),
    nameShowing: await readNameShowing(tx, who.tenantId),
  }))
}

/** Adds or changes a person of the staff list. */
export async function putStaff(
  db: CentreDb,
  caller: Caller,
  input: StaffRow & { operationId: string },
): Promise<
  Outcome<
    z.infer<typeof written>,
    'department-unknown' | 'post-unknown' | 'number-taken' | 'validity-invalid' | OperationReused
  >
> {
  const operation = { operationId: input.operationId, call: 'put-staff', input, answer: written }
  const { validFrom, validTo } = input
  if (validTo !== null && validTo < validFrom) return { ok: false, error: 'validity-invalid' }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { tx, tenantId } = scope
      for (const departmentId of [input.departmentId, ...input.otherDepartmentIds]) {
        if (!(await isOpenDepartment(tx, tenantId, departmentId))) return { ok: false, error: 'department-unknown' }
      }
      if (input.postId !== null && !(await isOpenPost(tx, tenantId, input.postId))) {
        return { ok: false, error: 'post-unknown' }
      }
      if (!(await writeStaff(scope, input))) return { ok: false, error: 'number-taken' }
      await tellOfStaff(scope, input.staffId)
      await recordAudit(scope, { action: 'staff-written', objectKind: 'staff', objectId: input.staffId })
      return { ok: true, value: { staffId: input.staffId } }
    }),
  )
}

/** Keeps a new photo of a person beside those before it; only what begins like a PNG or a JPEG is one. */
export async function setPhoto(
  db: CentreDb,
  caller: Caller,
  input: { staffId: string; operationId: string; photo: string },
): Promise<Outcome<z.infer<typeof photoKept>, 'staff-unknown' | 'photo-invalid' | OperationReused>> {
  const bytes = Buffer.from(input.photo, 'base64')
  const mediaType = photoTypeOf(bytes)
  if (mediaType === null) return { ok: false, error: 'photo-invalid' }
  const operation = { operationId: input.operationId, call: 'set-staff-photo', input, answer: photoKept }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const person = await lockStaff(scope, input.staffId)
      if (person === undefined) return { ok: false, error: 'staff-unknown' }
      const version = person.photo_version + 1
      const sha256 = createHash('sha256').update(bytes).digest()
      await insertPhoto(scope, input.staffId, { version, mediaType, bytes, sha256 })
      await tellOfStaff(scope, input.staffId)
      await recordAudit(scope, { action: 'staff-photo-set', objectKind: 'staff', objectId: input.staffId })
      return { ok: true, value: { photoVersion: version } }
    }),
  )
}

/** The newest photo of a person. */
export async function photoOf(
  db: CentreDb,
  who: Acting,
  staffId: string,
): Promise<Outcome<{ mediaType: 'image/png' | 'image/jpeg'; photo: string; version: number }, 'photo-unknown'>> {
  const found = await inTenant(db, who, (tx) => readPhoto(tx, who, staffId))
  if (found === undefined) return { ok: false, error: 'photo-unknown' }
  const photo = found.photo.toString('base64')
  return { ok: true, value: { mediaType: found.media_type, photo, version: found.version } }
}

/** Chooses how kiosks show the names of staff; every row of the feed changes with it. */
export async function showNames(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; showing: StaffNameShowing },
): Promise<Outcome<z.infer<typeof showingKept>, OperationReused>> {
  const operation = { operationId: input.operationId, call: 'show-staff-names', input, answer: showingKept }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      await scope.tx
        .updateTable('tenant')
        .set({ staff_names: input.showing })
        .where('tenant_id', '=', scope.tenantId)
        .execute()
      const shown = await readStaffCodes(scope.tx, scope.tenantId, { after: firstOfAll, limit: mostShown })
      await noteFeedChange(
        scope,
        shown.map(({ staffId }) => ({ kind: 'staff-code' as const, key: staffId })),
      )
      await recordAudit(scope, {
        action: `staff-names-${input.showing}`,
        objectKind: 'tenant',
        objectId: scope.tenantId,
      })
      return { ok: true, value: { showing: input.showing } }
    }),
  )
}

const firstOfAll = '00000000-0000-0000-0000-000000000000'
/** The largest hospitals employ some fifteen thousand people. */
const mostShown = 50_000

/** Service codes after a staff id, as rows of the feed. */
export function staffCodesAfter(
  tx: TenantTx,
  tenantId: string,
  range: { after: string; limit: number },
): Promise<StaffCodeRow[]> {
  return readStaffCodes(tx, tenantId, range)
}

/** The service codes of some people, as rows of the feed. */
export async function staffCodesOf(
  tx: TenantTx,
  tenantId: string,
  staffIds: readonly string[],
): Promise<StaffCodeRow[]> {
  return staffIds.length === 0 ? [] : await readStaffCodes(tx, tenantId, { staffIds })
}

/** Tells stations that what they know of a person has changed. */
export async function tellOfStaff(scope: TenantScope, staffId: string): Promise<void> {
  await noteFeedChange(scope, [{ kind: 'staff-code', key: staffId }])
}
