import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** A small text beside the database that stays when the database is put back to an older copy. */
export interface WitnessFile {
  /** What was written last; null when nothing was ever written, or nothing of it reads. */
  read(): string | null
  /** Durable when it returns. Throws when the disk refuses. */
  write(text: string): void
}

/** The files of the witness. */
export const witnessFiles = ['number-witness.0', 'number-witness.1'] as const

interface Written {
  serial: number
  text: string
}

/**
 * Opens the witness in a folder. Two files are written in turn, in place: a write that was cut off leaves the one before, and a
 * file that does not grow needs no more than its own pages synced. A file that the disk does not give is told to `onUnreadable` and taken for
 * none: a second disk that is broken must not close the hall.
 */
export function openWitnessFile(folder: string, onUnreadable: (error: unknown) => void = () => undefined): WitnessFile {
  const paths = witnessFiles.map((name) => join(folder, name))
  const newest = (): Written | null =>
    paths
      .flatMap((path) => readWritten(path, onUnreadable) ?? [])
      .sort((one, other) => other.serial - one.serial)
      .at(0) ?? null
  let serial = newest()?.serial ?? 0
  return {
    read: () => newest()?.text ?? null,
    write(text) {
      const next = serial + 1
      writeInPlace(folder, paths[next % paths.length] ?? '', formatted({ serial: next, text }))
      serial = next
    },
  }
}

/** One line: the SHA-256 of what follows, the serial, the text. What an earlier, longer text left behind comes after it. */
function formatted({ serial, text }: Written): string {
  const line = `${serial} ${text}`
  return `${sha256(line)} ${line}\n`
}

function readWritten(path: string, onUnreadable: (error: unknown) => void): Written | null {
  if (!existsSync(path)) return null
  const [line = ''] = textOf(path, onUnreadable).split('\n', 1)
  const found = /^([0-9a-f]{64}) ((\d+) (.*))$/.exec(line)
  if (found === null || sha256(found[2] ?? '') !== found[1]) return null
  return { serial: Number(found[3]), text: found[4] ?? '' }
}

function textOf(path: string, onUnreadable: (error: unknown) => void): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    onUnreadable(error)
    return ''
  }
}

function writeInPlace(folder: string, path: string, content: string): void {
  const isNew = !existsSync(path)
  if (isNew) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = openSync(path, isNew ? 'wx' : 'r+', 0o600)
  try {
    // To its end, or it throws: a disk that gets full takes a part of one write without a word.
    writeFileSync(file, content)
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
  if (isNew) syncFolder(folder)
}

function syncFolder(folder: string): void {
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
