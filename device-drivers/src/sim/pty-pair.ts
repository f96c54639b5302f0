import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { accessSync, closeSync, constants, lstatSync, openSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** The programs that can make a pseudo-terminal for us: socat, or script of util-linux, which every Debian has. */
export type PtyMaker = 'socat' | 'script'

/** A pseudo-terminal pair: a driver opens `path` as its serial line, the far end is in our hands. */
export interface PtyPair {
  /** The link that the driver opens; it stays the same over `plugIn`. */
  readonly path: string
  write(bytes: Uint8Array): void
  /** Only one listener; bytes flow to it from now on. */
  onData(listener: (bytes: Uint8Array) => void): void
  pause(): void
  resume(): void
  /** Pulls the cable: the line vanishes under whoever has it open. */
  unplug(): Promise<void>
  plugIn(): Promise<void>
  close(): Promise<void>
}

/** A program makes its line within some milliseconds; a busy machine takes seconds. */
const openTimeoutMs = 10_000
const lookEveryMs = 5

/** The maker that this machine has, socat first. */
export function findPtyMaker(searchPath: string): PtyMaker | undefined {
  return (['socat', 'script'] as const).find((program) =>
    searchPath.split(delimiter).some((folder) => isExecutable(join(folder, program))),
  )
}

/** Opens a pair whose driver end is the link `path`, removed at the end. A link left over there is replaced, nothing else. */
export async function openPtyPair(options: { path: string; maker: PtyMaker }): Promise<PtyPair> {
  const pair = new PtyInProcess(options.path, options.maker)
  await pair.plugIn()
  return pair
}

type Bridge = ChildProcessByStdio<Writable, Readable, null>

class PtyInProcess implements PtyPair {
  readonly path: string
  readonly #maker: PtyMaker
  #bridge: Bridge | undefined
  #heldOpen: number | undefined
  #listener: (bytes: Uint8Array) => void = () => undefined

  constructor(path: string, maker: PtyMaker) {
    this.path = path
    this.#maker = maker
  }

  write(bytes: Uint8Array): void {
    this.#bridge?.stdin.write(bytes)
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener
  }

  pause(): void {
    this.#bridge?.stdout.pause()
  }

  resume(): void {
    this.#bridge?.stdout.resume()
  }

  /** The driver end is also held open by us, since the pair would end when the driver closes its own. */
  async plugIn(): Promise<void> {
    removeLink(this.path)
    const bridge = this.#maker === 'socat' ? startSocat(this.path) : startScript()
    this.#bridge = bridge
    bridge.stdin.on('error', () => bridge.kill('SIGKILL'))
    if (this.#maker === 'script') symlinkSync(await readTerminalName(bridge), this.path)
    await this.#untilLinked(bridge)
    this.#heldOpen = openSync(this.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
    bridge.stdout.on('data', (bytes: Buffer) => this.#listener(bytes))
  }

  async unplug(): Promise<void> {
    const bridge = this.#bridge
    if (bridge === undefined) return
    this.#bridge = undefined
    const ended = new Promise<void>((resolve) => bridge.once('close', () => resolve()))
    bridge.kill('SIGKILL')
    if (this.#heldOpen !== undefined) closeSync(this.#heldOpen)
    this.#heldOpen = undefined
    await ended
    rmSync(this.path, { force: true })
  }

  close(): Promise<void> {
    return this.unplug()
  }

  async #untilLinked(bridge: Bridge): Promise<void> {
    for (let waitedMs = 0; waitedMs < openTimeoutMs; waitedMs += lookEveryMs) {
      if (isTerminalLink(this.path)) return
      if (bridge.exitCode !== null) break
      await sleep(lookEveryMs)
    }
    bridge.kill('SIGKILL')
    throw new Error(`${this.#maker} made no terminal at ${this.path}`)
  }
}

function startSocat(path: string): Bridge {
  return spawn('socat', ['-', `pty,raw,echo=0,link=${path}`], { stdio: ['pipe', 'pipe', 'ignore'] })
}

/** The inner command makes its terminal raw, names it, and keeps it open for as long as this process lives. */
function startScript(): Bridge {
  const inner = `stty raw -echo && tty && while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done`
  return spawn('script', ['-qfc', inner, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] })
}

function readTerminalName(bridge: Bridge): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (bytes: Buffer) => {
      text += bytes.toString('latin1')
      const name = /\/dev\/pts\/\d+(?=\s)/.exec(text)?.[0]
      if (name === undefined) return
      bridge.stdout.off('data', read)
      resolve(name)
    }
    bridge.stdout.on('data', read)
    bridge.once('close', () => reject(new Error('script ended before it named its terminal')))
  })
}

function isTerminalLink(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('/dev/')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** A link stays behind when its maker was killed; anything else at that path is somebody's. */
function removeLink(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSymbolicLink()) throw new Error(`${path} is in the way: it is not a link`)
  rmSync(path)
}

/** False also where a folder of the search path may not be looked into. */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
