import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DeviceReason } from '@yizhan/contracts/device'
import type { DriverEvent, Outcome } from './driver.ts'
import type { FromHost, HostConfig, ToHost } from './host-message.ts'
import { RestartPlan } from './restart-plan.ts'

/** A ping takes 0.04 ms; three silent seconds mean that the process hangs in native code or a loop. */
const heartbeatMs = 1000
const maxMisses = 3

/** A process that has not answered yet is still loading, on a busy box for some seconds. */
const maxMissesAtStart = 15

/** A driver ends its command by its own clock; what is still running this long after the deadline hangs. */
const deadlineGraceMs = 2000

/** Closing a link takes milliseconds; a process that does not end by then is killed. */
const closeGraceMs = 500

/** The end of a crashed driver's error output that goes to the log: a stack trace, no device data. */
const maxStderrBytes = 2048

const hostFile = fileURLToPath(new URL('./driver-host.ts', import.meta.url))

/** What a supervisor needs from its owner. */
export interface SupervisorDeps {
  log: (record: object) => void
  now: () => number
  onEvent: (event: DriverEvent<unknown>) => void
  /** The process is gone: restarting soon (`hung`) or set aside (`quarantined`). */
  onDown: (reason: DeviceReason) => void
}

interface RunningCommand {
  settle: (outcome: Outcome<unknown>) => void
  onProgress: (progress: unknown) => void
}

/**
 * Keeps one driver process alive: heartbeat each second, killed after three misses, restarted with back-off, set aside
 * after ten restarts in ten minutes. A command whose process ends before its outcome is `maybe`.
 */
export class Supervisor {
  readonly #deviceId: string
  readonly #config: HostConfig
  readonly #deps: SupervisorDeps
  readonly #plan = new RestartPlan()
  readonly #running = new Map<number, RunningCommand>()
  #child: ChildProcess | undefined
  #restart: NodeJS.Timeout | undefined
  #lastCommand = 0
  #stopping = false

  constructor(deviceId: string, config: HostConfig, deps: SupervisorDeps) {
    this.#deviceId = deviceId
    this.#config = config
    this.#deps = deps
    this.#start()
  }

  /** Runs a command in the driver process; `deadlineMs` is when the process is killed if the driver did not end it. */
  run(
    command: object,
    limits: { deadlineMs: number; signal?: AbortSignal; onProgress?: (progress: unknown) => void },
  ): Promise<Outcome<unknown>> {
    const child = this.#child
    if (child === undefined) {
      const detail = 'the driver process is not running'
      return Promise.resolve({ ok: false, phase: 'not-started', reason: 'hung', detail })
    }
    this.#lastCommand += 1
    const id = this.#lastCommand
    return new Promise((resolve) => {
      const kill = setTimeout(() => this.#kill(child, 'deadline'), limits.deadlineMs + deadlineGraceMs)
      const abort = () => this.#send(child, { type: 'abort', id })
      limits.signal?.addEventListener('abort', abort, { once: true })
      this.#running.set(id, {
        onProgress: limits.onProgress ?? (() => undefined),
        settle: (outcome) => {
          clearTimeout(kill)
          limits.signal?.removeEventListener('abort', abort)
          this.#running.delete(id)
          resolve(outcome)
        },
      })
      this.#send(child, { type: 'submit', id, command })
      if (limits.signal?.aborted) abort()
    })
  }

  /** Starts the process anew at once, out of quarantine too: a person has seen to the device. */
  restart(): void {
    if (this.#stopping) return
    this.#plan.forget()
    clearTimeout(this.#restart)
    if (this.#child === undefined) this.#start()
    else this.#kill(this.#child, 'restart')
  }

  /** Ends the process, within half a second by force. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#restart)
    const child = this.#child
    if (child === undefined) return
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
    this.#send(child, { type: 'close' })
    const kill = setTimeout(() => child.kill('SIGKILL'), closeGraceMs)
    await exited
    clearTimeout(kill)
  }

  #start(): void {
    const startedAt = this.#deps.now()
    const child = fork(hostFile, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: {},
    })
    this.#child = child
    let stderr = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      stderr = (stderr + bytes.toString('utf8')).slice(-maxStderrBytes)
    })
    child.on('error', (error) => {
      this.#deps.log({ event: 'driver-fault', deviceId: this.#deviceId, fault: error.message })
      // A process that could not be made at all (no file handle left) never closes.
      if (child.pid === undefined) child.emit('close', null, null)
    })
    const stopHeartbeat = this.#startHeartbeat(child)
    child.on('message', (message: FromHost) => this.#receive(message))
    child.once('close', (code, signal) => {
      stopHeartbeat()
      this.#child = undefined
      const how = signal ?? `status ${code}`
      this.#deps.log({ event: 'driver-ended', deviceId: this.#deviceId, pid: child.pid, how, stderr })
      this.#settleAll(`the driver process ended (${how})`)
      if (!this.#stopping) this.#scheduleRestart(this.#deps.now() - startedAt)
    })
    this.#send(child, { type: 'open', config: this.#config })
    this.#deps.log({ event: 'driver-started', deviceId: this.#deviceId, pid: child.pid })
  }

  #startHeartbeat(child: ChildProcess): () => void {
    let allowed = maxMissesAtStart
    let misses = 0
    let beat = 0
    child.on('message', (message: FromHost) => {
      if (message.type !== 'pong') return
      misses = 0
      allowed = maxMisses
    })
    const tick = () => {
      if (misses >= allowed) return this.#kill(child, 'heartbeat')
      misses += 1
      beat += 1
      this.#send(child, { type: 'ping', beat })
    }
    tick()
    const timer = setInterval(tick, heartbeatMs)
    return () => clearInterval(timer)
  }

  #receive(message: FromHost): void {
    switch (message.type) {
      case 'pong':
        return
      case 'event':
        this.#deps.onEvent(message.event)
        return
      case 'progress':
        this.#running.get(message.id)?.onProgress(message.progress)
        return
      case 'outcome':
        this.#running.get(message.id)?.settle(message.outcome)
        return
      default:
        throw new TypeError(`unknown message ${JSON.stringify(message satisfies never)}`)
    }
  }

  #scheduleRestart(upMs: number): void {
    const decision = this.#plan.next(this.#deps.now(), upMs, Math.random())
    this.#deps.onDown(decision.quarantined ? 'quarantined' : 'hung')
    this.#restart = setTimeout(() => this.#start(), decision.waitMs)
  }

  #settleAll(detail: string): void {
    for (const command of [...this.#running.values()]) {
      command.settle({ ok: false, phase: 'maybe', reason: 'hung', detail })
    }
  }

  #kill(child: ChildProcess, why: 'deadline' | 'heartbeat' | 'restart'): void {
    this.#deps.log({ event: 'driver-killed', deviceId: this.#deviceId, pid: child.pid, why })
    child.kill('SIGKILL')
  }

  #send(child: ChildProcess, message: ToHost): void {
    if (child.connected) child.send(message, () => undefined)
  }
}
