import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Another centre works on the folder; starting a second one would tear its data. */
export class CentreRunning extends Error {
  override name = 'CentreRunning'
}

const lockHolder = z.object({ pid: z.int(), startedAtTicks: z.string() })

/** Takes a folder for this process until `release`; throws `CentreRunning` while another living process has it. */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const lockPath = join(folder, 'centre.lock')
  const own = { pid: process.pid, startedAtTicks: (await processStart(process.pid)) ?? '' }
  const draft = `${lockPath}.${process.pid}.${process.hrtime.bigint()}`
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    // A hard link appears whole or not at all, so that nobody ever reads a half-written lock.
    while (!(await linked(draft, lockPath))) await removeIfStale(lockPath, folder)
  } finally {
    await rm(draft, { force: true })
  }
  return { release: () => rm(lockPath, { force: true }) }
}

async function linked(draft: string, lockPath: string): Promise<boolean> {
  try {
    await link(draft, lockPath)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function removeIfStale(lockPath: string, folder: string): Promise<void> {
  const text = await readFile(lockPath, 'utf8').catch(() => null)
  if (text === null) return
  const holder = lockHolder.safeParse(JSON.parse(text)).data
  if (holder !== undefined && (await processStart(holder.pid)) === holder.startedAtTicks) {
    throw new CentreRunning(`another centre is running on this folder (pid ${holder.pid}): ${folder}`)
  }
  const aside = `${lockPath}.stale.${process.pid}`
  await rename(lockPath, aside).catch((error: NodeJS.ErrnoException) => {
    // Somebody else removed it first; the next turn of the loop sees what is there now.
    if (error.code !== 'ENOENT') throw error
  })
  await rm(aside, { force: true })
}

/** When a process started, in clock ticks since boot (proc(5), /proc/pid/stat field 22); null when it is gone. */
async function processStart(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The second field is the program's name in brackets and may itself hold blanks and brackets.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields?.[19] ?? null
}
