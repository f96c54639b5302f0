import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const blockBytes = 4096

/** How many times a second this disk makes a 4 KiB block durable: one file, advancing offset, fdatasync after each. */
export function measureRawSyncRate(folder: string, times: number): number {
  const path = join(folder, 'raw')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(blockBytes, 0x5a)
  try {
    const startedAt = performance.now()
    for (let at = 0; at < times; at++) {
      writeSync(file, block, 0, blockBytes, at * blockBytes)
      fdatasyncSync(file)
    }
    return (times * 1000) / (performance.now() - startedAt)
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}
