import { moduleEvents } from '@yizhan/contracts/module-event'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { consumeEvent } from './event-consumer.ts'
import { isConsumerName } from './event-subscription.ts'
import { type DueDelivery, lockNextDelivery, markDelivered, noteFailedTry } from './module-event-store.ts'

/** What delivering works with. */
export interface DeliveryDeps {
  db: CentreDb
  now: () => number
  /** Hears of every try that failed. */
  onFailure(failure: { tenantId: string; consumer: string; eventId: string; error: unknown; lastTry: boolean }): void
}

/** A ring makes it look at once; without one a consumer is late by as much as nobody at a desk would notice. */
const lookEveryMs = 5_000
/** Together with the doubling 1, 2, 4 … s: a database that restarts or a peer that is away for a minute costs no dead letter. */
const mostTries = 8
const firstBackOffMs = 1_000

/** Hands every event to its consumers as they come in, one transaction each. `wake` makes it look at once. */
export function startEventDelivery(deps: DeliveryDeps & { onFault: (error: unknown) => void }): CentreLoop {
  const work = (isStopping: () => boolean) => deliverAll(deps, isStopping)
  return startCentreLoop({ everyMs: lookEveryMs, onFault: deps.onFault, work })
}

/** Delivers everything that is due in every hospital. */
export async function deliverAll(deps: DeliveryDeps, isStopping: () => boolean = () => false): Promise<void> {
  for (const tenantId of await tenantIds(deps.db)) {
    while (!isStopping() && (await deliverNext(deps, tenantId)));
  }
}

/** The consumer's deed and its mark are one transaction: whatever fails leaves neither, and the delivery is due again. */
async function deliverNext(deps: DeliveryDeps, tenantId: string): Promise<boolean> {
  const nowMs = deps.now()
  let taken: DueDelivery | undefined
  try {
    return await inTenant(deps.db, tenantId, async (tx) => {
      taken = await lockNextDelivery(tx, tenantId, nowMs)
      if (taken === undefined) return false
      const actor = { kind: 'system' as const, id: taken.consumer, requestId: taken.eventId }
      await deliver({ tx, tenantId, nowMs, actor }, taken)
      return true
    })
  } catch (error) {
    if (taken === undefined) throw error
    await noteFailure(deps, { tenantId, delivery: taken, error })
    return true
  }
}

/** An event or a consumer that this release does not know is a fault of its own: it is set aside and can be replayed. */
async function deliver(scope: TenantScope, delivery: DueDelivery): Promise<void> {
  const { consumer, name, version } = delivery
  if (!isConsumerName(consumer)) throw new NotUnderstood('consumer-unknown')
  if (!isEventName(name)) throw new NotUnderstood('event-unknown')
  if (version > moduleEvents[name].version) throw new NotUnderstood('version-newer')
  await consumeEvent(scope, consumer, { ...delivery, name })
  await markDelivered(scope, delivery)
}

/** Thrown at a delivery that this release cannot make sense of. */
class NotUnderstood extends Error {
  override name = 'NotUnderstood'
}

function isEventName(name: string): name is keyof typeof moduleEvents {
  return Object.hasOwn(moduleEvents, name)
}

async function noteFailure(
  deps: DeliveryDeps,
  { tenantId, delivery, error }: { tenantId: string; delivery: DueDelivery; error: unknown },
): Promise<void> {
  const attempts = delivery.attempts + 1
  const lastTry = attempts >= mostTries
  const { consumer, eventId } = delivery
  await inTenant(deps.db, tenantId, (tx) =>
    noteFailedTry(tx, {
      tenantId,
      consumer,
      eventId,
      attempts,
      reason: reasonOf(error),
      nextTryMs: lastTry ? null : deps.now() + firstBackOffMs * 2 ** (attempts - 1),
    }),
  )
  deps.onFailure({ tenantId, consumer, eventId, error, lastTry })
}

/** Names what went wrong without a value of anybody: a message of the database may hold the row. */
function reasonOf(error: unknown): string {
  if (error instanceof NotUnderstood) return error.message
  if (error instanceof Error && 'code' in error) return `fault: ${String(error.code)}`
  return error instanceof Error ? `fault: ${error.name}` : 'fault'
}
