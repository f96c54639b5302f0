import type { StationConfig } from '../station-config.ts'
import { type CentreClient, createCentreClient, type Standing } from '../sync/centre-client.ts'
import type { IdentityKeeper } from './identity-keeper.ts'

/**
 * Calls of a station whose database is closed. Requests are counted by the clock, and above what the centre says that it has
 * seen: there is nowhere to keep a count.
 */
export function bareCentreClient(
  config: Pick<StationConfig, 'centreUrl' | 'tenantId'>,
  deps: {
    keeper: IdentityKeeper
    now: () => number
    onReachable: (reachable: boolean) => void
    onStanding: (standing: Standing) => void
    stopping: AbortSignal
  },
): CentreClient {
  let last = 0
  return createCentreClient({
    centreUrl: config.centreUrl,
    tenantId: config.tenantId,
    stationId: deps.keeper.stationId,
    signingKey: () => deps.keeper.signingKey,
    now: deps.now,
    nextCounter: async () => {
      last = Math.max(deps.now(), last + 1)
      return last
    },
    onReplayed: (highest) => {
      last = Math.max(last, highest)
    },
    onReachable: deps.onReachable,
    onStanding: deps.onStanding,
    stopping: deps.stopping,
  })
}
