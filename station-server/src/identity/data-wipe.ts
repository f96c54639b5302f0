import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { outboxCopyFiles } from '../storage/outbox-copy.ts'
import { witnessFiles } from '../storage/witness-file.ts'
import { hasIdentity, readIdentityFile, writeIdentityFile } from './identity-file.ts'

/** What is kept of a wipe: whose it was, and the key of the screen's cookie, so that the screen can go on saying so. */
const wipeNote = z.object({ orderId: z.string(), stationId: z.string(), screenKey: z.string() })
export type WipeNote = z.infer<typeof wipeNote>

const begunMark = 'wipe.json'
const doneMark = 'decommissioned.json'

/** Where a wipe stands; null when none was ever begun. */
export function readWipe(folder: string): { note: WipeNote; done: boolean } | null {
  const begun = readNote(folder, begunMark)
  if (begun !== null && hasIdentity(folder)) return { note: begun, done: false }
  const done = readNote(folder, doneMark)
  return done === null ? null : { note: done, done: true }
}

/** Notes durably that the wipe has begun: from here on every start goes on with it. */
export function beginWipe(folder: string, note: WipeNote): void {
  writeNote(folder, begunMark, note)
}

/**
 * Destroys what the station holds: first the key of the database, then the files. Only the key that it signs with is left, to
 * say that it is done. Doing it twice is harmless. What the disk of the second copy does not give up is told to `onLeft`: without the key
 * it is noise, and the wipe must come to its end.
 */
export function destroyData(
  folder: string,
  copyFolder: string,
  onLeft: (error: unknown) => void = () => undefined,
): void {
  const { stationId, signingKey, databaseKey } = readIdentityFile(folder)
  // A second name for the old content: the new file is whole before the old one is overwritten.
  const old = join(folder, 'identity.old')
  if (databaseKey !== undefined) {
    rmSync(old, { force: true })
    linkSync(join(folder, 'identity.json'), old)
    writeIdentityFile(folder, { stationId, signingKey })
  }
  if (existsSync(old)) overwrite(old)
  for (const name of readdirSync(folder)) {
    if (name !== 'identity.json' && name !== begunMark) rmSync(join(folder, name), { recursive: true, force: true })
  }
  // The folder may be another disk's own, with what is not ours in it: it cannot, and may not, be removed itself.
  for (const name of [...outboxCopyFiles, ...witnessFiles]) destroyFile(join(copyFolder, name), onLeft)
}

function destroyFile(path: string, onLeft: (error: unknown) => void): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    onLeft(error)
  }
}

/** Ends the wipe: the last key goes, and the folder says for good that this machine was decommissioned. */
export function endWipe(folder: string, note: WipeNote): void {
  writeNote(folder, doneMark, note)
  if (hasIdentity(folder)) {
    overwrite(join(folder, 'identity.json'))
    rmSync(join(folder, 'identity.json'))
  }
  rmSync(join(folder, begunMark), { force: true })
}

function readNote(folder: string, name: string): WipeNote | null {
  const path = join(folder, name)
  return existsSync(path) ? wipeNote.parse(JSON.parse(readFileSync(path, 'utf8'))) : null
}

function writeNote(folder: string, name: string, note: WipeNote): void {
  writeFileSync(join(folder, name), JSON.stringify(note), { mode: 0o600, flush: true })
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}

/** Writes zeros over a file in place. Flash may keep the old cells; the file system at least no longer shows them. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(statSync(path).size))
  fsyncSync(file)
  closeSync(file)
}
