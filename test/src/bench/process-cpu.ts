import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second, whatever its kernel was built with (proc(5), USER_HZ). */
const ticksPerSecond = 100

/** Processor seconds that processes and all their descendants have used so far, in user and in kernel mode. */
export function cpuSecondsOf(pids: readonly number[]): number {
  const parents = new Map(runningPids().map((pid) => [pid, readStat(pid)] as const))
  let ticks = 0
  for (const [pid, stat] of parents) {
    if (stat !== null && isBelow(pid, pids, (child) => parents.get(child)?.parent ?? 0)) ticks += stat.ticks
  }
  return ticks / ticksPerSecond
}

function isBelow(pid: number, roots: readonly number[], parentOf: (pid: number) => number): boolean {
  for (let at = pid; at > 1; at = parentOf(at)) if (roots.includes(at)) return true
  return false
}

function runningPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** The parent of a process and the ticks of it and of its children that have ended; null when it has ended itself. */
function readStat(pid: number): { parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything; the fields begin behind it, the state being the first.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [parent, used] = [Number(fields[1]), fields.slice(11, 15)]
    return { parent, ticks: used.reduce((sum, field) => sum + Number(field), 0) }
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return null
    throw error
  }
}
