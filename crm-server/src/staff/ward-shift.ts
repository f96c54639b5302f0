import type { WardShift } from '@yizhan/contracts/staff'
import { z } from 'zod'
import { withinReach } from '../access/protected-table.ts'
import type { Acting } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { isOpenDepartment } from '../organisation/organisation.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import { lockStaff } from './staff-store.ts'

/** One person in one ward for one shift. */
export interface WardAssignment {
  staffId: string
  departmentId: string
  shift: WardShift
}

const kept = z.strictObject({ assigned: z.boolean() })

/** Who works where on a day, among the people that somebody may see. */
export async function readWardDay(db: CentreDb, who: Acting, day: string): Promise<WardAssignment[]> {
  return await inTenant(db, who, (tx) =>
    tx
      .selectFrom('ward_shift')
      .innerJoin('staff', (join) =>
        join.onRef('staff.tenant_id', '=', 'ward_shift.tenant_id').onRef('staff.staff_id', '=', 'ward_shift.staff_id'),
      )
      .select(['ward_shift.staff_id as staffId', 'ward_shift.department_id as departmentId', 'ward_shift.shift'])
      .where('ward_shift.tenant_id', '=', who.tenantId)
      .where('ward_shift.day', '=', day)
      .where(withinReach(who, 'staff'))
      .orderBy('ward_shift.shift')
      .orderBy('ward_shift.staff_id')
      .execute(),
  )
}

/** Assigns a person to a ward for one shift, or takes them off it. */
export async function assignWard(
  db: CentreDb,
  caller: Caller,
  input: { staffId: string; day: string; shift: WardShift; departmentId: string | null; operationId: string },
): Promise<Outcome<z.infer<typeof kept>, 'staff-unknown' | 'department-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'assign-ward', input, answer: kept }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { staffId, day, shift, departmentId } = input
      if ((await lockStaff(scope, staffId)) === undefined) return { ok: false, error: 'staff-unknown' }
      const key = { tenant_id: scope.tenantId, day, shift, staff_id: staffId }
      if (departmentId === null) {
        await scope.tx
          .deleteFrom('ward_shift')
          .where('tenant_id', '=', key.tenant_id)
          .where('day', '=', day)
          .where('shift', '=', shift)
          .where('staff_id', '=', staffId)
          .execute()
      } else {
        if (!(await isOpenDepartment(scope.tx, scope.tenantId, departmentId))) {
          return { ok: false, error: 'department-unknown' }
        }
        const place = { department_id: departmentId }
        await scope.tx
          .insertInto('ward_shift')
          .values({ ...key, ...place })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'day', 'shift', 'staff_id']).doUpdateSet(place))
          .execute()
      }
      await recordAudit(scope, { action: 'ward-assigned', objectKind: 'staff', objectId: staffId })
      return { ok: true, value: { assigned: departmentId !== null } }
    }),
  )
}
