import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ballastBytes, watchDiskRoom } from './ballast.ts'

const mebibyte = 1024 * 1024
let folder: string
let free: number
let full: boolean

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-ballast-'))
  free = 1000 * mebibyte
  full = false
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const watch = () =>
  watchDiskRoom(folder, {
    freeBytes: () => Promise.resolve(free),
    isFull: () => full,
  })
const ballast = () => join(folder, 'ballast')

test('ballast of real bytes is laid while there is room for it', async () => {
  const room = watch()
  await room.look()
  expect(statSync(ballast()).blocks * 512).toBeGreaterThanOrEqual(ballastBytes)
  expect(room.isTight()).toBe(false)
})

test('when the disk gets tight the ballast goes, and comes back only with room for it and as much again', async () => {
  const room = watch()
  await room.look()
  free = 15 * mebibyte
  expect(await room.look()).toBe(true)
  expect(existsSync(ballast())).toBe(false)
  expect(room.isTight()).toBe(true)
  // The room that the ballast gave is no reason to open again.
  free = 47 * mebibyte
  expect(await room.look()).toBe(false)
  expect(room.isTight()).toBe(true)
  free = 65 * mebibyte
  expect(await room.look()).toBe(true)
  expect(room.isTight()).toBe(false)
  expect(existsSync(ballast())).toBe(true)
})

test('ballast whose laying was broken off goes too when the disk gets tight', async () => {
  writeFileSync(`${ballast()}.new`, 'half of it')
  free = 15 * mebibyte
  await watch().look()
  expect(existsSync(`${ballast()}.new`)).toBe(false)
})

test('a write that the disk refused counts as tight, whatever the system says is free', async () => {
  const room = watch()
  await room.look()
  full = true
  await room.look()
  expect(existsSync(ballast())).toBe(false)
  expect(room.isTight()).toBe(true)
})
