import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clusterNoteName, clusterRootFor } from './cluster-place.ts'

/** A user that owns nothing here, whoever runs the tests: root, or `nobody` itself. */
const nobody = { uid: 65_533, gid: 65_533 }
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yizhan-place-'))
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function privateDataDir(): Promise<string> {
  const dataDir = join(folder, 'private', 'data')
  await mkdir(dataDir, { recursive: true })
  await chmod(join(folder, 'private'), 0o700)
  return dataDir
}

test('the cluster lies in the data folder where its user can walk there, and always when there is no other user', async () => {
  expect(await clusterRootFor(folder, nobody, join(folder, 'shared'))).toBe(join(folder, 'postgres'))
  const dataDir = await privateDataDir()
  expect(await clusterRootFor(dataDir, null, join(folder, 'shared'))).toBe(join(dataDir, 'postgres'))
})

test('below a private folder it lies elsewhere, a note says where, and the next start finds it by the note', async () => {
  const dataDir = await privateDataDir()
  const shared = join(folder, 'shared')
  const root = await clusterRootFor(dataDir, nobody, shared)
  expect(root.startsWith(shared)).toBe(true)
  expect(JSON.parse(await readFile(join(dataDir, clusterNoteName), 'utf8'))).toEqual({ clusterRoot: root })
  expect(JSON.parse(await readFile(join(root, 'belongs-to.json'), 'utf8'))).toEqual({ dataDir })
  expect(await clusterRootFor(dataDir, nobody, shared)).toBe(root)
})

test('after the data folder was emptied, a cluster left behind is moved aside and never opened', async () => {
  const dataDir = await privateDataDir()
  const shared = join(folder, 'shared')
  const root = await clusterRootFor(dataDir, nobody, shared)
  await mkdir(join(root, 'cluster'))
  await rm(join(dataDir, clusterNoteName))
  expect(await clusterRootFor(dataDir, nobody, shared)).toBe(root)
  expect(await readdir(root)).toEqual(['belongs-to.json'])
  const [orphan] = (await readdir(shared)).filter((name) => /\.orphan-\d+$/.test(name))
  expect(await readdir(join(shared, orphan ?? ''))).toEqual(['belongs-to.json', 'cluster'])
})
