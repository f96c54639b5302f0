import { existsSync, type FSWatcher, lstatSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LinkAddress } from './byte-link.ts'

/** Hears of a device that is plugged in, where its address is a path. */
export interface Arrival {
  /** What arrived so far counts no more: an attempt to open begins. */
  forget(): void
  /** Ends when the path appears or changes after `forget`, after `waitMs`, or with the signal. */
  wait(waitMs: number): Promise<void>
}

/**
 * Watches the folder of a serial line's or USB printer's stable path until the signal aborts. Such a folder (/dev/serial/by-id,
 * /dev/usb) comes with the first device and goes with the last, so the nearest folder that is there is watched instead
 * until it comes. Where nothing can be watched, and for a network address, waiting is all.
 */
export function watchArrival(address: LinkAddress, signal: AbortSignal): Arrival {
  let isThere = false
  let arrived: () => void = () => undefined
  if (address.kind !== 'tcp') {
    watchPath(address.path, signal, () => {
      isThere = true
      arrived()
    })
  }
  return {
    forget: () => {
      isThere = false
    },
    async wait(waitMs) {
      if (isThere || signal.aborted) return
      const late = new AbortController()
      const arriving = new Promise<void>((resolve) => {
        arrived = resolve
      })
      const waiting = sleep(waitMs, undefined, { signal: AbortSignal.any([signal, late.signal]) }).catch(
        () => undefined,
      )
      await Promise.race([arriving, waiting])
      late.abort()
    },
  }
}

function watchPath(path: string, signal: AbortSignal, onArrival: () => void): void {
  let watcher: FSWatcher | undefined
  let watched: string | undefined
  const look = () => {
    if (signal.aborted) return
    const folder = nearestFolder(dirname(path))
    if (folder === watched) return
    watcher?.close()
    watched = folder
    watcher = startWatch(folder, (name) => {
      look()
      const isOurs = watched !== dirname(path) || name === null || name === basename(path)
      if (isOurs && lstatSync(path, { throwIfNoEntry: false }) !== undefined) onArrival()
    })
    // What came between the look for the folder and the watch on it.
    if (folder !== nearestFolder(dirname(path))) look()
  }
  look()
  signal.addEventListener('abort', () => watcher?.close(), { once: true })
}

function nearestFolder(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(join(folder, '..'))
}

/** A watch that cannot be had (the system's number of watches is used up) is done without: the back-off serves too. */
function startWatch(folder: string, onEvent: (name: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onEvent(name))
    watcher.on('error', () => watcher.close())
    return watcher
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
