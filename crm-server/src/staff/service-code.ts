import { randomInt } from 'node:crypto'
import { type ServiceCodeRow, serviceCode } from '@yizhan/contracts/staff'
import { instantMs } from '@yizhan/contracts/time'
import { serviceCodeOf } from '@yizhan/rules/staff/service-code'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { z } from 'zod'
import type { Acting } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { tellOfStaff } from './staff.ts'
import { lockStaff } from './staff-store.ts'

const issued = z.strictObject({ code: serviceCode })
const retired = z.strictObject({ retiredAt: instantMs })

/** Every service code that was ever issued, the newest first. */
export async function listServiceCodes(db: CentreDb, who: Acting): Promise<ServiceCodeRow[]> {
  return await inTenant(db, who, (tx) =>
    tx
      .selectFrom('service_code')
      .innerJoin('staff', (join) =>
        join
          .onRef('staff.tenant_id', '=', 'service_code.tenant_id')
          .onRef('staff.staff_id', '=', 'service_code.staff_id'),
      )
      .innerJoin('department', (join) =>
        join
          .onRef('department.tenant_id', '=', 'staff.tenant_id')
          .onRef('department.department_id', '=', 'staff.department_id'),
      )
      .select(['service_code.code', 'staff.staff_id as staffId', 'staff.name', 'department.name as departmentName'])
      .select(['service_code.issued_at as issuedAt', 'service_code.retired_at as retiredAt'])
      .where('service_code.tenant_id', '=', who.tenantId)
      .orderBy('service_code.issued_at', 'desc')
      .orderBy('service_code.code')
      .execute(),
  )
}

/** Issues a code that nobody of this hospital ever had; the one that the person holds is retired with it. */
export async function issueServiceCode(
  db: CentreDb,
  caller: Caller,
  input: { staffId: string; operationId: string },
): Promise<Outcome<z.infer<typeof issued>, 'staff-unknown' | 'staff-left' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'issue-service-code', input, answer: issued }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const person = await lockStaff(scope, input.staffId)
      if (person === undefined) return { ok: false, error: 'staff-unknown' }
      const { zone } = await hospitalOf(scope.tx, scope.tenantId)
      const today = hospitalCalendar(zone).dayOf(scope.nowMs)
      if (person.valid_to !== null && person.valid_to < today) return { ok: false, error: 'staff-left' }
      await retireHeld(scope, { staffId: input.staffId })
      const code = await insertFreeCode(scope, input.staffId)
      await tellOfStaff(scope, input.staffId)
      await recordAudit(scope, { action: 'service-code-issued', objectKind: 'service-code', objectId: code })
      return { ok: true, value: { code } }
    }),
  )
}

/** Retires a code for good. */
export async function retireServiceCode(
  db: CentreDb,
  caller: Caller,
  input: { code: string; operationId: string },
): Promise<Outcome<z.infer<typeof retired>, 'code-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'retire-service-code', input, answer: retired }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const [staffId] = await retireHeld(scope, { code: input.code })
      if (staffId === undefined) return { ok: false, error: 'code-unknown' }
      await tellOfStaff(scope, staffId)
      await recordAudit(scope, { action: 'service-code-retired', objectKind: 'service-code', objectId: input.code })
      return { ok: true, value: { retiredAt: scope.nowMs } }
    }),
  )
}

async function retireHeld(scope: TenantScope, which: { staffId: string } | { code: string }): Promise<string[]> {
  const query = scope.tx
    .updateTable('service_code')
    .set({ retired_at: new Date(scope.nowMs) })
    .where('tenant_id', '=', scope.tenantId)
    .where('retired_at', 'is', null)
    .returning('staff_id')
  const rows =
    'code' in which
      ? await query.where('code', '=', which.code).execute()
      : await query.where('staff_id', '=', which.staffId).execute()
  return rows.map((row) => row.staff_id)
}

/** Draws before a longer code is taken: with half of the short ones gone, ten misses in a row are one in a thousand. */
const drawsPerLength = 10

async function insertFreeCode(scope: TenantScope, staffId: string): Promise<string> {
  for (const length of [4, 5, 6]) {
    for (let draw = 0; draw < drawsPerLength; draw += 1) {
      const code = serviceCodeOf(String(randomInt(10 ** length)).padStart(length, '0'))
      const { numInsertedOrUpdatedRows } = await scope.tx
        .insertInto('service_code')
        .values({
          tenant_id: scope.tenantId,
          code,
          staff_id: staffId,
          issued_at: new Date(scope.nowMs),
          retired_at: null,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'code']).doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows === 1n) return code
    }
  }
  throw new Error('no free service code was found in thirty draws')
}
