import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLeaseWitness } from './lease-witness.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yz-leases-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('what was noted is known after a restart; a lower count changes nothing', async () => {
  const witness = await openLeaseWitness(folder)
  expect([witness.position('a'), witness.wasCopied]).toEqual([null, false])
  await Promise.all([witness.note('a', 3), witness.note('b', 0), witness.note('a', 7), witness.note('a', 5)])
  const again = await openLeaseWitness(folder)
  expect([again.position('a'), again.position('b'), again.wasCopied]).toEqual([7, 0, false])
})

test('a folder that was put back from a copy testifies to nothing, until it is written anew', async () => {
  await (await openLeaseWitness(folder)).note('a', 7)
  await cp(folder, `${folder}.copy`, { recursive: true, preserveTimestamps: true })
  await rm(folder, { recursive: true })
  await cp(`${folder}.copy`, folder, { recursive: true, preserveTimestamps: true })
  await rm(`${folder}.copy`, { recursive: true })
  const copied = await openLeaseWitness(folder)
  expect([copied.position('a'), copied.wasCopied]).toEqual([null, true])
  await copied.note('a', 8)
  expect((await openLeaseWitness(folder)).wasCopied).toBe(false)
})
