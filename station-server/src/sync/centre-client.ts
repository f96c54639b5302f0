import { createHash, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { syncContract } from '@yizhan/contracts/sync'
import { counterHeader, type SignedRequest, signatureBase, signatureInput } from '@yizhan/rules/sync/request-signature'
import { z } from 'zod'

/** The centre, as an enrolled station may call it. */
export type CentreClient = ContractRouterClient<typeof syncContract, CallContext>

/** What a call may say of its own sending. */
export interface CallContext {
  /** The call is packed at once, and sent when this says true; false gives it up. Left out: it is sent. */
  goAhead?: Promise<boolean>
}

/** How a station stands with its centre, as an answer says it. */
export type Standing = 'admitted' | 'station-revoked' | 'station-quarantined' | 'signature-invalid'

/** What calling the centre needs. */
export interface CentreClientDeps {
  centreUrl: string
  tenantId: string
  stationId: string
  /** The key that requests are signed with at this moment. */
  signingKey: () => KeyObject
  now: () => number
  /** The next counter; grows for ever, over restarts too. */
  nextCounter: () => Promise<number>
  /** Told after each call whether the centre answered at all. */
  onReachable: (reachable: boolean) => void
  /** Told after each answer that says it how this station stands with the centre. */
  onStanding: (standing: Standing) => void
  /** Told the highest counter that the centre has seen, when it took a request for a replay. */
  onReplayed: (highest: number) => void
  /** Aborted when the station stops. */
  stopping: AbortSignal
}

/** Calls that a revoked station may still make; that they are answered says nothing. */
const partingCalls: ReadonlySet<string> = new Set(
  ['upload', 'wipeOrder', 'confirmWipe', 'databaseKeyHalf'].map((call) => `/sync/v1/${call}`),
)

/** A centre that does not answer within this time is not there; a batch of 500 events takes well under a second. */
const callTimeoutMs = 10_000

/**
 * A client that signs every request (RFC 9421 with an RFC 9530 digest). Calls go one after another: the centre takes a
 * counter that does not grow for a replay, so two requests must never overtake each other.
 */
export function createCentreClient(deps: CentreClientDeps): CentreClient {
  let last: Promise<unknown> = Promise.resolve()
  const link = new RPCLink<CallContext>({
    url: `${deps.centreUrl}/sync/v1`,
    fetch: async (request, _init, { context }) => {
      const packed = await pack(request)
      if ((await context.goAhead) === false) throw new Error('the call was given up before it was sent')
      const answer = last.then(() => callSigned(deps, packed))
      last = answer.catch(() => undefined)
      return await answer
    },
  })
  return createORPCClient({ call: (path, input, options) => link.call(path, withPlainEvents(input), options) })
}

/**
 * Events are JSON already. The link would look at each value of each of them for what JSON cannot say (dates, sets, big numbers), which
 * takes longer than writing and packing them together; what is no plain object it leaves to be written as it says itself.
 */
class PlainJson {
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
  }

  toJSON(): unknown {
    return this.#value
  }
}

function withPlainEvents(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('events' in input)) return input
  return { ...input, events: new PlainJson(input.events) }
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
  const signature = sign(null, Buffer.from(signatureBase(signed)), deps.signingKey()).toString('base64')
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

/** A request as it travels, but for its proof: that is made when it goes out, for its counter must be the next. */
interface PackedRequest {
  url: string
  method: string
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

async function pack(request: Request): Promise<PackedRequest> {
  const plain = new Uint8Array(await request.arrayBuffer())
  const headers = new Headers(request.headers)
  const worthIt = plain.byteLength >= worthCompressingBytes
  // The digest is of what travels (RFC 9530), so the centre proves the station before it decodes anything.
  const body = worthIt ? new Uint8Array(await compress(plain)) : plain
  if (worthIt) headers.set('content-encoding', 'zstd')
  return { url: request.url, method: request.method, headers, body }
}

async function callSigned(deps: CentreClientDeps, request: PackedRequest): Promise<Response> {
  const { headers, body } = request
  const proof = await signRequest(deps, { method: request.method, path: new URL(request.url).pathname, body })
  for (const [name, value] of Object.entries(proof)) headers.set(name, value)
  try {
    const answer = await wholeAnswer(
      await fetch(request.url, {
        method: request.method,
        headers,
        body,
        signal: AbortSignal.any([deps.stopping, AbortSignal.timeout(callTimeoutMs)]),
      }),
    )
    deps.onReachable(true)
    await tellStanding(deps, answer, new URL(request.url).pathname)
    return answer
  } catch (error) {
    deps.onReachable(false)
    throw error
  }
}

/**
 * The answer, once all of it is here and its digest (RFC 9530) fits. One that was damaged under way, or is not the centre's, is none:
 * a place in the outbox that is off by a bit would take events for heard that nobody has.
 */
async function wholeAnswer(answer: Response): Promise<Response> {
  const said = new Uint8Array(await answer.arrayBuffer())
  const digest = `sha-256=:${createHash('sha256').update(said).digest('base64')}:`
  if (answer.headers.get('content-digest') !== digest)
    throw new Error(`an answer (${answer.status}) is damaged, or not the centre's`)
  return new Response(said.byteLength === 0 ? null : said, answer)
}

const refusalBody = z.object({
  json: z.object({
    code: z.enum(['station-revoked', 'station-quarantined', 'signature-invalid', 'request-replayed']),
    data: z
      .object({ highest: z.int().min(0) })
      .optional()
      .catch(undefined),
  }),
})

/** Reads from an answer how the station stands. A proxy's error page, or a refusal of what was asked, says nothing of it. */
async function tellStanding(deps: CentreClientDeps, answer: Response, path: string): Promise<void> {
  if (answer.ok) {
    if (!partingCalls.has(path)) deps.onStanding('admitted')
    return
  }
  const { data: body } = refusalBody.safeParse(jsonOf(await answer.clone().text()))
  if (body === undefined) return
  const { code, data } = body.json
  if (code !== 'request-replayed') deps.onStanding(code)
  else if (data !== undefined) deps.onReplayed(data.highest)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
