import { chmod, cp, mkdir, mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startManagedPostgres } from './managed-postgres.ts'
import { findPgBinaries, type PgSearch } from './pg-binaries.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

async function search(changes: Partial<PgSearch> = {}): Promise<PgSearch> {
  const copyTo = await mkdtemp(join(tmpdir(), 'yizhan-pg-'))
  await chmod(copyTo, 0o755)
  onTestFinished(() => rm(copyTo, { recursive: true, force: true }))
  return { configured: undefined, wantedMajor: null, user: await unprivilegedUser(), copyTo, ...changes }
}

const npmMajor = 18

test('the PostgreSQL that npm carried runs once its library links are made', async () => {
  const found = await findPgBinaries(await search({ wantedMajor: npmMajor }))
  expect(found).toMatchObject({ source: 'npm', major: npmMajor })
  expect(await readlink(join(found.binDir, '..', 'lib', 'libpq.so.5'))).toMatch(/^libpq\.so\.5\.\d+$/)
})

test('a cluster made by the npm-carried PostgreSQL proves its encoding and checksums', async () => {
  const { binDir } = await findPgBinaries(await search({ wantedMajor: npmMajor }))
  const dataDir = await mkdtemp(join(tmpdir(), 'yizhan-npm-'))
  await chmod(dataDir, 0o755)
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const managed = await startManagedPostgres({ dataDir, pgBinDir: binDir, onEvent: () => undefined })
  await managed.stop()
})

test('a configured folder is taken before any other', async () => {
  const npm = await findPgBinaries(await search({ wantedMajor: npmMajor }))
  const place = await search()
  const configured = join(place.copyTo, 'own')
  await mkdir(configured)
  await cp(join(npm.binDir, '..'), configured, { recursive: true, verbatimSymlinks: true })
  const found = await findPgBinaries({ ...place, configured: join(configured, 'bin') })
  expect(found).toMatchObject({ source: 'configured', binDir: join(configured, 'bin') })
})

test('a version that nobody has is refused with the versions that were found', async () => {
  await expect(findPgBinaries(await search({ wantedMajor: 9 }))).rejects.toThrow(/postgres-version-mismatch.*18 in /)
})
