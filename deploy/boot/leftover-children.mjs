import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { clearGroup } from './run-command.mjs'

/**
 * The children of a run, written down so that the next run can end what a killed boot left behind.
 *
 * @param {string} dataDir
 */
export function childRegister(dataDir) {
  const file = join(dataDir, 'run/children.json')
  /** @type {{ pid: number, startedTicks: string }[]} */
  const children = []
  return {
    /** @param {number} pid */
    add(pid) {
      const startedTicks = startTicks(pid)
      if (startedTicks === null) return
      children.push({ pid, startedTicks })
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(children))
    },
    clear() {
      rmSync(file, { force: true })
    },
    /** Ends the children of an earlier run that still live; says how many. */
    async endLeftovers() {
      if (!existsSync(file)) return 0
      /** @type {typeof children} */
      const earlier = JSON.parse(readFileSync(file, 'utf8'))
      const alive = earlier.filter(({ pid, startedTicks }) => startTicks(pid) === startedTicks)
      for (const { pid } of alive) process.kill(pid, 'SIGTERM')
      await Promise.all(alive.map(({ pid }) => clearGroup(pid)))
      rmSync(file, { force: true })
      return alive.length
    },
  }
}

/**
 * When a process started, in clock ticks since the machine did: with the pid, a name that is never used twice
 * (proc(5), stat, field 22).
 *
 * @param {number} pid
 */
function startTicks(pid) {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return null
  // The second field is the program's name in brackets, which may hold anything.
  const stat = readFileSync(file, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
