import type { ConsumerRow, DeadDelivery } from '@yizhan/contracts/module-event'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import {
  countHeardEvents,
  readConsumers,
  readDeadDeliveries,
  redeliverEvents,
  reviveDelivery,
} from './event-replay-store.ts'
import { consumerNames, eventSubscriptions, isConsumerName } from './event-subscription.ts'

/** Whoever has more than this to look at replays a span instead. */
const mostShown = 200

const retried = z.strictObject({ retriedAt: instantMs })
const replayed = z.strictObject({ events: z.int().min(0) })

/** How every consumer stands, and what was set aside. */
export async function listConsumers(
  db: CentreDb,
  caller: Caller,
): Promise<{ consumers: ConsumerRow[]; dead: DeadDelivery[] }> {
  return await inTenant(db, caller, async (tx) => {
    const counted = await readConsumers(tx, caller.tenantId)
    const consumers = consumerNames().map((consumer) => ({
      consumer,
      hears: [...eventSubscriptions[consumer]],
      ...(counted.get(consumer) ?? { waiting: 0, dead: 0, oldestAt: null, lastDeliveredAt: null }),
    }))
    return { consumers, dead: await readDeadDeliveries(tx, caller.tenantId, mostShown) }
  })
}

/** Has a delivery that was set aside tried again. */
export async function retryDelivery(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; consumer: string; eventId: string },
): Promise<Outcome<z.infer<typeof retried>, 'delivery-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'retry-delivery', input, answer: retried }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      if (!(await reviveDelivery(scope, input))) return { ok: false, error: 'delivery-unknown' }
      await recordAudit(scope, { action: 'delivery-retried', objectKind: 'module-event', objectId: input.eventId })
      await ring(scope, 'events')
      return { ok: true, value: { retriedAt: scope.nowMs } }
    }),
  )
}

/** A consumer, and a span of time: from its beginning, up to but without its end. */
export interface ReplaySpan {
  consumer: string
  from: number
  until: number
}

/** How many events a replay would deliver again; changes nothing. */
export async function countReplay(
  db: CentreDb,
  caller: Caller,
  { consumer, from, until }: ReplaySpan,
): Promise<Outcome<z.infer<typeof replayed>, 'consumer-unknown'>> {
  if (!isConsumerName(consumer)) return { ok: false, error: 'consumer-unknown' }
  const names = eventSubscriptions[consumer]
  const events = await inTenant(db, caller, (tx) => countHeardEvents(tx, caller.tenantId, { names, from, until }))
  return { ok: true, value: { events } }
}

/** Delivers the events of a span to a consumer once more, in their order; also those from before the consumer existed. */
export async function replayEvents(
  db: CentreDb,
  caller: Caller,
  input: ReplaySpan & { operationId: string },
): Promise<Outcome<z.infer<typeof replayed>, 'consumer-unknown' | OperationReused>> {
  const { consumer, from, until } = input
  if (!isConsumerName(consumer)) return { ok: false, error: 'consumer-unknown' }
  const operation = { operationId: input.operationId, call: 'replay-events', input, answer: replayed }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const names = eventSubscriptions[consumer]
      const events = await redeliverEvents(scope, { consumer, names, from, until })
      await recordAudit(scope, { action: 'module-events-replayed', objectKind: 'event-consumer', objectId: consumer })
      await ring(scope, 'events')
      return { ok: true, value: { events } }
    }),
  )
}
