import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { keyRotationText, type SignedWipeOrder, type WipeOrder, wipeOrder } from '@yizhan/contracts/station-order'
import type { IdentityKeeper } from '../identity/identity-keeper.ts'
import { publicKeyOf } from '../identity/station-identity.ts'
import type { StationLog } from '../station/station-log.ts'
import { startStationLoop, type WorkDone } from '../station/station-loop.ts'
import { readMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from './centre-client.ts'

/** What keeping the station's identity in step with the centre needs. */
export interface IdentityLinkDeps {
  db: StationDb
  centre: CentreClient
  keeper: IdentityKeeper
  tenantId: string
  log: StationLog
  /** Sends a batch of unsent events; `more` while others wait. */
  sendBatch: () => Promise<WorkDone>
  /** Sends an attachment that the centre does not have; `done` when there is none. */
  sendAttachment: (isDiskTight: () => boolean) => Promise<WorkDone>
  /** Told to destroy what this station holds. */
  onWipe: (order: WipeOrder) => void
}

/** The loops that change keys and look for a last order. */
export interface IdentityLink {
  /** Says that the centre wants a new key. */
  rotateSoon(): void
  /** Says that the station is revoked: an order may wait. */
  lookForOrder(): void
  stop(): Promise<void>
}

// Both are woken when there is something to do; the idle wait is a safety net.
const rotationPace = { idleMs: 60_000, firstRetryMs: 2000, longestRetryMs: 60_000 }
const orderPace = { idleMs: 15_000, firstRetryMs: 1000, longestRetryMs: 15_000 }

/** Starts both loops. A change of keys that was broken off by a kill is taken up again. */
export function startIdentityLink(deps: IdentityLinkDeps): IdentityLink {
  let due = false
  let ordered = false
  const rotation = startStationLoop('key-rotation', rotationPace, deps.log, async () => {
    const begun = deps.keeper.nextKey !== null && readMeta(deps.db.sql, 'station-name') !== null
    if ((due || begun) && isServed(deps.db)) await rotateKey(deps)
    due = false
    return 'done'
  })
  const order = startStationLoop('orders', orderPace, deps.log, async () => {
    if (ordered || readMeta(deps.db.sql, 'revoked') === null) return 'done'
    const found = await findOrder({ ...deps, orderKey: readMeta(deps.db.sql, 'order-key') ?? deps.keeper.orderKey })
    if (found === null) return 'done'
    if (found.uploadFirst) {
      const sent = await bringAll(deps)
      if (sent !== 'done') return sent
    }
    ordered = true
    deps.onWipe(found)
    return 'done'
  })
  return {
    rotateSoon() {
      due = true
      rotation.wake()
    },
    lookForOrder: () => order.wake(),
    async stop() {
      await Promise.all([rotation.stop(), order.stop()])
    },
  }
}

/**
 * Changes the station's key (密钥轮换). The next key is durable before the centre hears of it, and the old one is good until it
 * has: a kill at any point leaves a key that the centre takes.
 */
export async function rotateKey({
  centre,
  keeper,
  tenantId,
  log,
}: Pick<IdentityLinkDeps, 'centre' | 'keeper' | 'tenantId' | 'log'>): Promise<void> {
  const next = keeper.nextKey ?? keeper.makeNextKey()
  const publicKey = publicKeyOf(next)
  const text = keyRotationText({ tenantId, stationId: keeper.stationId, publicKey })
  const { oldKeyUntil } = await centre.rotateKey({ publicKey, proof: signText(next, text) })
  keeper.adoptNext()
  log.info({ oldKeyUntil }, 'this station has a new key')
}

/** What patients were told is kept: the events, then the attachments; giving one up is an event again. */
async function bringAll({ sendBatch, sendAttachment }: IdentityLinkDeps): Promise<WorkDone> {
  const sent = await sendBatch()
  // What goes frees the disk, and the wipe waits for it.
  return sent === 'done' ? await sendAttachment(() => false) : sent
}

function isServed({ sql }: StationDb): boolean {
  return readMeta(sql, 'revoked') === null && readMeta(sql, 'quarantined') === null
}

/** The order to wipe that waits for this very station, signed by the key that it keeps; anything else is told and not obeyed. */
export async function findOrder({
  centre,
  keeper,
  tenantId,
  log,
  orderKey,
}: Pick<IdentityLinkDeps, 'centre' | 'keeper' | 'tenantId' | 'log'> & {
  orderKey: string | null
}): Promise<WipeOrder | null> {
  const { order: signed } = await centre.wipeOrder()
  if (signed === null) return null
  const order = trustedOrder(signed, orderKey)
  if (order === null || order.tenantId !== tenantId || order.stationId !== keeper.stationId) {
    log.error({}, 'an order to wipe is not signed by the centre, or not for this station: it is not obeyed')
    return null
  }
  return order
}

/** What a signed order says; null when it does not bear the signature of the key that this station keeps. */
export function trustedOrder({ text, signature }: SignedWipeOrder, orderKey: string | null): WipeOrder | null {
  if (orderKey === null) return null
  const key = createPublicKey({ key: Buffer.from(orderKey, 'base64'), format: 'der', type: 'spki' })
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))) return null
  return wipeOrder.parse(JSON.parse(text))
}

function signText(key: KeyObject, text: string): string {
  return sign(null, Buffer.from(text), key).toString('base64')
}
