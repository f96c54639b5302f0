import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clearGroup } from './run-command.mjs'

/** As long as a child gets at an ordinary stop: PostgreSQL's last checkpoint on a slow disk. */
const graceMs = 15_000
/** Short beside any child's own stop. */
const lookMs = 50

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
      await Promise.all(alive.map(endLeftover))
      rmSync(file, { force: true })
      return alive.length
    },
  }
}

/** @param {{ pid: number, startedTicks: string }} child */
async function endLeftover({ pid, startedTicks }) {
  process.kill(pid, 'SIGTERM')
  for (let waitedMs = 0; waitedMs < graceMs && startTicks(pid) === startedTicks; waitedMs += lookMs) await sleep(lookMs)
  await clearGroup(pid)
}

/**
 * When a process that still runs was started, in clock ticks since the machine was: with the pid, a name that is never used twice
 * (proc(5), stat, field 22).
 *
 * @param {number} pid
 */
function startTicks(pid) {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return null
  // The second field is the program's name in brackets, which may hold anything.
  const stat = readFileSync(file, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : (fields[19] ?? null)
}
