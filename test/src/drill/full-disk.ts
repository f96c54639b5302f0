import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 50
const fillerBytes = 64 * 1024

/** Takes every byte of a disk that is free or gets free, by a file that grows, until it is stopped. */
export function keepDiskFull(filler: string): { stop(): Promise<void> } {
  const file = openSync(filler, 'w')
  const chunk = Buffer.alloc(fillerBytes, 0x5a)
  let stopped = false
  const life = (async () => {
    while (!stopped) {
      writeUntilFull(file, chunk)
      await sleep(lookEveryMs)
    }
  })()
  return {
    async stop() {
      stopped = true
      await life
      closeSync(file)
      rmSync(filler)
    },
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  for (let length = chunk.length; length >= 1; ) {
    try {
      writeSync(file, chunk, 0, length)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      length = Math.floor(length / 2)
    }
  }
}
