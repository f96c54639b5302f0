import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { beginWipe, destroyData, endWipe, readWipe } from './data-wipe.ts'
import { readIdentityFile, writeIdentityFile } from './identity-file.ts'
import { loadOrMakeIdentity } from './station-identity.ts'

const note = { orderId: 'order', stationId: 'station', screenKey: 'a2V5' }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-wipe-'))
  loadOrMakeIdentity(folder, Date.now)
  writeFileSync(join(folder, 'station.db'), 'rows')
  mkdirSync(join(folder, 'copy'))
  writeFileSync(join(folder, 'copy/outbox'), 'rows')
})
afterEach(() => rmSync(folder, { recursive: true }))

const steps: [string, () => void][] = [
  ['nothing more', () => undefined],
  ['the key destroyed', () => writeIdentityFile(folder, withoutDatabaseKey())],
  ['some files destroyed', () => rmSync(join(folder, 'station.db'))],
  ['all destroyed', () => destroyData(folder, join(folder, 'copy'))],
]

function withoutDatabaseKey() {
  const { stationId, signingKey } = readIdentityFile(folder)
  return { stationId, signingKey }
}

test.each(steps)('killed with %s, the next start goes on with the wipe to its end', (_, killedAfter) => {
  beginWipe(folder, note)
  killedAfter()
  expect(readWipe(folder)).toEqual({ note, done: false })
  destroyData(folder, join(folder, 'copy'))
  expect(readdirSync(folder).sort()).toEqual(['identity.json', 'wipe.json'])
  expect(readIdentityFile(folder).databaseKey).toBeUndefined()
  endWipe(folder, note)
  expect(readdirSync(folder)).toEqual(['decommissioned.json'])
  expect(readWipe(folder)).toEqual({ note, done: true })
})

test('killed between the last two steps of the end, it is at its end', () => {
  beginWipe(folder, note)
  destroyData(folder, join(folder, 'copy'))
  writeFileSync(join(folder, 'decommissioned.json'), JSON.stringify(note))
  rmSync(join(folder, 'identity.json'))
  expect(readWipe(folder)).toEqual({ note, done: true })
})

test('a folder without an order is left alone', () => {
  expect(readWipe(folder)).toBeNull()
  expect(existsSync(join(folder, 'station.db'))).toBe(true)
})

test('of another disk only the files of the station are destroyed, and one that cannot be does not stop the wipe', () => {
  const disk = mkdtempSync(join(tmpdir(), 'yz-disk-'))
  try {
    for (const name of ['outbox-copy.db', 'number-witness.0', 'of somebody else'])
      writeFileSync(join(disk, name), 'rows')
    mkdirSync(join(disk, 'number-witness.1'))
    const left: unknown[] = []
    beginWipe(folder, note)
    destroyData(folder, disk, (error) => left.push(error))
    expect(readdirSync(disk).sort()).toEqual(['number-witness.1', 'of somebody else'])
    expect(left).toHaveLength(1)
    expect(readdirSync(folder).sort()).toEqual(['identity.json', 'wipe.json'])
  } finally {
    rmSync(disk, { recursive: true })
  }
})
