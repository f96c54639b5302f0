import type { PairingState, PendingPairing, StationAbout } from '@yizhan/contracts/pairing'
import { readStationKey } from '../fleet/station-key.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { blindIndex } from '../tenant/field-seal.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { lookUpHospital } from '../tenant/tenant.ts'
import type { Caller, Outcome } from '../tenant/tenant-scope.ts'
import { forgivePairingTry, takePairingTry } from './pairing-limit.ts'
import {
  countWaiting,
  dropOldPairings,
  findPairing,
  insertPairing,
  oneBeginningAtATime,
  type PairingRow,
  readPairing,
} from './pairing-store.ts'

/** What pairing works with. */
export interface PairingDeps {
  db: CentreDb
  keys: Pick<KeyRing, 'blindIndexKey'>
}

/** A station that asks to be paired: it has proved to hold the key. */
export interface AskingStation {
  tenantId: string
  pairingId: string
  stationId: string
  publicKey: string
}

/** A person walks from the machine to a desk, or reads the code over the phone. */
const codeLivesMs = 10 * 60_000
/** Past its time a code is still told from a wrong one for a day. */
const keptMs = 24 * 3_600_000
/** Unpacking a lorry of machines takes fewer; anybody on the network can ask, so there is an end. */
const mostWaiting = 200

/** Takes up a station's code. The answer says for how long it is good; a repeat changes nothing. */
export async function beginPairing(
  { db, keys }: PairingDeps,
  station: AskingStation & { code: string; about: StationAbout },
  nowMs: number,
): Promise<
  Outcome<{ expiresInMs: number }, 'signature-invalid' | 'hospital-unknown' | 'code-taken' | 'too-many-pairings'>
> {
  const { tenantId, pairingId, stationId } = station
  const key = readStationKey(station.publicKey)
  if (key === null) return { ok: false, error: 'signature-invalid' }
  if ((await lookUpHospital(db, tenantId)) === null) return { ok: false, error: 'hospital-unknown' }
  return await inTenant(db, tenantId, async (tx) => {
    await oneBeginningAtATime(tx, tenantId)
    await dropOldPairings(tx, tenantId, nowMs - keptMs)
    const before = await readPairing(tx, tenantId, pairingId)
    if (before !== undefined) {
      const isSame = before.public_key === key.publicKey && before.code_hash.equals(codeHash(keys, station))
      return isSame ? { ok: true, value: { expiresInMs: leftMs(before, nowMs) } } : { ok: false, error: 'code-taken' }
    }
    if ((await countWaiting(tx, tenantId, nowMs)) >= mostWaiting) return { ok: false, error: 'too-many-pairings' }
    const begun = await insertPairing(tx, {
      tenant_id: tenantId,
      pairing_id: pairingId,
      station_id: stationId,
      public_key: key.publicKey,
      key_fingerprint: key.fingerprint,
      code_hash: codeHash(keys, station),
      about: JSON.stringify(station.about),
      begun_at: new Date(nowMs),
      expires_at: new Date(nowMs + codeLivesMs),
    })
    return begun ? { ok: true, value: { expiresInMs: codeLivesMs } } : { ok: false, error: 'code-taken' }
  })
}

/** Where a station's own pairing stands. */
export async function pairingStateOf(
  { db }: Pick<PairingDeps, 'db'>,
  { tenantId, pairingId, publicKey }: AskingStation,
  nowMs: number,
): Promise<Outcome<{ state: PairingState }, 'pairing-unknown'>> {
  const pairing = await inTenant(db, tenantId, (tx) => readPairing(tx, tenantId, pairingId))
  if (pairing?.public_key !== publicKey) return { ok: false, error: 'pairing-unknown' }
  return { ok: true, value: { state: stateOf(pairing, nowMs) } }
}

/** Why a code leads to no station. */
export type CodeRefusal =
  | { ok: false; error: 'code-unknown'; triesLeft: number }
  | { ok: false; error: 'too-many-tries'; retryAfterS: number }
  | { ok: false; error: 'code-expired' | 'code-used' }

/** The station that shows a code. Wrong codes are counted per person, and after ten within an hour none is looked at. */
export async function findByCode(
  { db, keys }: PairingDeps,
  caller: Caller,
  code: string,
): Promise<{ ok: true; value: PendingPairing } | CodeRefusal> {
  const { tenantId, nowMs } = caller
  const tries = await takePairingTry(db, caller)
  if (!tries.allowed) return { ok: false, error: 'too-many-tries', retryAfterS: tries.retryAfterS }
  const found = await inTenant(db, caller, async (tx) => {
    const pairing = await findPairing(tx, tenantId, codeHash(keys, { tenantId, code }))
    return pairing === undefined ? null : { pairing, returning: await returningStation(tx, pairing) }
  })
  if (found === null) return { ok: false, error: 'code-unknown', triesLeft: tries.triesLeft }
  await forgivePairingTry(db, caller)
  const { pairing, returning } = found
  const refusal = refusalOf(pairing, nowMs)
  if (refusal !== null) return { ok: false, error: refusal }
  return {
    ok: true,
    value: {
      pairingId: pairing.pairing_id,
      keyFingerprint: pairing.key_fingerprint,
      about: pairing.about,
      begunAt: pairing.begun_at,
      expiresAt: pairing.expires_at,
      returning,
    },
  }
}

/** Why a pairing can no longer be decided; null while it can. */
export function refusalOf(pairing: PairingRow, nowMs: number): 'code-expired' | 'code-used' | null {
  const state = stateOf(pairing, nowMs)
  if (state === 'waiting') return null
  return state === 'expired' ? 'code-expired' : 'code-used'
}

function stateOf(pairing: PairingRow, nowMs: number): PairingState {
  if (pairing.approved_at !== null) return 'approved'
  if (pairing.refused_at !== null) return 'refused'
  return leftMs(pairing, nowMs) > 0 ? 'waiting' : 'expired'
}

function leftMs({ expires_at: expiresAt }: PairingRow, nowMs: number): number {
  return Math.max(0, expiresAt - nowMs)
}

function codeHash({ blindIndexKey }: PairingDeps['keys'], { tenantId, code }: { tenantId: string; code: string }) {
  return blindIndex(blindIndexKey, tenantId, 'pairing-code', code)
}

/** The quarantined station that a pairing would bring back. */
async function returningStation(tx: TenantTx, pairing: PairingRow): Promise<PendingPairing['returning']> {
  const station = await tx
    .selectFrom('station')
    .select(['station_id as stationId', 'name', 'letter'])
    .where('tenant_id', '=', pairing.tenant_id)
    .where('station_id', '=', pairing.station_id)
    .where('quarantined_at', 'is not', null)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return station ?? null
}
