import { isDefinedError, safe } from '@orpc/client'
import type { StationView } from '@yizhan/contracts/station'
import type { WipeOrder } from '@yizhan/contracts/station-order'
import { createPairingWatch } from '../pairing/pairing-watch.ts'
import type { BareSight } from '../station/bare-station.ts'
import { CentreReach } from '../station/centre-reach.ts'
import type { StationLog } from '../station/station-log.ts'
import { startStationLoop } from '../station/station-loop.ts'
import type { StationConfig } from '../station-config.ts'
import type { Standing } from '../sync/centre-client.ts'
import { findOrder } from '../sync/identity-link.ts'
import { bareCentreClient } from './bare-calls.ts'
import { IdentityKeeper } from './identity-keeper.ts'
import { loadOrMakeIdentity } from './station-identity.ts'
import { strictDatabaseKey } from './strict-key.ts'

/** Who stands before a machine that waits looks at it once in a while; the centre may be back at any moment. */
const pace = { idleMs: 5000, firstRetryMs: 1000, longestRetryMs: 15_000 }
/** The version that the station reports. */
const appVersion = '0.1.0'

/** The waiting of a *strict* station for the centre's half of its key (等待中心授权). */
export interface KeyHalfWait {
  sight(): BareSight
  /** Resolves with the key of the database; never when it is stopped before. */
  key: Promise<Uint8Array>
  stop(): Promise<void>
}

/** Who hears of the waiting. */
interface KeyHalfWaitDeps {
  now: () => number
  log: StationLog
  onChanged: () => void
  /** Told when the centre has revoked this station and ordered to destroy what it holds. */
  onWipeOrdered: (order: WipeOrder) => void
}

/** Asks the centre for the half of the key until it gives it; a machine that the centre does not know asks to be paired. */
export function waitForKeyHalf(
  config: StationConfig,
  { now, log, onChanged, onWipeOrdered }: KeyHalfWaitDeps,
): KeyHalfWait {
  const { databaseKey: localHalf, stationId } = loadOrMakeIdentity(config.dataFolder, now)
  const keeper = new IdentityKeeper(config.dataFolder)
  const found = Promise.withResolvers<Uint8Array>()
  const stopping = new AbortController()
  const reach = new CentreReach(now)
  reach.listen(onChanged)
  const onReachable = (reachable: boolean) => reach.note(reachable)
  let refusal: StationView['outOfService'] = 'awaiting-centre'
  const pairing = createPairingWatch({
    ...{ centreUrl: config.centreUrl, tenantId: config.tenantId, stationId, appVersion, now, log },
    ...{ onReachable, onChanged },
    onApproved: () => loop.wake(),
  })
  const onStanding = (standing: Standing) => {
    if (standing === 'signature-invalid' && keeper.tryOther()) return loop.wake()
    refusal = refusals[standing]
    if (standing === 'signature-invalid') pairing.begin(() => keeper.signingKey)
    if (standing === 'station-quarantined') pairing.begin(() => keeper.makeNextKey())
    if (standing === 'admitted') {
      keeper.settle()
      pairing.end()
    }
    onChanged()
  }
  const centre = bareCentreClient(config, { keeper, now, onReachable, onStanding, stopping: stopping.signal })
  const loop = startStationLoop('key-half', pace, log, async () => {
    const { error, data } = await safe(centre.databaseKeyHalf())
    if (isDefinedError(error) && error.code === 'station-revoked') {
      const order = await findOrder({ centre, keeper, tenantId: config.tenantId, log, orderKey: keeper.orderKey })
      if (order !== null) onWipeOrdered(order)
      return 'done'
    }
    if (error !== null) throw error
    const key = strictDatabaseKey(config.dataFolder, localHalf, Buffer.from(data.half, 'base64'))
    if (key !== null) found.resolve(key)
    else log.error({}, 'the centre gives another half of the database key than before: the data stays closed')
    return 'done'
  })
  return {
    sight: () => {
      const asked = pairing.view()
      const centreSight = { ...reach.state, feedAsOf: null }
      return { outOfService: refusal, centre: centreSight, ...(asked === undefined ? {} : { pairing: asked }) }
    },
    key: found.promise,
    async stop() {
      stopping.abort()
      await Promise.all([loop.stop(), pairing.stop()])
    },
  }
}

const refusals: Record<Standing, StationView['outOfService']> = {
  admitted: 'awaiting-centre',
  'signature-invalid': 'not-configured',
  'station-quarantined': 'quarantined',
  'station-revoked': 'revoked',
}
