import { createServer, type Server, type Socket } from 'node:net'
import { wholeArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import { SimJournal } from './sim-journal.ts'
import { SimWire } from './sim-wire.ts'

/** What a simulated UPS is in. */
export interface SimUpsState {
  mains: boolean
  chargePercent: number
  runtimeS: number
  batteryWorn: boolean
  /** The server's driver hears nothing from the UPS any more. */
  stale: boolean
}

/** A simulated UPS behind a NUT server (RFC 9271) on a TCP port of the loopback. */
export interface SimUps {
  readonly port: number
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  setMains(on: boolean): void
  /** Charge in per cent; at a fifth and below the UPS calls its battery low. */
  setCharge(percent: number): void
  setWorn(worn: boolean): void
  setStale(stale: boolean): void
  state(): SimUpsState & ReturnType<SimWire['faults']>
  journal(): readonly object[]
  stop(): Promise<void>
}

/** What small office models come with: low at a fifth of the charge, a quarter of an hour when full. */
const lowAtPercent = 20
const fullRuntimeS = 900

const maxLineBytes = 1024

interface SimUpsEvent {
  event: 'mains' | 'charge' | 'asked'
  detail: string
}

/** Starts the server; `port` 0 picks one, `upsName` is the only UPS that it knows. */
export async function startSimUps(options: {
  port: number
  upsName: string
  now: () => number
  onChange?: () => void
}): Promise<SimUps> {
  const ups = new NutServer(options.upsName, options.now, options.onChange ?? (() => undefined))
  await ups.listen(options.port)
  return ups
}

class NutServer implements SimUps {
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  readonly #upsName: string
  readonly #changed: () => void
  readonly #journal: SimJournal<SimUpsEvent>
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0
  #asker: Socket | undefined
  #state: SimUpsState = { mains: true, chargePercent: 100, runtimeS: fullRuntimeS, batteryWorn: false, stale: false }

  constructor(upsName: string, now: () => number, changed: () => void) {
    this.#upsName = upsName
    this.#changed = changed
    this.#journal = new SimJournal(now)
    this.wire = new SimWire(
      {
        write: (bytes) => this.#asker?.write(bytes),
        unplug: () => this.#close(),
        plugIn: () => this.listen(this.#port),
      },
      changed,
    )
    this.verbs = { ...this.wire.verbs, ...this.#ownVerbs() }
  }

  get port(): number {
    return this.#port
  }

  async listen(port: number): Promise<void> {
    const server = createServer((socket) => this.#serve(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    this.#server = server
    this.#port = address.port
  }

  setMains(on: boolean): void {
    this.#journal.note({ event: 'mains', detail: on ? 'on' : 'off' })
    this.#set({ mains: on })
  }

  setCharge(percent: number): void {
    this.#journal.note({ event: 'charge', detail: String(percent) })
    this.#set({ chargePercent: percent, runtimeS: Math.round((fullRuntimeS * percent) / 100) })
  }

  setWorn(worn: boolean): void {
    this.#set({ batteryWorn: worn })
  }

  setStale(stale: boolean): void {
    this.#set({ stale })
  }

  state(): SimUpsState & ReturnType<SimWire['faults']> {
    return { ...this.#state, ...this.wire.faults() }
  }

  journal(): readonly object[] {
    return this.#journal.entries()
  }

  async stop(): Promise<void> {
    await this.#close()
  }

  #set(change: Partial<SimUpsState>): void {
    this.#state = { ...this.#state, ...change }
    this.#changed()
  }

  #ownVerbs(): ControlVerbs {
    return {
      'mains-off': () => this.setMains(false),
      'mains-on': () => this.setMains(true),
      drain: (args) => this.#charge(wholeArg(args, 'percent', { least: 0, most: 100, otherwise: lowAtPercent / 2 })),
      charge: (args) => this.#charge(wholeArg(args, 'percent', { least: 0, most: 100, otherwise: 100 })),
      'wear-battery': () => this.setWorn(true),
      'renew-battery': () => this.setWorn(false),
      stale: () => this.setStale(true),
      fresh: () => this.setStale(false),
    }
  }

  #charge(percent: number | undefined): unknown {
    if (percent === undefined) return { refusal: 'percent-invalid' }
    this.setCharge(percent)
    return undefined
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    let pending = ''
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      const lines = (pending + text).split('\n')
      pending = (lines.pop() ?? '').slice(-maxLineBytes)
      for (const line of lines) this.#answer(socket, line.trim())
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
  }

  #answer(socket: Socket, line: string): void {
    if (!this.wire.powered) return
    this.#journal.note({ event: 'asked', detail: line })
    this.#asker = socket
    this.wire.send(Buffer.from(`${this.#linesFor(line.split(/ +/)).join('\n')}\n`))
    if (/^LOGOUT/.test(line)) socket.end()
  }

  #linesFor([verb = '', noun = '', upsName = '', name = '']: string[]): string[] {
    if (verb === 'VER') return ['Network UPS Tools upsd 2.8.0, simulated by Yizhan']
    if (verb === 'NETVER') return ['1.3']
    if (verb === 'LOGOUT') return ['OK Goodbye']
    if (verb === 'LIST' && noun === 'UPS') return ['BEGIN LIST UPS', `UPS ${this.#upsName} "simulated"`, 'END LIST UPS']
    if (!['GET', 'LIST'].includes(verb) || noun !== 'VAR') return ['ERR UNKNOWN-COMMAND']
    if (upsName !== this.#upsName) return ['ERR UNKNOWN-UPS']
    if (this.#state.stale) return ['ERR DATA-STALE']
    const values = this.#variables()
    if (verb === 'LIST')
      return [`BEGIN LIST VAR ${upsName}`, ...values.map((its) => this.#line(its)), `END LIST VAR ${upsName}`]
    const asked = values.find(([known]) => known === name)
    return [asked === undefined ? 'ERR VAR-NOT-SUPPORTED' : this.#line(asked)]
  }

  #line([name, value]: readonly [string, string]): string {
    return `VAR ${this.#upsName} ${name} "${value}"`
  }

  #variables(): (readonly [string, string])[] {
    const { mains, chargePercent, runtimeS, batteryWorn } = this.#state
    const words = [
      mains ? 'OL' : 'OB',
      ...(chargePercent <= lowAtPercent ? ['LB'] : []),
      ...(batteryWorn ? ['RB'] : []),
    ]
    return [
      ['battery.charge', String(chargePercent)],
      ['battery.runtime', String(runtimeS)],
      ['ups.status', words.join(' ')],
    ]
  }

  async #close(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
