import { execFile } from 'node:child_process'
import { chown, readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'

/** The user that PostgreSQL runs as instead of root, which it refuses. */
export interface UnprivilegedUser {
  uid: number
  gid: number
}

const execFileAsync = promisify(execFile)

/** `nobody` when this process is root; null when it is not, for then PostgreSQL may run as ourselves. */
export async function unprivilegedUser(): Promise<UnprivilegedUser | null> {
  if (process.getuid?.() !== 0) return null
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('nobody:'))
  const [uid, gid] = (line ?? 'nobody:x:65534:65534').split(':').slice(2, 4).map(Number)
  return { uid: uid ?? 65_534, gid: gid ?? 65_534 }
}

/** Whether `user` can walk down to `path`: every existing folder on the way must let it pass. */
export async function canTraverse(path: string, user: UnprivilegedUser): Promise<boolean> {
  const folder = resolve(path)
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found !== null) {
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001
    if ((found.mode & bit) === 0) return false
  }
  return folder === '/' ? true : await canTraverse(dirname(folder), user)
}

/** Gives a folder or file to `user`; nothing to do when there is none. */
export async function giveTo(path: string, user: UnprivilegedUser | null): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid)
}

/** How a child process of PostgreSQL is started: as `user`, from a folder anybody can stand in, in plain English. */
export function spawnAs(user: UnprivilegedUser | null): {
  cwd: string
  env: NodeJS.ProcessEnv
  uid?: number
  gid?: number
} {
  return { cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }, ...user }
}

/** Runs a program to its end and returns what it printed; throws with its error text when it fails. */
export async function runAs(user: UnprivilegedUser | null, program: string, args: string[]): Promise<string> {
  const { stdout } = await execFileAsync(program, args, spawnAs(user))
  return stdout
}
