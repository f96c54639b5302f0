import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A compiler or browser that was told to stop gets this long to put its things away. */
const stopGraceMs = 5_000
/** A PostgreSQL whose parent died writes its last checkpoint in this time on all but the slowest disks. */
const groupGraceMs = 10_000
/** How often a group that was told to end is looked at. */
const groupLookMs = 100

/**
 * @typedef {object} CommandOutcome
 * @property {number} code exit status; 128 and more when a signal ended it or it could not start
 * @property {string} output the last 200,000 characters of stdout and stderr, in the order they came
 */

/**
 * Runs a command to its end, never through a shell, so that paths may hold spaces and any script. It is a process
 * group of its own: stopping it stops what it started.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, stop: AbortSignal, show?: boolean }} options `show`: straight to our terminal
 * @returns {Promise<CommandOutcome>}
 */
export function runCommand(file, args, { cwd, env, stop, show = false }) {
  return new Promise((resolve) => {
    if (stop.aborted) {
      resolve({ code: 130, output: '' })
      return
    }
    const child = spawn(file, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk.toString()).slice(-200_000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const onStop = () => {
      signalGroup(child.pid, 'SIGTERM')
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), stopGraceMs).unref()
    }
    stop.addEventListener('abort', onStop, { once: true })
    /** @param {CommandOutcome} outcome */
    const end = (outcome) => {
      stop.removeEventListener('abort', onStop)
      resolve(outcome)
    }
    child.on('error', (error) => end({ code: 127, output: `${output}${error.message}` }))
    child.on('close', (code) => end({ code: code ?? 130, output }))
  })
}

/**
 * Signals a whole process group; says whether there was one.
 *
 * @param {number | undefined} pid the group's leader
 * @param {NodeJS.Signals | 0} signal
 */
export function signalGroup(pid, signal) {
  if (pid === undefined) return false
  try {
    process.kill(-pid, signal)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false
    throw error
  }
}

/**
 * Ends what a dead leader left in its group: SIGINT first, which PostgreSQL takes as a fast shutdown.
 *
 * @param {number | undefined} pid the group's leader
 */
export async function clearGroup(pid) {
  if (!signalGroup(pid, 'SIGINT')) return
  for (let waitedMs = 0; waitedMs < groupGraceMs; waitedMs += groupLookMs) {
    if (!isGroupAlive(pid)) return
    await sleep(groupLookMs)
  }
  signalGroup(pid, 'SIGKILL')
}

/**
 * Whether anyone in a group still runs. Asking by signal is not enough: in a container whose first process reaps
 * nobody, the dead stay in their group for ever (proc(5), stat: state and pgrp follow the bracketed name).
 *
 * @param {number | undefined} pid
 */
function isGroupAlive(pid) {
  return readdirSync('/proc').some((name) => {
    const stat = /^\d+$/.test(name) ? statOf(name) : ''
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(group) === pid && state !== 'Z' && state !== 'X'
  })
}

/** @param {string} pid */
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code === 'ENOENT' || code === 'ESRCH') return ''
    throw error
  }
}
