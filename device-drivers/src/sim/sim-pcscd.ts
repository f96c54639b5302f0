import { rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { pcscdSizes, readerNameBytes, readerPlaces, readerTableBytes } from '../card/pcsc-wire.ts'
import { pcscResults } from '../card/pcsc-words.ts'
import type { SimCard } from './sim-card.ts'
import { SimPcscdClient, type SimPcscdRoom } from './sim-pcscd-client.ts'
import { SimReader, type SimReaderFault } from './sim-reader.ts'

/** The journal's memory: a drill's last hours, a few hundred kilobytes. */
const journalLength = 10_000

/** Handles as pcscd makes them: random and not zero; ours count up, so that two runs are alike. */
const firstHandle = 0x1000

/** Something that happened at the simulated card service. */
export interface SimPcscdEvent {
  at: number
  event: 'attached' | 'detached' | 'inserted' | 'removed' | 'connected' | 'apdu' | 'died' | 'revived'
  reader?: string
  /** Of an APDU, its bytes. */
  detail?: string
}

/** The simulated card service as a person would see it. */
export interface SimPcscdState {
  alive: boolean
  clients: number
  readers: { name: string; card: 'absent' | 'present' | 'mute'; eventCounter: number; fault: SimReaderFault }[]
  counters: { clients: number; connects: number; apdus: number; deaths: number }
}

/** A stand-in of pcscd on a Unix socket that speaks its client protocol, also to the system's own libpcsclite. */
export interface SimPcscd {
  readonly socketPath: string
  /** Plugs a reader in; false when there is one of that name, or no place or name for it. */
  attachReader(name: string): boolean
  /** Unplugs a reader; false when there is none. */
  detachReader(name: string): boolean
  /** Puts a card into a reader; false when the reader is not there or not empty. */
  insert(reader: string, card: SimCard): boolean
  /** Takes the card out, also in the middle of an exchange; false when there is none. */
  remove(reader: string): boolean
  /** Makes a reader fail until told otherwise; false when it is not there. */
  setFault(reader: string, fault: SimReaderFault): boolean
  /** A deaf daemon takes connections and answers nothing. */
  setDeaf(deaf: boolean): void
  /** Ends as a killed daemon does: every connection and the socket are gone, the readers stay plugged in. */
  die(): Promise<void>
  /** Starts again after `die`; events count from zero again. */
  revive(): Promise<void>
  state(): SimPcscdState
  journal(): readonly SimPcscdEvent[]
  /** Calls after every change of state; the answer ends it. */
  onChange(listener: () => void): () => void
  stop(): Promise<void>
}

/** Starts the stand-in; by default it speaks 4:4, and to that version only, as pcscd 1.9.9 does. */
export async function startSimPcscd(options: {
  socketPath: string
  version?: { minor: number; exact: boolean }
  now?: () => number
}): Promise<SimPcscd> {
  const daemon = new SimPcscdDaemon(
    options.socketPath,
    options.version ?? { minor: 4, exact: true },
    options.now ?? Date.now,
  )
  await daemon.listen()
  return daemon
}

class SimPcscdDaemon implements SimPcscd, SimPcscdRoom {
  readonly socketPath: string
  readonly version: { minor: number; exact: boolean }
  readonly #now: () => number
  readonly #places: (SimReader | undefined)[] = new Array(readerPlaces).fill(undefined)
  readonly #sockets = new Map<Socket, SimPcscdClient>()
  readonly #waiting = new Set<SimPcscdClient>()
  readonly #listeners = new Set<() => void>()
  readonly #counters = { clients: 0, connects: 0, apdus: 0, deaths: 0 }
  #journal: SimPcscdEvent[] = []
  #server: Server | undefined
  #deaf = false
  #lastHandle = firstHandle
  #readerEvents = 0

  constructor(socketPath: string, version: { minor: number; exact: boolean }, now: () => number) {
    this.socketPath = socketPath
    this.version = version
    this.#now = now
  }

  async listen(): Promise<void> {
    await rm(this.socketPath, { force: true })
    const server = createServer((socket) => this.#accept(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.socketPath, () => resolve())
    })
    this.#server = server
  }

  attachReader(name: string): boolean {
    const bytes = Buffer.byteLength(name)
    const place = this.#places.indexOf(undefined)
    if (place < 0 || bytes === 0 || bytes >= readerNameBytes || this.readers().has(name)) return false
    this.#places[place] = new SimReader(name)
    this.#readerEvents += 1
    this.#changed('attached', name)
    return true
  }

  detachReader(name: string): boolean {
    const place = this.#places.findIndex((reader) => reader?.name === name)
    if (place < 0) return false
    this.#places[place]?.unplug()
    this.#places[place] = undefined
    this.#readerEvents += 1
    this.#changed('detached', name)
    return true
  }

  insert(name: string, card: SimCard): boolean {
    const reader = this.readers().get(name)
    if (reader === undefined || reader.card !== 'absent') return false
    reader.insert(card)
    this.#changed('inserted', name)
    return true
  }

  remove(name: string): boolean {
    if (this.readers().get(name)?.remove() !== true) return false
    this.#changed('removed', name)
    return true
  }

  setFault(name: string, fault: SimReaderFault): boolean {
    const reader = this.readers().get(name)
    if (reader === undefined) return false
    reader.fault = fault
    this.#tellListeners()
    return true
  }

  setDeaf(deaf: boolean): void {
    this.#deaf = deaf
  }

  async die(): Promise<void> {
    if (this.#server === undefined) return
    this.#counters.deaths += 1
    await this.#close()
    this.#note('died')
    this.#tellListeners()
  }

  async revive(): Promise<void> {
    if (this.#server !== undefined) return
    for (const reader of this.readers().values()) reader.restart()
    await this.listen()
    this.#note('revived')
    this.#tellListeners()
  }

  state(): SimPcscdState {
    return {
      alive: this.#server !== undefined,
      clients: this.#sockets.size,
      readers: [...this.readers().values()].map(({ name, card, eventCounter, fault }) => ({
        name,
        card,
        eventCounter,
        fault,
      })),
      counters: { ...this.#counters },
    }
  }

  journal(): readonly SimPcscdEvent[] {
    return this.#journal
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async stop(): Promise<void> {
    await this.#close()
  }

  readers(): ReadonlyMap<string, SimReader> {
    return new Map(this.#places.filter((reader) => reader !== undefined).map((reader) => [reader.name, reader]))
  }

  readerEvents(): number {
    return this.#readerEvents
  }

  table(): Buffer {
    const table = Buffer.alloc(readerTableBytes)
    for (const [place, reader] of this.#places.entries()) reader?.encode().copy(table, place * pcscdSizes.readerState)
    return table
  }

  wait(client: SimPcscdClient): void {
    this.#waiting.add(client)
  }

  stopWaiting(client: SimPcscdClient): boolean {
    return this.#waiting.delete(client)
  }

  clientOfContext(context: number): SimPcscdClient | undefined {
    return [...this.#sockets.values()].find((client) => client.context === context)
  }

  newHandle(): number {
    this.#lastHandle += 1
    return this.#lastHandle
  }

  note(event: 'connected' | 'apdu', reader: string, detail?: string): void {
    this.#counters[event === 'apdu' ? 'apdus' : 'connects'] += 1
    this.#note(event, reader, detail)
  }

  #accept(socket: Socket): void {
    this.#counters.clients += 1
    const client = new SimPcscdClient(socket, this)
    this.#sockets.set(socket, client)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#waiting.delete(client)
    })
    if (!this.#deaf) void client.serve()
  }

  #changed(event: SimPcscdEvent['event'], reader: string): void {
    this.#note(event, reader)
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const client of waiting) client.wake(pcscResults.success)
    this.#tellListeners()
  }

  #note(event: SimPcscdEvent['event'], reader?: string, detail?: string): void {
    if (this.#journal.length >= journalLength * 2) this.#journal = this.#journal.slice(-journalLength)
    this.#journal.push({
      at: this.#now(),
      event,
      ...(reader === undefined ? {} : { reader }),
      ...(detail === undefined ? {} : { detail }),
    })
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener()
  }

  async #close(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets.keys()) socket.destroy()
    await closed
    await rm(this.socketPath, { force: true })
  }
}
