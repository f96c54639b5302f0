import type { LocalText } from '@yizhan/contracts/local-text'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { placeStation, takeBack, takeOverPlace } from '../fleet/station-enrolment.ts'
import { readStationKey } from '../fleet/station-key.ts'
import type { CentreDb } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { refusalOf } from './pairing.ts'
import { decidePairing, lockPairing, type PairingRow } from './pairing-store.ts'

/** What an administrator decides after comparing the fingerprints. */
export interface Approval {
  operationId: string
  pairingId: string
  keyFingerprint: string
  place:
    | { kind: 'new'; siteId: string; name: LocalText; letter: string }
    | { kind: 'replacement'; replaces: string }
    | { kind: 'returning' }
}

type PlaceRefusal = 'site-unknown' | 'letter-taken' | 'station-known' | 'replaced-unknown'
type CodeGone = 'pairing-unknown' | 'code-expired' | 'code-used'
type ApprovalRefusal = CodeGone | 'fingerprint-differs' | PlaceRefusal

const approved = z.strictObject({ stationId: z.string(), keyFingerprint: z.string() })
const refused = z.strictObject({ refusedAt: instantMs })

/**
 * Enrols the station that waits under a pairing, once, and only with the very key whose fingerprint was compared: from then on
 * its signed requests are served.
 */
export async function approvePairing(
  db: CentreDb,
  caller: Caller,
  input: Approval,
): Promise<Outcome<z.infer<typeof approved>, ApprovalRefusal | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'approve-pairing', input, answer: approved }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async (): Promise<Outcome<z.infer<typeof approved>, ApprovalRefusal>> => {
      const open = await lockOpenPairing(scope, input.pairingId)
      if (!open.ok) return open
      const pairing = open.value
      if (pairing.key_fingerprint !== input.keyFingerprint) return { ok: false, error: 'fingerprint-differs' }
      const placed = await placeMachine(scope, pairing, input.place)
      if (!placed.ok) return placed
      await decidePairing(scope.tx, scope.tenantId, pairing.pairing_id, { approvedAtMs: scope.nowMs })
      const action = input.place.kind === 'returning' ? 'station-returned' : 'station-paired'
      await recordAudit(scope, { action, objectKind: 'station', objectId: pairing.station_id })
      return { ok: true, value: { stationId: pairing.station_id, keyFingerprint: pairing.key_fingerprint } }
    }),
  )
}

/** Turns a pairing down; its machine says so and shows another code. */
export async function refusePairing(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; pairingId: string },
): Promise<Outcome<z.infer<typeof refused>, 'pairing-unknown' | 'code-used' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'refuse-pairing', input, answer: refused }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const pairing = await lockPairing(scope.tx, scope.tenantId, input.pairingId)
      if (pairing === undefined) return { ok: false, error: 'pairing-unknown' }
      if (refusalOf(pairing, scope.nowMs) === 'code-used') return { ok: false, error: 'code-used' }
      await decidePairing(scope.tx, scope.tenantId, input.pairingId, { refusedAtMs: scope.nowMs })
      await recordAudit(scope, { action: 'pairing-refused', objectKind: 'pairing', objectId: input.pairingId })
      return { ok: true, value: { refusedAt: scope.nowMs } }
    }),
  )
}

async function lockOpenPairing(scope: TenantScope, pairingId: string): Promise<Outcome<PairingRow, CodeGone>> {
  const pairing = await lockPairing(scope.tx, scope.tenantId, pairingId)
  if (pairing === undefined) return { ok: false, error: 'pairing-unknown' }
  const refusal = refusalOf(pairing, scope.nowMs)
  return refusal === null ? { ok: true, value: pairing } : { ok: false, error: refusal }
}

/** A machine that the hospital knows gets no second place: it is a copy of a station, or the station itself. */
async function placeMachine(
  scope: TenantScope,
  pairing: PairingRow,
  place: Approval['place'],
): Promise<Outcome<null, PlaceRefusal>> {
  const key = readStationKey(pairing.public_key)
  if (key === null) throw new Error('a pairing holds what is no key')
  const machine = { stationId: pairing.station_id, key }
  if (place.kind === 'returning') return await takeBack(scope, machine)
  if (await isKnown(scope, machine.stationId)) return { ok: false, error: 'station-known' }
  if (place.kind === 'replacement') return await takeOverPlace(scope, machine, place.replaces)
  return await placeStation(scope, machine, place)
}

async function isKnown({ tx, tenantId }: TenantScope, stationId: string): Promise<boolean> {
  const station = await tx
    .selectFrom('station')
    .select('station_id')
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirst()
  return station !== undefined
}
