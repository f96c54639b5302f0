import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/fetch'
import { type StationView, stationContract } from '@yizhan/contracts/station'
import { readBuildId } from '../http/build-id.ts'
import { openKioskSocket } from '../http/kiosk-socket.ts'
import { openLaunchGate } from '../http/launch-token.ts'
import { closeServer, listenOnLoopback } from '../http/listening.ts'
import { loopbackHosts } from '../http/loopback-guard.ts'
import { createStationApp } from '../http/station-app.ts'
import type { StationConfig } from '../station-config.ts'
import { drawBareView } from './bare-view.ts'
import type { StationLog } from './station-log.ts'

/** A station without its database: its screen says why, and nothing else can be asked of it. */
export interface BareStation {
  port: number
  /** Tells the screen that there is something else to show. */
  show(): void
  stop(): Promise<void>
}

/** What the screen of a bare station tells. */
export type BareSight = Pick<StationView, 'outOfService' | 'pairing' | 'centre'>

/** Serves the page and `station.view`; every other call is unknown. `screenKey` keeps the page's cookie good. */
export async function startBareStation(
  config: StationConfig,
  deps: { log: StationLog; now: () => number; stationId: string; screenKey: Uint8Array; sight: () => BareSight },
): Promise<BareStation> {
  const { launchTokenFile, staticFolder, demo } = config
  const server = createServer((request, response) => listener(request, response))
  const served = { hosts: loopbackHosts(config.port) }
  const gate = openLaunchGate({ tokenFile: launchTokenFile, key: deps.screenKey, reusable: demo })
  const socket = openKioskSocket(server, gate, () => served.hosts)
  const source = { stationId: deps.stationId, now: deps.now, buildId: readBuildId(staticFolder) }
  const drawView = () => drawBareView(source, deps.sight())
  const os = implement(stationContract)
  const app = createStationApp({
    gate,
    hosts: () => served.hosts,
    staticFolder,
    calls: new RPCHandler({ station: { view: os.station.view.handler(drawView) } }),
    isReady: () => false,
    log: deps.log,
  })
  const listener = getRequestListener(app.fetch)
  const port = await listenOnLoopback(server, config.port)
  served.hosts = loopbackHosts(port)
  return {
    port,
    show: () => socket.push('station-changed', drawView()),
    async stop() {
      socket.close()
      await closeServer(server)
    },
  }
}
