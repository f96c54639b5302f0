import { type ModuleEventName, moduleEvents } from '@yizhan/contracts/module-event'
import type { z } from 'zod'
import { announceAlarm } from '../notice/alarm-notice.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { openConflictTodo } from '../todo/conflict-todo.ts'
import type { ConsumerName, HeardBy } from './event-subscription.ts'
import type { ModuleEvent } from './tell-modules.ts'

type Deed = (scope: TenantScope, event: ModuleEvent<unknown>) => Promise<void>

/** What each consumer does with each event that it hears. An event heard twice, as after a replay, changes nothing. */
const eventConsumers: { [Consumer in ConsumerName]: Record<HeardBy<Consumer>, Deed> } = {
  'desk-conflict-todo': {
    'appointment.conflict.noticed': deedOf(moduleEvents['appointment.conflict.noticed'].body, openConflictTodo),
  },
  'station-alarm-notice': { 'fleet.alarm.raised': deedOf(moduleEvents['fleet.alarm.raised'].body, announceAlarm) },
}

/** Has a consumer do what it does with an event. Throws when it hears none of this name, or the body is not as its schema says. */
export async function consumeEvent(
  scope: TenantScope,
  consumer: ConsumerName,
  { name, ...event }: ModuleEvent<unknown> & { name: ModuleEventName },
): Promise<void> {
  const deeds: Partial<Record<ModuleEventName, Deed>> = eventConsumers[consumer]
  const deed = deeds[name]
  if (deed === undefined) throw new Error(`${consumer} does not hear ${name}`)
  await deed(scope, event)
}

function deedOf<Body>(
  schema: z.ZodType<Body>,
  deed: (scope: TenantScope, event: ModuleEvent<Body>) => Promise<void>,
): Deed {
  return (scope, { eventId, occurredAt, body }) => deed(scope, { eventId, occurredAt, body: schema.parse(body) })
}
