import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BootFailure } from './boot-failure.mjs'
import { openChildLog, tailOfLog } from './child-log.mjs'
import { clearGroup, signalGroup } from './run-command.mjs'
import { waitForAnswer } from './web-answer.mjs'

/**
 * One process of a running Yizhan.
 *
 * @typedef {object} ChildSpec
 * @property {string} name also the name of its log
 * @property {string} what what it is, for a person
 * @property {string[]} args after `node`
 * @property {Record<string, string>} settings its environment variables
 * @property {string} readyUrl answers 200 when it is up
 */

/**
 * @typedef {object} ChildDeps
 * @property {string} node
 * @property {string} root
 * @property {NodeJS.ProcessEnv} env
 * @property {string} logFile
 * @property {AbortSignal} stop
 * @property {(line: string) => void} say
 * @property {(pid: number) => void} onSpawn
 * @property {() => void} onUpAgain called after a restart, when it answers again
 * @property {Partial<ChildTimes>} [times]
 */

/**
 * @typedef {object} ChildTimes
 * @property {number} upWithinMs
 * @property {readonly number[]} backOffMs
 * @property {number} restMs
 * @property {number} calmAfterMs
 * @property {number} stopGraceMs
 */

/** EX_TEMPFAIL of sysexits.h: nothing crashed, there is a reason to wait. */
const stoppedOnPurpose = 'exit 75'

/** @param {string} exit */
const how = (exit) => (exit === stoppedOnPurpose ? 'on purpose' : `by itself (${exit})`)

/**
 * How long to wait after each death: longer from one to the next, and apart from them the rest after a stop on purpose.
 *
 * @param {ChildTimes} times
 * @returns {(exit: string, upMs: number) => number}
 */
function waits({ backOffMs, calmAfterMs, restMs }) {
  let deaths = 0
  return (exit, upMs) => {
    if (exit === stoppedOnPurpose) return restMs
    deaths = upMs > calmAfterMs ? 1 : deaths + 1
    return backOffMs[Math.min(deaths, backOffMs.length) - 1] ?? 0
  }
}

/** @type {ChildTimes} */
const usualTimes = {
  // Creating a PostgreSQL cluster on a slow disk is the longest start there is: seconds, tens at worst.
  upWithinMs: 120_000,
  // At once after a first slip; then rarely enough that a broken child does not eat the machine.
  backOffMs: [500, 2_000, 5_000, 15_000, 30_000],
  // A child that stopped because the power is ending; a battery that was called low lasts about this long.
  restMs: 60_000,
  // Up for this long, a death counts as a first one again.
  calmAfterMs: 60_000,
  // PostgreSQL's fast shutdown writes a checkpoint; 15 s covers one on a slow disk.
  stopGraceMs: 15_000,
}

/**
 * Starts a child and answers when it is up; from then on it is started again whenever it dies, until stopped.
 * Throws when it dies or stays silent before it was ever up.
 *
 * @param {ChildSpec} spec
 * @param {ChildDeps} deps
 * @returns {Promise<{ stop(): Promise<void> }>}
 */
export async function startSupervisedChild(spec, deps) {
  const times = { ...usualTimes, ...deps.times }
  const stopping = new AbortController()
  let current = runOnce(spec, deps)
  const firstUp = await isUp(spec, current, deps.stop, times)
  if (!firstUp) {
    await endOf(current, times.stopGraceMs)
    throw neverUp(spec, deps, current.exit)
  }
  const loop = keepUp()
  return {
    async stop() {
      stopping.abort()
      await endOf(current, times.stopGraceMs)
      await loop
    },
  }

  async function keepUp() {
    const waitAfter = waits(times)
    for (;;) {
      const upSince = Date.now()
      const exit = await current.ended
      if (stopping.signal.aborted) return
      const delayMs = waitAfter(exit, Date.now() - upSince)
      deps.say(`${spec.what} stopped ${how(exit)}. Its last words:\n${tailOfLog(deps.logFile, 8)}`)
      deps.say(`starting it again in ${delayMs / 1000} s; its whole log: ${deps.logFile}`)
      if (!(await pause(delayMs, stopping.signal))) return
      await startAgain()
    }
  }

  async function startAgain() {
    await clearGroup(current.pid)
    if (stopping.signal.aborted) return
    current = runOnce(spec, deps)
    if (await isUp(spec, current, stopping.signal, times)) {
      deps.say(`${spec.what} is up again`)
      deps.onUpAgain()
    } else if (!stopping.signal.aborted) {
      await endOf(current, times.stopGraceMs)
    }
  }
}

/**
 * @typedef {object} RunningChild
 * @property {number | undefined} pid
 * @property {Promise<string>} ended how it ended, in a word
 * @property {string | null} exit the same, once it has
 */

/**
 * @param {ChildSpec} spec
 * @param {ChildDeps} deps
 * @returns {RunningChild}
 */
function runOnce(spec, deps) {
  const log = openChildLog(deps.logFile)
  // A group of its own: Ctrl-C reaches only us, so that children end in our order.
  const child = spawn(deps.node, spec.args, {
    cwd: deps.root,
    env: { ...deps.env, ...spec.settings },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  if (child.pid !== undefined) deps.onSpawn(child.pid)
  /** @type {RunningChild} */
  const running = { pid: child.pid, exit: null, ended: Promise.resolve('') }
  running.ended = new Promise((resolve) => {
    /** @param {string} how */
    const end = (how) => {
      running.exit = how
      resolve(how)
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', (code, signal) => end(signal === null ? `exit ${code}` : signal))
  })
  return running
}

/**
 * @param {ChildSpec} spec
 * @param {RunningChild} child
 * @param {AbortSignal} stop
 * @param {ChildTimes} times
 */
async function isUp(spec, child, stop, times) {
  const until = Date.now() + times.upWithinMs
  const giveUp = () => child.exit !== null || stop.aborted || Date.now() > until
  // Another program may answer on a port that a dead child left.
  return (await waitForAnswer(spec.readyUrl, { giveUp })) && child.exit === null
}

/**
 * Asks a child to end, then makes it; nothing of its group is left afterwards.
 *
 * @param {RunningChild} child
 * @param {number} graceMs
 */
async function endOf(child, graceMs) {
  if (child.pid === undefined) return
  if (child.exit === null) {
    process.kill(child.pid, 'SIGTERM')
    const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs)
    await child.ended
    clearTimeout(timer)
  }
  await clearGroup(child.pid)
}

/**
 * @param {ChildSpec} spec
 * @param {ChildDeps} deps
 * @param {string | null} exit
 */
function neverUp(spec, deps, exit) {
  if (deps.stop.aborted) return new BootFailure('Stopped.', '')
  const how = exit === null ? 'did not answer in time' : `ended before it was up (${exit})`
  return new BootFailure(
    `${spec.what} ${how}. The last lines of ${deps.logFile}:\n${tailOfLog(deps.logFile, 12)}`,
    'Put right what it says and start again; npm start -- --reset begins with empty data.',
  )
}

/**
 * @param {number} delayMs
 * @param {AbortSignal} stop
 * @returns {Promise<boolean>} false when stopped meanwhile
 */
function pause(delayMs, stop) {
  return sleep(delayMs, true, { signal: stop }).catch((error) => {
    if (error.name === 'AbortError') return false
    throw error
  })
}
