import { createHash } from 'node:crypto'
import { parseSignatureInput, signatureBase } from '@yizhan/rules/sync/request-signature'
import { sql } from 'kysely'
import { z } from 'zod'
import { isSignedBy } from '../fleet/station-key.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { admitCounter, type SeenCounters } from './replay-window.ts'

/** A request as it came, before anything of it is believed. */
export interface ArrivedRequest {
  method: string
  path: string
  body: Uint8Array
  contentDigest: string | undefined
  signatureInput: string | undefined
  signature: string | undefined
  counter: string | undefined
}

/** The station that a request is proved to come from. */
export interface SigningStation {
  tenantId: string
  stationId: string
  siteId: string
  /** False while the key before the current one was used, in the week after a change. */
  signedByCurrent: boolean
}

/** Whose request it is, or why it is refused. */
export type StationVerdict =
  | { ok: true; station: SigningStation; clockSkewS: number }
  | { ok: false; error: 'signature-invalid' }
  | { ok: false; error: 'request-replayed'; highest: number }
  /** Proved to come from that station, all the same; its last orders are still for it. */
  | { ok: false; error: 'station-revoked' | 'station-quarantined'; station: SigningStation }

const invalid: StationVerdict = { ok: false, error: 'signature-invalid' }

/** A request whose body is the one that was signed, with what is needed to check by whom. */
export interface RequestProof {
  tenantId: string
  stationId: string
  createdS: number
  counter: number
  signedText: string
  signature: string
}

/** Reads the proof of a request; null when it has none, or its body is another. */
export function readProof(request: ArrivedRequest): RequestProof | null {
  const claim = parseSignatureInput(request.signatureInput ?? '')
  const counter = /^[1-9]\d{0,15}$/.test(request.counter ?? '') ? Number(request.counter) : Number.NaN
  const signature = /^yz=:([A-Za-z0-9+/]{86}==):$/.exec(request.signature ?? '')?.[1]
  const contentDigest = `sha-256=:${createHash('sha256').update(request.body).digest('base64')}:`
  const named = claim !== null && isUuid(claim.tenantId) && isUuid(claim.stationId)
  if (!named || signature === undefined || !Number.isSafeInteger(counter)) return null
  if (request.contentDigest !== contentDigest) return null
  const signedText = signatureBase({ ...claim, method: request.method, path: request.path, contentDigest, counter })
  return { ...claim, counter, signedText, signature }
}

/**
 * Proves a request by digest, signature and counter. The station's clock may be wrong by any amount: a jump must not
 * lock it out, and replays are stopped by the counter. The counter is used up even when the call then fails.
 */
export async function verifyStationRequest(
  db: CentreDb,
  request: ArrivedRequest,
  nowMs: number,
): Promise<StationVerdict> {
  const proof = readProof(request)
  if (proof === null) return invalid
  const { tenantId, stationId, counter } = proof
  return await inTenant(db, tenantId, async (tx) => {
    // Only who has proved to be the station may make its other requests wait.
    const keys = await readPublicKeys(tx, proof, nowMs)
    const used = keys.findIndex((key) => isSignedBy(key, proof.signedText, proof.signature))
    if (used === -1) return invalid
    const station = await lockStation(tx, tenantId, stationId)
    const signing = { tenantId, stationId, siteId: station.site_id, signedByCurrent: used === 0 }
    const seen = admitCounter({ highest: station.counter, seen: station.counters_seen }, counter)
    const clockSkewS = proof.createdS - Math.round(nowMs / 1000)
    if (seen !== null) await keepCounter(tx, proof, seen, clockSkewS)
    if (seen === null) return { ok: false, error: 'request-replayed', highest: station.counter }
    if (station.revoked_at !== null) return { ok: false, error: 'station-revoked', station: signing }
    if (station.quarantined_at !== null) return { ok: false, error: 'station-quarantined', station: signing }
    return { ok: true, station: signing, clockSkewS }
  })
}

/** The keys that a station may sign with: its own first and, for a week after a change, the one before. */
async function readPublicKeys(
  tx: TenantTx,
  { tenantId, stationId }: RequestProof,
  nowMs: number,
): Promise<readonly string[]> {
  const station = await tx
    .selectFrom('station')
    .select(['public_key', 'previous_public_key', 'previous_key_until'])
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirst()
  if (station === undefined) return []
  const { previous_public_key: previous, previous_key_until: until } = station
  return previous !== null && until !== null && nowMs < until ? [station.public_key, previous] : [station.public_key]
}

async function keepCounter(
  tx: TenantTx,
  { tenantId, stationId }: RequestProof,
  { highest, seen }: SeenCounters,
  clockSkewS: number,
): Promise<void> {
  await tx
    .updateTable('station')
    .set({ counter: highest, counters_seen: seen, clock_skew_s: storableSkew(clockSkewS) })
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .execute()
}

function lockStation(tx: TenantTx, tenantId: string, stationId: string) {
  return (
    tx
      .selectFrom('station')
      .select(['site_id', 'revoked_at', 'quarantined_at', 'counter', 'counters_seen'])
      // What follows commits on its own. A counter that a cut of power takes back with it lets the calls of its last half second be played
      // again, which change nothing the second time; waiting for the disk here would double that wait for every call.
      .select(sql<string>`set_config('synchronous_commit', 'off', true)`.as('commit'))
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', stationId)
      .forUpdate()
      .executeTakeFirstOrThrow()
  )
}

const uuid = z.guid()

function isUuid(text: string): boolean {
  return uuid.safeParse(text).success
}

/** The column holds 32 bits; a clock that is more than 68 years off is as wrong as one that is 68 years off. */
function storableSkew(skewS: number): number {
  return Math.max(-2_147_483_648, Math.min(2_147_483_647, skewS))
}
