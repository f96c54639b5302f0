import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SimReaderFault } from '../sim/sim-reader.ts'
import { usualVpcdPort } from '../sim/sim-vcard.ts'

/** A card for a rig; `mute` gives no answer to reset. */
export interface RigCard {
  serial: number
  protocol?: 'T=0' | 'T=1'
  mute?: boolean
}

/** One thing to be done by the rig's process. */
export interface RigQuestion {
  id: number
  verb: 'insert' | 'remove' | 'die' | 'revive' | 'attach' | 'detach' | 'fault' | 'flap' | 'clients' | 'stop'
  args: readonly unknown[]
}

/** A card service with two readers in a process of its own, for tests, one at a time: our stand-in, or the real pcscd. */
export interface PcscRig {
  readonly kind: 'stand-in' | 'real'
  readonly socketPath: string
  readonly readers: readonly [string, string]
  insert(reader: string, card: RigCard): Promise<unknown>
  remove(reader: string): Promise<unknown>
  die(): Promise<unknown>
  revive(): Promise<unknown>
  /** Plugs a reader in; the stand-in only, as are those that follow. */
  attach(reader: string): Promise<unknown>
  detach(reader: string): Promise<unknown>
  fault(reader: string, fault: SimReaderFault): Promise<unknown>
  /** Unplugs and plugs in so many times, a millisecond apart. */
  flap(reader: string, times: number): Promise<unknown>
  /** How many connections the stand-in holds, or how many files the real daemon has open. */
  clients(): Promise<number>
  stop(): Promise<void>
}

const rigMain = fileURLToPath(new URL('./pcsc-rig-main.ts', import.meta.url))
const vpcdDriver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
const standInReaders = ['Sim Reader A', 'Sim Reader B'] as const
const vpcdReaders = ['Virtual PCD 00 00', 'Virtual PCD 00 01'] as const

/**
 * What is done inside the private namespaces before pcscd starts. vpcd listens on every address, so nothing but the loopback
 * is up; it sends header and body apart, which without quick acknowledgements costs 44 ms per APDU (measured). pcscd's run
 * folder is fixed, so another folder is mounted over it.
 */
const namespaceScript = `set -e
ip link set lo up
ip route replace local 127.0.0.0/8 dev lo table local quickack 1
ip route replace local 127.0.0.1 dev lo table local quickack 1
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind "$1" /run/pcscd
shift
exec "$@"`

/** Starts the stand-in with two readers. */
export async function startStandInRig(): Promise<PcscRig> {
  const folder = mkdtempSync(join(tmpdir(), 'pcsc-rig-'))
  const socketPath = join(folder, 'pcscd.comm')
  const child = fork(rigMain, ['stand-in', socketPath, JSON.stringify(standInReaders)], { execArgv: [] })
  return rigOf({ kind: 'stand-in', child, socketPath, folder, readers: standInReaders })
}

/** Why the real pcscd with vpcd cannot be run here, or undefined when it can. */
export function whyNoRealPcscd(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root'
  const missing = ['/usr/sbin/pcscd', vpcdDriver].filter((path) => !existsSync(path))
  if (missing.length > 0) return `no ${missing.join(', ')}`
  const folder = mkdtempSync(join(tmpdir(), 'pcsc-probe-'))
  try {
    execFileSync('unshare', ['-n', '-m', 'sh', '-c', namespaceScript, 'sh', folder, 'true'], { stdio: 'ignore' })
    return undefined
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return 'no private network and mount namespaces'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Starts the real pcscd with vpcd's two readers, in namespaces of its own. */
export async function startRealRig(): Promise<PcscRig> {
  const folder = mkdtempSync(join(tmpdir(), 'pcsc-real-'))
  const run = join(folder, 'run')
  const config = join(folder, 'config')
  mkdirSync(run)
  mkdirSync(config)
  const channel = `0x${usualVpcdPort.toString(16).toUpperCase()}`
  const lines = [
    `FRIENDLYNAME "Virtual PCD"`,
    `DEVICENAME /dev/null:${channel}`,
    `LIBPATH ${vpcdDriver}`,
    `CHANNELID ${channel}`,
  ]
  writeFileSync(join(config, 'vpcd'), `${lines.join('\n')}\n`)
  const inside = [process.execPath, rigMain, 'real', '/run/pcscd/pcscd.comm', JSON.stringify(vpcdReaders), config]
  const child = spawn('unshare', ['-n', '-m', 'sh', '-c', namespaceScript, 'sh', run, ...inside], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return rigOf({ kind: 'real', child, socketPath: join(run, 'pcscd.comm'), folder, readers: vpcdReaders })
}

async function rigOf(rig: {
  kind: PcscRig['kind']
  child: ChildProcess
  socketPath: string
  folder: string
  readers: PcscRig['readers']
}): Promise<PcscRig> {
  const { child } = rig
  const socketPath = linkForThisProcess(rig.socketPath)
  const waiting = new Map<number, (result: unknown) => void>()
  const ready = new Promise((resolve) => waiting.set(0, resolve))
  child.on('message', ({ id, result }: { id: number; result: unknown }) => waiting.get(id)?.(result))
  const ended = once(child, 'exit')
  await Promise.race([
    ready,
    ended.then(([code]) => {
      throw new Error(`the rig ended with ${String(code)}`)
    }),
  ])
  let lastId = 0
  const ask = (verb: RigQuestion['verb'], ...args: readonly unknown[]): Promise<unknown> => {
    lastId += 1
    const id = lastId
    const answer = new Promise((resolve) => waiting.set(id, resolve))
    child.send({ id, verb, args } satisfies RigQuestion)
    return answer
  }
  return {
    kind: rig.kind,
    readers: rig.readers,
    socketPath,
    insert: (reader, card) => ask('insert', reader, card),
    remove: (reader) => ask('remove', reader),
    die: () => ask('die'),
    revive: () => ask('revive'),
    attach: (reader) => ask('attach', reader),
    detach: (reader) => ask('detach', reader),
    fault: (reader, fault) => ask('fault', reader, fault),
    flap: (reader, times) => ask('flap', reader, times),
    clients: async () => Number(await ask('clients')),
    async stop() {
      child.disconnect()
      await ended
      rmSync(socketPath, { force: true })
      rmSync(rig.folder, { recursive: true, force: true })
    },
  }
}

/** libpcsclite reads the socket's path once per process; so this process has one, a link to the rig that runs. */
function linkForThisProcess(target: string): string {
  const link = join(tmpdir(), `pcscd-of-${process.pid}.comm`)
  rmSync(link, { force: true })
  symlinkSync(target, link)
  return link
}
