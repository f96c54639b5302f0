import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { echoCard } from '../sim/echo-card.ts'
import type { SimPcscd } from '../sim/sim-pcscd.ts'
import { startSimPcscd } from '../sim/sim-pcscd.ts'
import type { SimReaderFault } from '../sim/sim-reader.ts'
import { insertSimVcard, type SimVcard, usualVpcdPort } from '../sim/sim-vcard.ts'
import type { RigCard, RigQuestion } from './pcsc-rig.ts'

/** How often a daemon that was started is looked for. */
const lookMs = 10

/** What a test can do to a card service, the same for the real one and the stand-in. */
interface RigVerbs {
  insert(reader: string, card: RigCard): Promise<unknown> | unknown
  remove(reader: string): Promise<unknown> | unknown
  die(): Promise<unknown>
  revive(): Promise<unknown>
  attach(reader: string): unknown
  detach(reader: string): unknown
  fault(reader: string, fault: SimReaderFault): unknown
  flap(reader: string, times: number): Promise<unknown>
  clients(): unknown
  stop(): Promise<unknown>
}

async function standIn(socketPath: string, readers: readonly string[]): Promise<RigVerbs> {
  const sim: SimPcscd = await startSimPcscd({ socketPath })
  for (const reader of readers) sim.attachReader(reader)
  return {
    insert: (reader, card) => sim.insert(reader, echoCard(card)),
    remove: (reader) => sim.remove(reader),
    die: () => sim.die(),
    revive: () => sim.revive(),
    attach: (reader) => sim.attachReader(reader),
    detach: (reader) => sim.detachReader(reader),
    fault: (reader, fault) => sim.setFault(reader, fault),
    async flap(reader, times) {
      for (let flap = 0; flap < times; flap += 1) {
        sim.detachReader(reader)
        await sleep(1)
        sim.attachReader(reader)
        await sleep(1)
      }
    },
    clients: () => sim.state().clients,
    stop: () => sim.stop(),
  }
}

/** The real pcscd with vpcd, in the namespaces that this process was started in; the two readers are vpcd's two slots. */
async function realPcscd(socketPath: string, readers: readonly string[], configFolder: string): Promise<RigVerbs> {
  let daemon: ChildProcess | undefined
  const cards = new Map<string, SimVcard>()
  const start = async () => {
    rmSync(socketPath, { force: true })
    daemon = spawn('/usr/sbin/pcscd', ['--foreground', '--config', configFolder], { stdio: 'ignore' })
    while (!(await isListening(socketPath))) {
      if (daemon.exitCode !== null) throw new Error(`pcscd ended with ${daemon.exitCode}`)
      await sleep(lookMs)
    }
  }
  const kill = async (signal: NodeJS.Signals) => {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return
    const ended = once(daemon, 'exit')
    daemon.kill(signal)
    await ended
  }
  const notHere = () => ({ refusal: 'not with the real daemon' })
  await start()
  return {
    async insert(reader, card) {
      const port = usualVpcdPort + readers.indexOf(reader)
      const vcard = insertSimVcard({ host: '127.0.0.1', port, card: echoCard(card) })
      cards.set(reader, vcard)
      await vcard.inserted
    },
    async remove(reader) {
      await cards.get(reader)?.remove()
      cards.delete(reader)
    },
    die: () => kill('SIGKILL'),
    revive: start,
    attach: notHere,
    detach: notHere,
    fault: notHere,
    flap: () => Promise.resolve(notHere()),
    clients: () => (daemon?.pid === undefined ? 0 : readdirSync(`/proc/${daemon.pid}/fd`).length),
    async stop() {
      for (const card of cards.values()) await card.remove()
      await kill('SIGTERM')
    },
  }
}

/** Whether somebody listens there. The file alone does not say so: it is there from the bind on, and refuses until the listen. */
function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** The rig as a process: what it is comes by its arguments, what to do by messages. */
async function runRig([
  kind = '',
  socketPath = '',
  readers = '[]',
  configFolder = '',
]: readonly string[]): Promise<void> {
  const names = JSON.parse(readers) as string[]
  const verbs = await (kind === 'real' ? realPcscd(socketPath, names, configFolder) : standIn(socketPath, names))
  const run = async ({ id, verb, args }: RigQuestion) => {
    const act = verbs[verb] as (...args: readonly unknown[]) => unknown
    const result = await act(...args)
    process.send?.({ id, result })
  }
  process.on('message', (question: RigQuestion) => void run(question))
  process.on('disconnect', () => void verbs.stop().then(() => process.exit(0)))
  process.send?.({ id: 0, result: 'ready' })
}

await runRig(process.argv.slice(2))
