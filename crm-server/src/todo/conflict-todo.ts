import type { ModuleEventBody } from '@yizhan/contracts/module-event'
import type { ModuleEvent } from '../event/tell-modules.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { openTodoOnce } from './todo.ts'

/** The patient is in the hall with a number that may not be called: within the time that one patient takes at a desk. */
const settleWithinMs = 10 * 60_000

/** Opens a to-do for the front desk at an arrival conflict; one that is open, or was closed since, is not opened again. */
export async function openConflictTodo(
  scope: TenantScope,
  { body, occurredAt }: ModuleEvent<ModuleEventBody<'appointment.conflict.noticed'>>,
): Promise<void> {
  const { bookingId, kinds } = body
  await openTodoOnce(scope, {
    subject: { kind: 'arrival-conflict', bookingId, conflicts: kinds },
    object: { kind: 'booking', id: bookingId },
    to: { userId: null, role: 'front-desk', departmentId: null },
    priority: 'urgent',
    dueAt: occurredAt + settleWithinMs,
    cause: `arrival-conflict/${bookingId}`,
    sinceMs: occurredAt,
  })
}
