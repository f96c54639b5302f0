import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readBuildId } from '../http/build-id.ts'
import { openLaunchGate } from '../http/launch-token.ts'
import { IdentityKeeper } from '../identity/identity-keeper.ts'
import { loadOrMakeIdentity, localKeyFor } from '../identity/station-identity.ts'
import { NumberWitness } from '../queue/number-witness.ts'
import type { StationConfig } from '../station-config.ts'
import { watchDiskRoom } from '../storage/ballast.ts'
import { markCorrupt, openOrRebuild } from '../storage/rebuild.ts'
import type { StationDb } from '../storage/station-db.ts'
import { openWitnessFile } from '../storage/witness-file.ts'
import { noticeRewoundDisk } from '../sync/rewound-disk.ts'
import { CentreReach } from './centre-reach.ts'
import { CentreTime } from './centre-time.ts'
import type { StationLog } from './station-log.ts'

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

interface GroundDeps {
  databaseKey?: Uint8Array
  log: StationLog
  now: () => number
  /** Told when a damaged page was met and noted. */
  onCorrupt?: () => void
  freeBytes?: (folder: string) => Promise<number>
  rebuildsAside?: boolean
}

/** What everything else of a station stands on. */
export type StationGround = ReturnType<typeof layGround>

/** What everything else stands on: who the station is, its database, the gate of its screen, the state of its network. */
export function layGround(config: StationConfig, deps: GroundDeps) {
  const { now } = deps
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  const own = loadOrMakeIdentity(config.dataFolder, now)
  const identity = { ...own, databaseKey: deps.databaseKey ?? own.databaseKey }
  const keyFor = (use: string) => localKeyFor(own, use)
  const db = openDatabase(config, identity.databaseKey, deps)
  const witness = openWitness(config, own.stationId, deps)
  noticeRewoundDisk(db.sql, { witness, ...deps })
  const freeBytes = () => (deps.freeBytes ?? freeBytesOf)(config.dataFolder)
  const room = watchDiskRoom(config.dataFolder, { freeBytes, isFull: () => db.isFull() })
  return {
    identity,
    keeper: new IdentityKeeper(config.dataFolder),
    keyFor,
    db,
    witness,
    room,
    attachmentFolder: join(config.dataFolder, 'attachments'),
    gate: openLaunchGate({ tokenFile: config.launchTokenFile, key: keyFor('launch'), reusable: config.demo }),
    reach: new CentreReach(now),
    centreTime: new CentreTime(db, () => performance.now()),
    now,
    startedAt: now(),
    view: {
      db,
      stationId: identity.stationId,
      buildId: readBuildId(config.staticFolder),
      now,
      storageFull: () => db.isFull() || room.isTight(),
    },
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const disk = await statfs(folder)
  return disk.bavail * disk.bsize
}

/** The witness lies with the second copy of the outbox: best on another disk, never put back together with the database. */
function openWitness({ copyFolder }: StationConfig, stationId: string, { log }: GroundDeps): NumberWitness {
  const onUnwritten = (error: unknown) => log.error({ error: String(error) }, 'the witness of numbers was not written')
  const onUnreadable = (error: unknown) => log.error({ error: String(error) }, 'the witness of numbers cannot be read')
  const file = openWitnessFile(copyFolder, onUnreadable)
  return new NumberWitness({ file, stationId, monotonic: () => performance.now(), onUnwritten })
}

/** Opens the database, rebuilt from what still reads when it is damaged; damage met later ends the station, to be rebuilt. */
function openDatabase({ dataFolder, copyFolder }: StationConfig, key: Uint8Array, deps: GroundDeps): StationDb {
  const { log, now, rebuildsAside = false } = deps
  const onCorrupt = (error: unknown) => {
    markCorrupt(dataFolder, now())
    log.error({ error: String(error) }, 'the database is damaged; the next start rebuilds it')
    deps.onCorrupt?.()
  }
  const place = { folder: dataFolder, copyFolder, key, migrationsFolder, now, onCorrupt, rebuildsAside }
  const { db, rebuilt } = openOrRebuild(place)
  if (rebuilt !== null) log.error(rebuilt, 'the database was damaged and has been rebuilt')
  return db
}
