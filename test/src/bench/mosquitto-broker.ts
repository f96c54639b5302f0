import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A broker of its own in a process. */
export interface Broker {
  url: string
  pid: number
  stop(): Promise<void>
}

/** Debian installs it where only the administrator's path looks. */
const places = ['mosquitto', '/usr/sbin/mosquitto']
const startTries = 200

/** Where mosquitto is, or what to install. */
export function findMosquitto(): { ok: true; binary: string } | { ok: false; reason: string } {
  const binary = places.find((place) => spawnSync(place, ['-h'], { stdio: 'ignore' }).error === undefined)
  if (binary !== undefined) return { ok: true, binary }
  return { ok: false, reason: 'mosquitto is not installed (Debian: apt-get install mosquitto)' }
}

/**
 * Starts mosquitto with persistence as Debian has it: what it holds is written when it ends and every half an hour. No queue limit,
 * so that nothing is dropped, and as many messages on their way as the publisher has.
 */
export async function startMosquitto(binary: string, folder: string): Promise<Broker> {
  const [port, store] = [await freePort(), join(folder, 'mosquitto')]
  mkdirSync(store)
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'persistence true',
    `persistence_location ${store}/`,
    'max_queued_messages 0',
    'max_inflight_messages 500',
    'set_tcp_nodelay true',
  ]
  const file = join(store, 'mosquitto.conf')
  writeFileSync(file, `${settings.join('\n')}\n`)
  const child = spawn(binary, ['-c', file], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await untilListening(child, port)
  return {
    url: `mqtt://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < startTries && child.exitCode === null; tries += 1) {
    if (await canConnect(port)) return
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error('mosquitto did not start')
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}
