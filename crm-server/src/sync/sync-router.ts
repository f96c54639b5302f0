import { implement, ORPCError } from '@orpc/server'
import type { ToldNumbers } from '@yizhan/contracts/queue'
import { syncContract } from '@yizhan/contracts/sync'
import { offsetOf, retryOverLimitMs, takePart } from '../attachment/attachment.ts'
import { databaseKeyHalf } from '../fleet/database-key-half.ts'
import { keepDeviceChanges } from '../fleet/device-history.ts'
import { keepStationReport, stationPlaceOf } from '../fleet/fleet.ts'
import { isKeyRotationDue, rotateStationKey } from '../fleet/key-rotation.ts'
import { type NamedBoot, noteGreeting, noteReporting } from '../fleet/station-boot.ts'
import { confirmWipe, mayStillUpload, readWipeOrder } from '../fleet/wipe-order.ts'
import { refuseUnstorable } from '../http/storable-text.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import { restoreUntoldBy, takeToldNumbers } from './centre-restore.ts'
import { readCursor, storeUpload } from './inbox.ts'
import type { LeaseWitness } from './lease-witness.ts'
import { leaseNumbers } from './number-block.ts'
import type { SigningStation, StationVerdict } from './signed-request.ts'
import { pullStationFeed } from './station-feed.ts'

/** What the sync calls work with. */
export interface SyncDeps {
  db: CentreDb
  keys: KeyRing
  witness: LeaseWitness
  now: () => number
  /** Over how long stations spread their return after an outage; null while it is not known. */
  stormWindowMs: () => number | null
  /** Told of each report that was kept. */
  onReport: (tenantId: string, stationId: string) => void
}

/** What is known of a sync request before its call is looked at. */
export interface SyncContext {
  verdict: StationVerdict
  requestId: string
}

/** The sync calls by who may make them. */
function syncCalls(db: CentreDb) {
  const os = implement(syncContract).$context<SyncContext>()
  const proved = os.use(({ context, next, errors }) => {
    const { verdict } = context
    if (verdict.ok) return next({ context: { station: verdict.station } })
    if (verdict.error !== 'request-replayed') throw errors[verdict.error]()
    throw errors['request-replayed']({ data: { highest: verdict.highest } })
  })
  // A revoked station may still hear its last order, and say that it is done.
  const parting = os.use(({ context, next, errors }) => {
    const { verdict } = context
    if (verdict.ok || verdict.error === 'station-revoked') return next({ context: { station: verdict.station } })
    if (verdict.error !== 'request-replayed') throw errors[verdict.error]()
    throw errors['request-replayed']({ data: { highest: verdict.highest } })
  })
  // And bring what it was told to bring first: at a *strict* station that lies behind the half of its key.
  const bringing = parting.use(async ({ context, next, errors }) => {
    const { tenantId, stationId } = context.station
    if (!context.verdict.ok && !(await mayStillUpload(db, tenantId, stationId))) throw errors['station-revoked']()
    return next()
  })
  // Not for uploads: what an event says is never a reason to refuse it.
  const plain = proved.use(({ next }, input) => {
    refuseUnstorable(input)
    return next()
  })
  return { os, plain, parting, bringing }
}

/** The calls of stations. Every one is refused unless the request was proved to come from an enrolled station. */
export function createSyncRouter(deps: SyncDeps) {
  const { db, now } = deps
  const calls = syncCalls(db)
  const { plain, bringing } = calls
  return calls.os.router({
    hello: plain.hello.handler(async ({ input, context, errors }) => {
      const answer = await greet(deps, callerOf(context, now()), context.station, input)
      if (answer === null) throw errors['station-quarantined']()
      return answer
    }),
    upload: bringing.upload.handler(async ({ input, context, errors }) => {
      const run = { stationId: context.station.stationId, ...input }
      const outcome = await storeUpload(db, callerOf(context, now()), run)
      if (!outcome.stored) throw errors['sequence-gap']({ data: { ackedSeq: outcome.ackedSeq } })
      return { ackedSeq: outcome.ackedSeq }
    }),
    pull: plain.pull.handler(async ({ input, context, errors }) => {
      const outcome = await pullStationFeed(db, context.station.tenantId, input, now())
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
    leaseNumbers: plain.leaseNumbers.handler(async ({ input, context, errors }) => {
      const { stationId, siteId } = context.station
      const question = { ...input, stationId, siteId }
      const outcome = await leaseNumbers(deps, callerOf(context, now()), question)
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
    report: plain.report.handler(async ({ input, context, errors }) => {
      const caller = callerOf(context, now())
      const { bootId, challenge, ...report } = input
      const { stationId } = context.station
      let [rotateKey, greetAnew] = [false, false]
      const outcome = await inScope(db, caller, async (scope) => {
        const other = await noteReporting(scope, stationId, { bootId, challenge })
        if (other !== null) return { ok: true, value: other }
        await keepStationReport(scope, stationId, report)
        rotateKey = await isKeyRotationDue(scope.tx, scope.tenantId, stationId, scope.nowMs)
        greetAnew = (await restoreUntoldBy(scope, stationId)) !== null
        return { ok: true, value: null }
      })
      if (outcome.ok && outcome.value !== null) {
        throw errors['greet-again']({ data: { challenge: outcome.value.greetAgain } })
      }
      deps.onReport(caller.tenantId, stationId)
      const asked = { ...(rotateKey ? { rotateKey } : {}), ...(greetAnew ? { greetAnew } : {}) }
      return { now: caller.nowMs, ...asked, ...toldStormWindow(deps) }
    }),
    attachment: attachmentCalls(calls, deps),
    ...identityCalls(calls, deps),
  })
}

/** The calls by which a station brings the bytes of attachments. */
function attachmentCalls({ bringing }: ReturnType<typeof syncCalls>, deps: SyncDeps) {
  return {
    offset: bringing.attachment.offset.handler(async ({ input, context, errors }) => {
      refuseUnstorable(input)
      const { stationId } = context.station
      const outcome = await offsetOf(deps, callerOf(context, deps.now()), stationId, input)
      if (!outcome.ok) throw errors[outcome.error]({ data: { retryAfterMs: retryOverLimitMs } })
      return outcome.value
    }),
    part: bringing.attachment.part.handler(async ({ input, context, errors }) => {
      const part = { ...input, bytes: Buffer.from(input.bytes, 'base64') }
      const outcome = await takePart(deps, callerOf(context, deps.now()), context.station.stationId, part)
      if (outcome.ok) return outcome.value
      if (outcome.error === 'offset-wrong') throw errors['offset-wrong']({ data: { offset: outcome.offset } })
      throw errors[outcome.error]()
    }),
  }
}

/** The calls by which a station keeps, changes and gives up its keys. */
function identityCalls({ plain, parting, bringing }: ReturnType<typeof syncCalls>, deps: SyncDeps) {
  const { db, now } = deps
  return {
    rotateKey: plain.rotateKey.handler(async ({ input, context, errors }) => {
      const { stationId, signedByCurrent } = context.station
      const outcome = await rotateStationKey(db, callerOf(context, now()), { ...input, stationId, signedByCurrent })
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
    wipeOrder: parting.wipeOrder.handler(async ({ context }) => {
      const { tenantId, stationId } = context.station
      return { order: (await readWipeOrder(db, tenantId, stationId))?.signed ?? null }
    }),
    confirmWipe: parting.confirmWipe.handler(async ({ input, context, errors }) => {
      const { stationId } = context.station
      const outcome = await confirmWipe(db, callerOf(context, now()), { stationId, orderId: input.orderId })
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
    databaseKeyHalf: bringing.databaseKeyHalf.handler(async ({ context }) => ({
      half: await databaseKeyHalf(deps, context.station.tenantId, context.station.stationId),
    })),
  }
}

/** A block id is drawn anew for every block: whoever sends another station's has a bug, so that it has no name of its own. */
function blockOfAnother(): ORPCError<'CONFLICT', unknown> {
  return new ORPCError('CONFLICT', { message: 'This blockId was already used for something else' })
}

function callerOf(context: { station: SigningStation; requestId: string }, nowMs: number): Caller {
  const { tenantId, stationId } = context.station
  return { tenantId, nowMs, actor: { kind: 'station', id: stationId, requestId: context.requestId } }
}

/** Answers a greeting; null when it proves that two machines are alive with this key. */
async function greet(
  { db, keys, ...deps }: SyncDeps,
  caller: Caller,
  { tenantId, stationId, siteId }: SigningStation,
  greeting: NamedBoot & { epoch: number; numbers?: ToldNumbers | undefined },
) {
  const { keyId, publicKey } = await keys.qrKey(tenantId)
  const cardKey = (await keys.cardKey(tenantId)).toString('base64')
  const { publicKey: orderKey } = await keys.orderKey(tenantId)
  return await inTenant(db, tenantId, async (tx) => {
    const scope = { ...caller, tx }
    const noted = await noteGreeting(scope, stationId, greeting)
    if (noted === null) return null
    const restore = await takeToldNumbers(scope, deps.witness, { stationId, siteId }, greeting.numbers)
    return {
      ...(await stationPlaceOf(tx, tenantId, stationId)),
      ...(await readCursor(scope, { stationId, epoch: greeting.epoch, lane: 'ops' })),
      bulk: await readCursor(scope, { stationId, epoch: greeting.epoch, lane: 'bulk' }),
      qrKeys: [{ keyId, publicKey }],
      cardKey,
      orderKey,
      now: caller.nowMs,
      ...toldStormWindow(deps),
      ...(restore === null ? {} : { restore }),
      ...(noted.challenge === null ? {} : { challenge: noted.challenge }),
      ...((await isKeyRotationDue(tx, tenantId, stationId, caller.nowMs)) ? { rotateKey: true } : {}),
    }
  })
}

function toldStormWindow(deps: Pick<SyncDeps, 'stormWindowMs'>): { stormWindowMs?: number } {
  const stormWindowMs = deps.stormWindowMs()
  return stormWindowMs === null ? {} : { stormWindowMs }
}
