import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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

test('a file of which nothing can be made out testifies to nothing, and the centre starts all the same', async () => {
  for (const text of ['', '{"file":"1-1","posit', '[]']) {
    await writeFile(join(folder, 'lease-witness.json'), text)
    const witness = await openLeaseWitness(folder)
    expect([witness.position('a'), witness.wasCopied]).toEqual([null, true])
  }
})

test('what the disk refused is not taken for written when it is noted again', async () => {
  const witness = await openLeaseWitness(folder)
  await rm(folder, { recursive: true })
  await expect(witness.note('a', 7)).rejects.toThrow('ENOENT')
  await mkdir(folder)
  await witness.note('a', 7)
  expect((await openLeaseWitness(folder)).position('a')).toBe(7)
})
