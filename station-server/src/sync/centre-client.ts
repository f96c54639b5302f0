import { createHash, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { syncContract } from '@yizhan/contracts/sync'
import { counterHeader, type SignedRequest, signatureBase, signatureInput } from '@yizhan/rules/sync/request-signature'

/** The centre, as an enrolled station may call it. */
export type CentreClient = ContractRouterClient<typeof syncContract>

/** What calling the centre needs. */
export interface CentreClientDeps {
  centreUrl: string
  tenantId: string
  stationId: string
  signingKey: KeyObject
  now: () => number
  /** The next counter; grows for ever, over restarts too. */
  nextCounter: () => Promise<number>
  /** Told after each call whether the centre answered at all. */
  onReachable: (reachable: boolean) => void
  /** Told after each answer whether the centre still takes this station; revoking a station is its only 403. */
  onAdmitted: (admitted: boolean) => void
  /** Aborted when the station stops. */
  stopping: AbortSignal
}

const revokedStatus = 403

/** A centre that does not answer within this time is not there; a batch of 500 events takes well under a second. */
const callTimeoutMs = 10_000

/**
 * A client that signs every request (RFC 9421 with an RFC 9530 digest). Calls go one after another: the centre takes a
 * counter that does not grow for a replay, so two requests must never overtake each other.
 */
export function createCentreClient(deps: CentreClientDeps): CentreClient {
  let last: Promise<unknown> = Promise.resolve()
  const link = new RPCLink({
    url: `${deps.centreUrl}/sync/v1`,
    fetch: (request) => {
      const answer = last.then(() => callSigned(deps, request))
      last = answer.catch(() => undefined)
      return answer
    },
  })
  return createORPCClient(link)
}

/** The headers that prove a request, given its body, to be this station's. */
export async function signRequest(
  deps: Pick<CentreClientDeps, 'tenantId' | 'stationId' | 'signingKey' | 'now' | 'nextCounter'>,
  request: { method: string; path: string; body: Uint8Array },
): Promise<Record<string, string>> {
  const signed: SignedRequest = {
    method: request.method,
    path: request.path,
    contentDigest: `sha-256=:${createHash('sha256').update(request.body).digest('base64')}:`,
    counter: await deps.nextCounter(),
    createdS: Math.floor(deps.now() / 1000),
    tenantId: deps.tenantId,
    stationId: deps.stationId,
  }
  const signature = sign(null, Buffer.from(signatureBase(signed)), deps.signingKey).toString('base64')
  return {
    'content-digest': signed.contentDigest,
    [counterHeader]: String(signed.counter),
    'signature-input': signatureInput(signed),
    signature: `yz=:${signature}:`,
  }
}

/** Smaller bodies fit one packet as they are. */
const worthCompressingBytes = 1024

const compress = promisify(zstdCompress)

async function callSigned(deps: CentreClientDeps, request: Request): Promise<Response> {
  const plain = new Uint8Array(await request.arrayBuffer())
  const headers = new Headers(request.headers)
  const worthIt = plain.byteLength >= worthCompressingBytes
  // The digest is of what travels (RFC 9530), so the centre proves the station before it decodes anything.
  const body = worthIt ? new Uint8Array(await compress(plain)) : plain
  if (worthIt) headers.set('content-encoding', 'zstd')
  const proof = await signRequest(deps, { method: request.method, path: new URL(request.url).pathname, body })
  for (const [name, value] of Object.entries(proof)) headers.set(name, value)
  try {
    const answer = await fetch(request.url, {
      method: request.method,
      headers,
      body,
      signal: AbortSignal.any([deps.stopping, AbortSignal.timeout(callTimeoutMs)]),
    })
    deps.onReachable(true)
    deps.onAdmitted(answer.status !== revokedStatus)
    return answer
  } catch (error) {
    deps.onReachable(false)
    throw error
  }
}
