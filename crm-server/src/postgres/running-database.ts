import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CentreRunning } from './centre-lock.ts'
import { clusterRootFor } from './cluster-place.ts'
import { appRole, type DatabaseAddress } from './database.ts'
import { startManagedPostgres } from './managed-postgres.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

/** A centre's database for a command beside it. */
export interface ReachedDatabase extends Pick<DatabaseAddress, 'appUrl'> {
  stop(): Promise<void>
}

/** Finds the database of a centre whether it runs or not: an external one, the one that a running centre keeps, or it is started meanwhile. */
export async function reachDatabase(centre: {
  dataDir: string
  databaseUrl?: string | undefined
  pgBinDir?: string | undefined
}): Promise<ReachedDatabase> {
  const { databaseUrl, dataDir, pgBinDir } = centre
  if (databaseUrl !== undefined) return { appUrl: databaseUrl, stop: async () => undefined }
  try {
    const { address, stop } = await startManagedPostgres({ dataDir, pgBinDir, onEvent: () => undefined })
    return { appUrl: address.appUrl, stop }
  } catch (error) {
    if (!(error instanceof CentreRunning)) throw error
    return { appUrl: await urlOfRunning(dataDir), stop: async () => undefined }
  }
}

/** PostgreSQL writes down where it listens: the fifth line of `postmaster.pid` is the folder of its socket. */
async function urlOfRunning(dataDir: string): Promise<string> {
  const clusterRoot = await clusterRootFor(dataDir, await unprivilegedUser())
  const lines = (await readFile(join(clusterRoot, 'cluster/postmaster.pid'), 'utf8')).split('\n')
  return `postgresql://${appRole}@${encodeURIComponent(lines[4] ?? '')}/yizhan`
}
