import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { lastLines } from './npm-client.mjs'

/** Two of these per child: days of a demo's logs, and never a full disk. */
const rotateAtBytes = 5_000_000
/** Holds the last dozen lines of any log of ours. */
const tailBytes = 16_384

/**
 * Opens a child's log for appending; a long one is put aside as `.1` first.
 *
 * @param {string} path
 * @returns {number} a file descriptor to hand to `spawn`
 */
export function openChildLog(path) {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path) && statSync(path).size > rotateAtBytes) renameSync(path, `${path}.1`)
  return openSync(path, 'a')
}

/**
 * The last lines of a child's log.
 *
 * @param {string} path
 * @param {number} count
 */
export function tailOfLog(path, count) {
  if (!existsSync(path)) return ''
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, tailBytes))
    readSync(file, buffer, 0, buffer.length, size - buffer.length)
    return lastLines(buffer.toString(), count)
  } finally {
    closeSync(file)
  }
}
