import { type ModuleEventBody, type ModuleEventName, moduleEvents } from '@yizhan/contracts/module-event'
import { ring } from '../sync/bell.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { consumersOf } from './event-subscription.ts'
import { insertModuleEvent } from './module-event-store.ts'

/** An event of a module, as its consumers are handed it. */
export interface ModuleEvent<Body> {
  eventId: string
  occurredAt: number
  body: Body
}

/**
 * Tells the other modules what was done, in the transaction of the deed: either both are there or neither. Each consumer's delivery is
 * written beside it. Events of one object keep the order in which they were told.
 */
export async function tellModules<Name extends ModuleEventName>(
  scope: TenantScope,
  name: Name,
  body: ModuleEventBody<Name>,
): Promise<void> {
  const { version, object, body: schema } = moduleEvents[name]
  const told: Record<string, unknown> = schema.parse(body)
  const consumers = consumersOf(name)
  const eventId = newId(scope.nowMs)
  await insertModuleEvent(scope, { eventId, name, version, objectId: String(told[object]), body: told, consumers })
  if (consumers.length > 0) await ring(scope, 'events')
}
