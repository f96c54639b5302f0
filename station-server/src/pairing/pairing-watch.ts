import { type KeyObject, randomBytes, randomInt } from 'node:crypto'
import { hostname } from 'node:os'
import { createORPCClient, isDefinedError, safe } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { StationAbout, stationPairingContract } from '@yizhan/contracts/pairing'
import type { StationView } from '@yizhan/contracts/station'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { fingerprintOf, publicKeyOf } from '../identity/station-identity.ts'
import type { StationLog } from '../station/station-log.ts'
import { type StationLoop, startStationLoop, type WorkDone } from '../station/station-loop.ts'
import { signRequest } from '../sync/centre-client.ts'

/** What asking to be paired needs. */
export interface PairingWatchDeps {
  centreUrl: string
  tenantId: string
  stationId: string
  appVersion: string
  now: () => number
  log: StationLog
  onReachable: (reachable: boolean) => void
  /** Told when the screen has something else to show. */
  onChanged: () => void
  /** Told once an administrator has approved this machine. */
  onApproved: () => void
}

/** A station that asks to be paired (登记), while it has to. */
export interface PairingWatch {
  /** Begins to ask with the key that `keyOf` gives, unless it does already. */
  begin(keyOf: () => KeyObject): void
  /** Stops asking: the centre knows this machine. True when it was asking. */
  end(): boolean
  /** What the screen shows; undefined while nothing is asked. */
  view(): StationView['pairing']
  stop(): Promise<void>
}

/** An administrator looks at both screens; two seconds after the approval the machine goes on. */
const pace = { idleMs: 2000, firstRetryMs: 1000, longestRetryMs: 15_000 }
/** A centre that does not answer within this time is not there. */
const callTimeoutMs = 10_000

/** One code and what became of it. */
interface Asked {
  key: KeyObject
  pairingId: string
  code: string
  /** Null until the centre has taken the code. */
  expiresAt: number | null
}

/** Makes the watch; it does nothing until it is told to begin. */
export function createPairingWatch(deps: PairingWatchDeps): PairingWatch {
  let key: KeyObject | null = null
  let asked: Asked | null = null
  let refused = false
  let loop: StationLoop | null = null
  const stopping = new AbortController()
  const show = (next: Asked | null) => {
    asked = next
    deps.onChanged()
  }
  const work = async (): Promise<WorkDone> => {
    if (key === null) return 'done'
    asked ??= drawCode(key, deps.now())
    const client = pairingClient(deps, asked.key, stopping.signal)
    if (asked.expiresAt === null) {
      const begun = await begin(deps, client, asked)
      if (begun === 'draw-again') {
        asked = null
        return 'more'
      }
      show({ ...asked, expiresAt: deps.now() + begun.expiresInMs })
      return 'done'
    }
    if (deps.now() >= asked.expiresAt) {
      show(null)
      return 'more'
    }
    const { state } = await client.state(askingOf(deps, asked))
    if (key === null || state === 'waiting') return 'done'
    if (state === 'approved') {
      deps.onApproved()
      return 'done'
    }
    refused = state === 'refused'
    show(null)
    return 'more'
  }
  return {
    begin(keyOf) {
      if (key !== null) return
      key = keyOf()
      deps.log.warn({}, 'the centre does not know this machine: it asks to be paired')
      loop ??= startStationLoop('pairing', pace, deps.log, work)
      loop.wake()
      deps.onChanged()
    },
    end() {
      if (key === null) return false
      key = null
      refused = false
      show(null)
      return true
    },
    view() {
      if (key === null) return undefined
      const taken = asked !== null && asked.expiresAt !== null ? asked : null
      return {
        code: taken?.code ?? null,
        keyFingerprint: fingerprintOf(publicKeyOf(key)),
        expiresAt: taken?.expiresAt ?? null,
        refused,
      }
    },
    async stop() {
      stopping.abort()
      await loop?.stop()
    },
  }
}

function drawCode(key: KeyObject, now: number): Asked {
  const code = String(randomInt(10 ** 8)).padStart(8, '0')
  return { key, pairingId: uuidV7(now, randomBytes(10)), code, expiresAt: null }
}

async function begin(
  deps: PairingWatchDeps,
  client: PairingClient,
  asked: Asked,
): Promise<{ expiresInMs: number } | 'draw-again'> {
  const about: StationAbout = {
    appVersion: deps.appVersion,
    hostName: hostname().slice(0, 64),
    platform: `${process.platform} ${process.arch}`,
  }
  const { error, data } = await safe(client.begin({ ...askingOf(deps, asked), code: asked.code, about }))
  if (error === null) return data
  if (isDefinedError(error) && error.code === 'code-taken') return 'draw-again'
  throw error
}

type PairingClient = ContractRouterClient<typeof stationPairingContract>

function askingOf({ stationId }: PairingWatchDeps, { key, pairingId }: Asked) {
  return { pairingId, stationId, publicKey: publicKeyOf(key) }
}

/** Calls signed by the key that they bring; nobody counts them yet, so that the clock will do for a counter. */
function pairingClient(deps: PairingWatchDeps, key: KeyObject, stopping: AbortSignal): PairingClient {
  const signing = { ...deps, signingKey: () => key, nextCounter: async () => deps.now() }
  const link = new RPCLink({
    url: `${deps.centreUrl}/pairing/v1`,
    fetch: async (request) => {
      const body = new Uint8Array(await request.arrayBuffer())
      const headers = new Headers(request.headers)
      const proof = await signRequest(signing, { method: 'POST', path: new URL(request.url).pathname, body })
      for (const [name, value] of Object.entries(proof)) headers.set(name, value)
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(callTimeoutMs)])
      try {
        const answer = await fetch(request.url, { method: 'POST', headers, body, signal })
        deps.onReachable(true)
        return answer
      } catch (error) {
        deps.onReachable(false)
        throw error
      }
    },
  })
  return createORPCClient(link)
}
