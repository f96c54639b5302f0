import { createHash, createPublicKey, verify } from 'node:crypto'
import { parseSignatureInput, signatureBase } from '@yizhan/rules/sync/request-signature'
import { z } from 'zod'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { admitCounter } from './replay-window.ts'

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
}

/** Whose request it is, or why it is refused. */
export type StationVerdict =
  | { ok: true; station: SigningStation; clockSkewS: number }
  | { ok: false; error: 'signature-invalid' | 'station-revoked' | 'request-replayed' }

const invalid: StationVerdict = { ok: false, error: 'signature-invalid' }

/**
 * Proves a request by digest, signature and counter. The station's clock may be wrong by any amount: a jump must not
 * lock it out, and replays are stopped by the counter. The counter is used up even when the call then fails.
 */
export async function verifyStationRequest(
  db: CentreDb,
  request: ArrivedRequest,
  nowMs: number,
): Promise<StationVerdict> {
  const claim = parseSignatureInput(request.signatureInput ?? '')
  const counter = /^[1-9]\d{0,15}$/.test(request.counter ?? '') ? Number(request.counter) : Number.NaN
  const signature = /^yz=:([A-Za-z0-9+/]{86}==):$/.exec(request.signature ?? '')?.[1]
  const contentDigest = `sha-256=:${createHash('sha256').update(request.body).digest('base64')}:`
  const named = claim !== null && isUuid(claim.tenantId) && isUuid(claim.stationId)
  if (!named || signature === undefined || !Number.isSafeInteger(counter)) return invalid
  if (request.contentDigest !== contentDigest) return invalid
  const signedText = signatureBase({ ...claim, method: request.method, path: request.path, contentDigest, counter })
  return await inTenant(db, claim.tenantId, async (tx) => {
    // The key never changes. Only who has proved to be the station may make its other requests wait.
    const publicKey = await readPublicKey(tx, claim.tenantId, claim.stationId)
    if (publicKey === null || !signedBy(publicKey, signedText, signature)) return invalid
    const station = await lockStation(tx, claim.tenantId, claim.stationId)
    if (station.revoked_at !== null) return { ok: false, error: 'station-revoked' }
    const seen = admitCounter({ highest: station.counter, seen: station.counters_seen }, counter)
    if (seen === null) return { ok: false, error: 'request-replayed' }
    const clockSkewS = claim.createdS - Math.round(nowMs / 1000)
    await tx
      .updateTable('station')
      .set({ counter: seen.highest, counters_seen: seen.seen, clock_skew_s: storableSkew(clockSkewS) })
      .where('tenant_id', '=', claim.tenantId)
      .where('station_id', '=', claim.stationId)
      .execute()
    const { tenantId, stationId } = claim
    return { ok: true, station: { tenantId, stationId, siteId: station.site_id }, clockSkewS }
  })
}

async function readPublicKey(tx: TenantTx, tenantId: string, stationId: string): Promise<string | null> {
  const station = await tx
    .selectFrom('station')
    .select('public_key')
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirst()
  return station?.public_key ?? null
}

function lockStation(tx: TenantTx, tenantId: string, stationId: string) {
  return tx
    .selectFrom('station')
    .select(['site_id', 'revoked_at', 'counter', 'counters_seen'])
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

function signedBy(publicKey: string, text: string, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

const uuid = z.guid()

function isUuid(text: string): boolean {
  return uuid.safeParse(text).success
}

/** The column holds 32 bits; a clock that is more than 68 years off is as wrong as one that is 68 years off. */
function storableSkew(skewS: number): number {
  return Math.max(-2_147_483_648, Math.min(2_147_483_647, skewS))
}
