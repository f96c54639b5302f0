import type { ModuleEventName } from '@yizhan/contracts/module-event'

/**
 * Who consumes which events (事件订阅). Data alone, so that whoever emits an event need not know what is done with it: `event-consumer.ts`
 * holds the deeds, and the compiler holds the two together. A consumer's name is stored with its deliveries and never changes.
 */
export const eventSubscriptions = {
  'desk-conflict-todo': ['appointment.conflict.noticed'],
  'station-alarm-notice': ['fleet.alarm.raised'],
} as const satisfies Record<string, readonly ModuleEventName[]>

export type ConsumerName = keyof typeof eventSubscriptions
/** The events that a consumer hears. */
export type HeardBy<Consumer extends ConsumerName> = (typeof eventSubscriptions)[Consumer][number]

/** Every consumer, by name. */
export function consumerNames(): ConsumerName[] {
  return Object.keys(eventSubscriptions).filter(isConsumerName)
}

/** Whether a stored name is that of a consumer of this release. */
export function isConsumerName(name: string): name is ConsumerName {
  return Object.hasOwn(eventSubscriptions, name)
}

/** The consumers that hear an event. */
export function consumersOf(event: ModuleEventName): ConsumerName[] {
  return consumerNames().filter((name) => eventSubscriptions[name].some((heard: ModuleEventName) => heard === event))
}
