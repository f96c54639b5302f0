import type { WipeOrder } from '@yizhan/contracts/station-order'
import { bareCentreClient } from './identity/bare-calls.ts'
import { beginWipe, destroyData, endWipe, readWipe, type WipeNote } from './identity/data-wipe.ts'
import { IdentityKeeper } from './identity/identity-keeper.ts'
import { waitForKeyHalf } from './identity/key-half-wait.ts'
import { loadOrMakeIdentity, localKeyFor } from './identity/station-identity.ts'
import { refuseOtherProfile } from './identity/strict-key.ts'
import { type BareSight, startBareStation } from './station/bare-station.ts'
import { startStationLoop } from './station/station-loop.ts'
import { createStation, type Station, type StationDeps } from './station.ts'
import type { StationConfig } from './station-config.ts'
import { DatabaseDamaged } from './storage/rebuild.ts'
import { rebuildAside } from './storage/rebuild-aside.ts'

/** One way of running a station; over when it is stopped. */
interface Phase {
  port: number
  stop(): Promise<void>
}

/** What opens a station's database and its screen. */
interface Opening {
  /** Left out where the identity alone gives it. */
  databaseKey?: Uint8Array
  screenKey: Buffer
  /** True after a rebuild: one that did not help is not begun again aside, it fails the start. */
  rebuilt?: boolean
}

/** The last word is repeated until the centre has heard it; the machine may be on a truck by then. */
const confirmPace = { idleMs: 60_000, firstRetryMs: 1000, longestRetryMs: 60_000 }

/**
 * Starts a station in whatever state its folder is: ready to serve, damaged and being rebuilt, waiting for the centre's half of its
 * key, or decommissioned; and carries it from one to the other. Its address stays the same.
 */
export async function bootStation(given: StationConfig, deps: StationDeps): Promise<Station> {
  const stopping = { asked: false }
  let phase = await firstPhase()
  let change: Promise<void> = Promise.resolve()
  const config = { ...given, port: phase.port }

  function firstPhase(): Promise<Phase> {
    const wipe = readWipe(given.dataFolder)
    if (wipe !== null) return decommissioned(given, deps, wipe)
    const identity = loadOrMakeIdentity(given.dataFolder, deps.now)
    refuseOtherProfile(given.dataFolder, given.keyProfile)
    return given.keyProfile === 'strict' ? waiting() : serving(given, { screenKey: localKeyFor(identity, 'launch') })
  }
  /** Ends what runs and goes on in another way, unless the station is being stopped. */
  function goOn(next: () => Promise<Phase>): void {
    change = change.then(async () => {
      if (stopping.asked) return
      await phase.stop()
      phase = await next()
    })
    change.catch((error: unknown) => deps.onBroken?.(error))
  }
  function wipe({ orderId, stationId }: WipeOrder, screenKey: Buffer): void {
    const note = { orderId, stationId, screenKey: screenKey.toString('base64') }
    deps.log.error({ orderId }, 'the centre has ordered to destroy what this station holds')
    beginWipe(given.dataFolder, note)
    goOn(() => decommissioned(config, deps, { note, done: false }))
  }
  async function waiting(): Promise<Phase> {
    const screenKey = localKeyFor(loadOrMakeIdentity(given.dataFolder, deps.now), 'launch')
    const { stationId } = new IdentityKeeper(given.dataFolder)
    const onChanged = () => bare?.show()
    const onWipeOrdered = (order: WipeOrder) => wipe(order, screenKey)
    const wait = waitForKeyHalf(given, { ...deps, onChanged, onWipeOrdered })
    let bare: Awaited<ReturnType<typeof startBareStation>> | null = null
    bare = await startBareStation(given, { ...deps, stationId, screenKey, sight: wait.sight })
    const { port } = bare
    void wait.key.then((key) => goOn(() => serving(config, { databaseKey: key, screenKey })))
    return {
      port,
      async stop() {
        await Promise.all([wait.stop(), bare?.stop()])
      },
    }
  }
  async function serving(at: StationConfig, opening: Opening): Promise<Phase> {
    const { databaseKey, screenKey, rebuilt = false } = opening
    const onWipeOrdered = (order: WipeOrder) => wipe(order, screenKey)
    const keyed = databaseKey === undefined ? {} : { databaseKey }
    const started = createStation(at, { ...deps, ...keyed, onWipeOrdered, rebuildsAside: !rebuilt })
    try {
      const station = await started
      return { port: Number(new URL(station.url).port), stop: () => station.stop() }
    } catch (error) {
      if (!(error instanceof DatabaseDamaged)) throw error
      const onRebuilt = (port: number) => goOn(() => serving({ ...given, port }, { ...opening, rebuilt: true }))
      return await rebuilding(at, deps, opening, onRebuilt)
    }
  }
  return {
    url: `http://127.0.0.1:${phase.port}`,
    async stop() {
      stopping.asked = true
      await change.catch(() => undefined)
      await phase.stop()
    },
  }
}

/** Carries an order to wipe out, or goes on with it after a kill; the screen says 停用 from then on. */
async function decommissioned(
  config: StationConfig,
  deps: StationDeps,
  { note, done }: { note: WipeNote; done: boolean },
): Promise<Phase> {
  const { dataFolder, copyFolder } = config
  const { now, log } = deps
  const since = now()
  const sight = (): BareSight => ({
    outOfService: 'revoked',
    centre: { reachable: false, since, feedAsOf: null },
  })
  const screenKey = Buffer.from(note.screenKey, 'base64')
  const { stationId } = note
  const onLeft = (error: unknown) =>
    log.error({ error: String(error) }, 'a file of the second copy stays: without the key')
  if (!done) destroyData(dataFolder, copyFolder, onLeft)
  const bare = await startBareStation(config, { log, now, stationId, screenKey, sight })
  if (done) return bare
  const hangingUp = new AbortController()
  const centre = bareCentreClient(config, {
    keeper: new IdentityKeeper(dataFolder),
    now,
    onReachable: () => undefined,
    onStanding: () => undefined,
    stopping: hangingUp.signal,
  })
  let confirmed = false
  const loop = startStationLoop('confirm-wipe', confirmPace, log, async () => {
    if (confirmed) return 'done'
    await centre.confirmWipe({ orderId: note.orderId })
    endWipe(dataFolder, note)
    confirmed = true
    log.warn({ orderId: note.orderId }, 'what this station held is destroyed')
    return 'done'
  })
  return {
    port: bare.port,
    async stop() {
      hangingUp.abort()
      await Promise.all([loop.stop(), bare.stop()])
    },
  }
}

/** The screen says that the machine repairs itself while the database is rebuilt in a thread of its own. */
async function rebuilding(
  config: StationConfig,
  deps: StationDeps,
  { databaseKey, screenKey }: Opening,
  onRebuilt: (port: number) => void,
): Promise<Phase> {
  const { dataFolder: folder, copyFolder } = config
  const { now, log } = deps
  const { stationId, databaseKey: own } = loadOrMakeIdentity(folder, now)
  const since = now()
  const sight = (): BareSight => ({ outOfService: 'rebuilding', centre: { reachable: false, since, feedAsOf: null } })
  const bare = await startBareStation(config, { log, now, stationId, screenKey, sight })
  const rebuild = rebuildAside({ folder, copyFolder, key: databaseKey ?? own, now })
  rebuild.done.then(
    (brought) => {
      if (brought !== null) log.error(brought, 'the database was damaged and has been rebuilt')
      onRebuilt(bare.port)
    },
    (error: unknown) => deps.onBroken?.(error),
  )
  return {
    port: bare.port,
    async stop() {
      await Promise.all([rebuild.stop(), bare.stop()])
    },
  }
}
