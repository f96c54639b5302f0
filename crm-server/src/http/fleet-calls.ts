import { readAttachment } from '../attachment/attachment.ts'
import { listDeviceChanges } from '../fleet/device-history.ts'
import { enrolStation, listStations, revokeStation } from '../fleet/fleet.ts'
import { listIdentityHistory } from '../fleet/identity-history.ts'
import { askKeyRotation } from '../fleet/key-rotation.ts'
import type { SilenceRule } from '../fleet/standing-alarm.ts'
import { acknowledgeAlarm } from '../fleet/station-alarm.ts'
import { signWipeOrder } from '../fleet/wipe-order.ts'
import { findByCode } from '../pairing/pairing.ts'
import { approvePairing, refusePairing } from '../pairing/pairing-decision.ts'
import type { CentreDb } from '../postgres/database.ts'
import { listSlips, settleSlip } from '../printing/slip.ts'
import { findReceipts } from '../receipt/receipt.ts'
import { listSetAside, replaySetAside, settleSetAside } from '../sync/dead-letter.ts'
import { exportFeedFile } from '../sync/feed-file-export.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { reused, type StaffCalls } from './staff-calls.ts'

/** What the calls about stations work with. */
interface FleetCallDeps {
  db: CentreDb
  keys: KeyRing
  silenceRule?: SilenceRule | undefined
}

/** The calls about stations and their slips. */
export function fleetCalls(staff: StaffCalls, { db, keys, silenceRule }: FleetCallDeps) {
  return {
    list: staff.fleet.list.handler(async ({ context }) => {
      const { nowMs } = context.staff
      return { stations: await listStations(db, context.staff, nowMs, silenceRule), asOf: nowMs }
    }),
    enrol: staff.fleet.enrol.handler(async ({ input, context, errors }) => {
      const outcome = await enrolStation(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    deviceHistory: staff.fleet.deviceHistory.handler(async ({ input, context, errors }) => {
      const { nowMs } = context.staff
      const outcome = await listDeviceChanges(db, context.staff, input.stationId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { changes: outcome.value, asOf: nowMs }
    }),
    slips: staff.fleet.slips.handler(async ({ context }) => {
      const { nowMs } = context.staff
      return { slips: await listSlips(db, context.staff, nowMs), asOf: nowMs }
    }),
    settleSlip: staff.fleet.settleSlip.handler(async ({ input, context, errors }) => {
      const outcome = await settleSlip(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    acknowledgeAlarm: staff.fleet.acknowledgeAlarm.handler(async ({ input, context, errors }) => {
      const outcome = await acknowledgeAlarm(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    revoke: staff.fleet.revoke.handler(async ({ input, context, errors }) => {
      const { stationId, wipe } = input
      const order = wipe === undefined ? null : await signWipeOrder(keys, context.staff, { stationId, wipe })
      const outcome = await revokeStation(db, context.staff, input, order)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    setAsideEvents: staff.fleet.setAsideEvents.handler(async ({ input, context, errors }) => {
      const outcome = await listSetAside(db, context.staff, input.stationId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { events: outcome.value }
    }),
    replayEvents: staff.fleet.replayEvents.handler(async ({ input, context, errors }) => {
      const outcome = await replaySetAside(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    settleEvent: staff.fleet.settleEvent.handler(async ({ input, context, errors }) => {
      const outcome = await settleSetAside(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    rotateKey: staff.fleet.rotateKey.handler(async ({ input, context, errors }) => {
      const outcome = await askKeyRotation(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    feedFile: staff.fleet.feedFile.handler(({ context }) => exportFeedFile({ db, keys }, context.staff)),
    identityHistory: staff.fleet.identityHistory.handler(async ({ input, context, errors }) => {
      const outcome = await listIdentityHistory(db, context.staff, input.stationId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { entries: outcome.value }
    }),
  }
}

/** Reading attachments. */
export function attachmentCalls(staff: StaffCalls, deps: FleetCallDeps) {
  return {
    read: staff.attachment.read.handler(async ({ input, context, errors }) => {
      const outcome = await readAttachment(deps, context.staff, input.attachmentId)
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
  }
}

/** Looking something up by its receipt number. */
export function receiptCalls(staff: StaffCalls, db: CentreDb) {
  return {
    find: staff.receipt.find.handler(async ({ input, context, errors }) => {
      const outcome = await findReceipts(db, context.staff, input.receiptNumber)
      if (!outcome.ok) throw errors[outcome.error]()
      return { receipts: outcome.value }
    }),
  }
}

/** The calls by which an administrator lets a new station in. */
export function pairingCalls(staff: StaffCalls, { db, keys }: FleetCallDeps) {
  return {
    find: staff.pairing.find.handler(async ({ input, context, errors }) => {
      const outcome = await findByCode({ db, keys }, context.staff, input.code)
      if (outcome.ok) return outcome.value
      if (outcome.error === 'code-unknown') throw errors['code-unknown']({ data: { triesLeft: outcome.triesLeft } })
      if (outcome.error === 'too-many-tries') {
        throw errors['too-many-tries']({ data: { retryAfterS: outcome.retryAfterS } })
      }
      throw errors[outcome.error]()
    }),
    approve: staff.pairing.approve.handler(async ({ input, context, errors }) => {
      const outcome = await approvePairing(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    refuse: staff.pairing.refuse.handler(async ({ input, context, errors }) => {
      const outcome = await refusePairing(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}
