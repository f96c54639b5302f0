import { implement, ORPCError } from '@orpc/server'
import { syncContract } from '@yizhan/contracts/sync'
import { keepDeviceChanges } from '../fleet/device-history.ts'
import { keepStationReport, stationPlaceOf } from '../fleet/fleet.ts'
import { refuseUnstorable } from '../http/storable-text.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import type { Admission } from './admission.ts'
import { readCursor, storeUpload } from './inbox.ts'
import { leaseNumbers } from './number-block.ts'
import type { SigningStation, StationVerdict } from './signed-request.ts'
import { pullStationFeed } from './station-feed.ts'

/** What the sync calls work with. */
export interface SyncDeps {
  db: CentreDb
  keys: KeyRing
  admission: Admission
  now: () => number
}

/** What is known of a sync request before its call is looked at. */
export interface SyncContext {
  verdict: StationVerdict
  requestId: string
}

/** The calls of stations. Every one is refused unless the request was proved to come from an enrolled station. */
export function createSyncRouter(deps: SyncDeps) {
  const { db, now } = deps
  const os = implement(syncContract).$context<SyncContext>()
  const proved = os.use(({ context, next, errors }) => {
    const { verdict } = context
    if (!verdict.ok) throw errors[verdict.error]()
    return next({ context: { station: verdict.station } })
  })
  // Not for uploads: what an event says is never a reason to refuse it.
  const plain = proved.use(({ next }, input) => {
    refuseUnstorable(input)
    return next()
  })
  return os.router({
    hello: plain.hello.handler(({ input, context }) => greet(deps, callerOf(context, now()), context.station, input)),
    upload: proved.upload.handler(async ({ input, context, errors }) => {
      const entry = deps.admission.enter()
      if (!entry.admitted) throw errors.busy({ data: { retryAfterMs: entry.retryAfterMs } })
      try {
        const run = { stationId: context.station.stationId, ...input }
        const outcome = await storeUpload(db, callerOf(context, now()), run)
        if (!outcome.stored) throw errors['sequence-gap']({ data: { ackedSeq: outcome.ackedSeq } })
        return { ackedSeq: outcome.ackedSeq }
      } finally {
        entry.leave()
      }
    }),
    pull: plain.pull.handler(async ({ input, context, errors }) => {
      const outcome = await pullStationFeed(db, context.station.tenantId, input, now())
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
    leaseNumbers: plain.leaseNumbers.handler(async ({ input, context, errors }) => {
      const { stationId, siteId } = context.station
      const question = { ...input, stationId, siteId }
      const outcome = await leaseNumbers(db, callerOf(context, now()), question)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'block-of-another' ? blockOfAnother() : errors[outcome.error]()
    }),
    tellDeviceChanges: plain.tellDeviceChanges.handler(async ({ input, context }) => {
      let stored = 0
      await inScope(db, callerOf(context, now()), async (scope) => {
        stored = await keepDeviceChanges(scope, context.station.stationId, input.changes)
        return { ok: true, value: null }
      })
      return { stored }
    }),
    report: plain.report.handler(async ({ input, context }) => {
      const caller = callerOf(context, now())
      await inScope(db, caller, async (scope) => {
        await keepStationReport(scope, context.station.stationId, input)
        return { ok: true, value: null }
      })
      return { now: caller.nowMs }
    }),
  })
}

/** A block id is drawn anew for every block: whoever sends another station's has a bug, so that it has no name of its own. */
function blockOfAnother(): ORPCError<'CONFLICT', unknown> {
  return new ORPCError('CONFLICT', { message: 'This blockId was already used for something else' })
}

function callerOf(context: { station: SigningStation; requestId: string }, nowMs: number): Caller {
  const { tenantId, stationId } = context.station
  return { tenantId, nowMs, actor: { kind: 'station', id: stationId, requestId: context.requestId } }
}

async function greet(deps: SyncDeps, caller: Caller, station: SigningStation, input: { epoch: number }) {
  const { tenantId, stationId } = station
  const { keyId, publicKey } = await deps.keys.qrKey(tenantId)
  const cardKey = (await deps.keys.cardKey(tenantId)).toString('base64')
  return await inTenant(deps.db, tenantId, async (tx) => ({
    ...(await stationPlaceOf(tx, tenantId, stationId)),
    ...(await readCursor({ ...caller, tx }, stationId, input.epoch)),
    qrKeys: [{ keyId, publicKey }],
    cardKey,
    now: caller.nowMs,
  }))
}
