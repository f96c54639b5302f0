import { oc } from '@orpc/contract'
import { z } from 'zod'
import { conflictKinds } from './appointment.ts'
import { openStandings } from './check-in.ts'
import { id, operationId } from './id.ts'
import { instantMs } from './time.ts'

const booking = { bookingId: id, siteId: id, clinicId: id }
const station = { stationId: id, siteId: id }

/**
 * What the modules of the centre tell each other (模块事件), by name `module.noun.verb`. A body holds ids and facts, never the data of a
 * patient. A field may be added, none may change its meaning or go: a change that old readers would misread is a new version.
 */
export const moduleEvents = {
  'appointment.booking.created': {
    version: 1,
    object: 'bookingId',
    body: z.object({ ...booking, slotStart: instantMs }),
  },
  'appointment.booking.cancelled': { version: 1, object: 'bookingId', body: z.object(booking) },
  /** The booking that was left, with the one that took its place. */
  'appointment.booking.moved': {
    version: 1,
    object: 'bookingId',
    body: z.object({ ...booking, toBookingId: id, slotStart: instantMs }),
  },
  /** The first arrival of a booking; its aliases are none. The booking may be known by its signed QR alone. */
  'appointment.booking.checked-in': {
    version: 1,
    object: 'bookingId',
    body: z.object({
      bookingId: id,
      clinicId: id,
      stationId: id,
      arrivedAt: instantMs,
      standing: z.enum(openStandings),
    }),
  },
  'appointment.conflict.noticed': {
    version: 1,
    object: 'bookingId',
    body: z.object({ bookingId: id, kinds: z.array(z.enum(conflictKinds)).min(1) }),
  },
  'fleet.alarm.raised': {
    version: 1,
    object: 'stationId',
    body: z.object({ alarmId: id, stationId: id, kind: z.enum(['storage-rebuilt', 'outbox-rewound']) }),
  },
  'fleet.station.went-offline': { version: 1, object: 'stationId', body: z.object({ ...station, since: instantMs }) },
  'fleet.station.came-online': { version: 1, object: 'stationId', body: z.object({ ...station, since: instantMs }) },
} as const

export type ModuleEventName = keyof typeof moduleEvents
export type ModuleEventBody<Name extends ModuleEventName> = z.infer<(typeof moduleEvents)[Name]['body']>

/** How a consumer of module events stands in this hospital. */
export const consumerRow = z.strictObject({
  consumer: z.string(),
  hears: z.array(z.string()),
  waiting: z.int().min(0),
  /** Set aside after the last try (死信). */
  dead: z.int().min(0),
  /** Since when the oldest of the waiting has waited. */
  oldestAt: instantMs.nullable(),
  lastDeliveredAt: instantMs.nullable(),
})
export type ConsumerRow = z.infer<typeof consumerRow>

/** A delivery that was set aside: its consumer failed at every try. */
export const deadDelivery = z.strictObject({
  consumer: z.string(),
  eventId: id,
  name: z.string(),
  occurredAt: instantMs,
  attempts: z.int(),
  reason: z.string().nullable(),
})
export type DeadDelivery = z.infer<typeof deadDelivery>

const deliveryUnknown = { 'delivery-unknown': { status: 404, message: 'No such delivery is set aside' } } as const
const consumerUnknown = { 'consumer-unknown': { status: 404, message: 'No such consumer' } } as const

/** How administrators watch the events between modules, and have them delivered again. */
export const moduleEventContract = {
  consumers: oc.output(
    z.strictObject({ consumers: z.array(consumerRow), dead: z.array(deadDelivery), asOf: instantMs }),
  ),
  retry: oc
    .errors(deliveryUnknown)
    .input(z.strictObject({ operationId, consumer: z.string().max(64), eventId: id }))
    .output(z.strictObject({ retriedAt: instantMs })),
  /** How many events a replay would deliver again: asked for before it is done. */
  replayCount: oc
    .errors(consumerUnknown)
    .input(z.strictObject({ consumer: z.string().max(64), from: instantMs, until: instantMs }))
    .output(z.strictObject({ events: z.int().min(0) })),
  /** Delivers every event of a span to a consumer once more, also those that it has never heard. */
  replay: oc
    .errors(consumerUnknown)
    .input(z.strictObject({ operationId, consumer: z.string().max(64), from: instantMs, until: instantMs }))
    .output(z.strictObject({ events: z.int().min(0) })),
}
