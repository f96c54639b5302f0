import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { lockFolder } from './centre-lock.ts'
import { stopLeftoverPostmaster } from './postmaster.ts'
import { canTraverse, type UnprivilegedUser } from './unprivileged-user.ts'

/** The file in the centre's data folder that says where its database cluster lies, when it lies elsewhere. */
export const clusterNoteName = 'postgres-place.json'

const clusterNote = z.object({ clusterRoot: z.string() })

/**
 * The folder of the database cluster. It lies inside the data folder; when the user that PostgreSQL runs as cannot walk
 * there (a data folder under /root), it lies under `/var/lib/yizhan-postgres` and a note in the data folder names it. Whoever
 * deletes the data folder to begin anew deletes the folder named in the note too; one left behind without its note is
 * moved aside, never opened, since its keys are gone with the data folder.
 */
export async function clusterRootFor(
  dataDir: string,
  user: UnprivilegedUser | null,
  sharedRoot = '/var/lib/yizhan-postgres',
): Promise<string> {
  if (user === null || (await canTraverse(dataDir, user))) return join(dataDir, 'postgres')
  const notePath = join(dataDir, clusterNoteName)
  const noted = await readFile(notePath, 'utf8').catch(() => null)
  if (noted !== null) return clusterNote.parse(JSON.parse(noted)).clusterRoot
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16)
  const clusterRoot = join(sharedRoot, name)
  await mkdir(sharedRoot, { recursive: true, mode: 0o755 })
  if (await exists(clusterRoot)) await moveAside(clusterRoot)
  await mkdir(clusterRoot, { mode: 0o755 })
  // So that whoever finds the cluster knows whose it is, also after the data folder is gone.
  await writeFile(join(clusterRoot, 'belongs-to.json'), JSON.stringify({ dataDir: resolve(dataDir) }), { mode: 0o600 })
  await writeFile(notePath, JSON.stringify({ clusterRoot }), { mode: 0o600 })
  return clusterRoot
}

/** A centre that still runs on it would be refused here by its lock; a server process left over by a killed one is ended. */
async function moveAside(clusterRoot: string): Promise<void> {
  const lock = await lockFolder(clusterRoot)
  await stopLeftoverPostmaster(join(clusterRoot, 'cluster'))
  await lock.release()
  await rename(clusterRoot, `${clusterRoot}.orphan-${Date.now()}`)
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
