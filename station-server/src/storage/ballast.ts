import { randomFillSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Room that is kept occupied while there is enough, to be let go when the disk is full: the check-ins of some hours are a
 * few megabytes, a checkpoint of the database four.
 */
export const ballastBytes = 32 * 1024 * 1024

/** New sessions end when less than this is left: what runs then still finds room for its writes. */
const tightBelowBytes = 16 * 1024 * 1024

const chunkBytes = 1024 * 1024
/** The file that keeps the room, in the folder of the database. */
export const ballastName = 'ballast'

/** Whether the disk has room, as the station judges it. */
export interface DiskRoom {
  /** True from the moment that little room is left, until there is room for the ballast and as much again. */
  isTight(): boolean
  /** Looks at the disk, lets the ballast go or lays it down anew; true when `isTight` is another than before. */
  look(): Promise<boolean>
}

/** Watches the room of a folder's disk; `freeBytes` asks the system. */
export function watchDiskRoom(
  folder: string,
  deps: { freeBytes: () => Promise<number>; isFull: () => boolean },
): DiskRoom {
  const ballast = join(folder, ballastName)
  let tight = false
  const become = (now: boolean) => {
    const changed = tight !== now
    tight = now
    return changed
  }
  return {
    isTight: () => tight,
    async look() {
      const free = await deps.freeBytes()
      if (deps.isFull() || free < tightBelowBytes) {
        // A kill, or another writer, may have broken the laying of it off.
        await rm(`${ballast}.new`, { force: true })
        await rm(ballast, { force: true })
        return become(true)
      }
      if (existsSync(ballast)) return become(false)
      if (free < 2 * ballastBytes) return false
      await layBallast(folder)
      return become(false)
    },
  }
}

/** Writes real bytes, random ones: a file with holes, or one that a file system can compress, keeps no room free. */
async function layBallast(folder: string): Promise<void> {
  const fresh = join(folder, `${ballastName}.new`)
  const file = await open(fresh, 'w', 0o600)
  try {
    const chunk = new Uint8Array(chunkBytes)
    for (let written = 0; written < ballastBytes; written += chunkBytes) {
      await file.write(randomFillSync(chunk))
    }
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, join(folder, ballastName))
}
