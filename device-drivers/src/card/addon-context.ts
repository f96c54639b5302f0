import { leaveNative, type NativeContext, type NativeReader, type PcscAddon } from './addon-module.ts'
import { PcscFault, type ReaderState } from './pcsc-transport.ts'
import { faultOfResult, pcscResults } from './pcsc-words.ts'

/** The bits of a reader's state as the PC/SC call reports them (pcsclite.h, SCARD_STATE_…); above them stands the event counter. */
const stateBits = { unknown: 0x04, unavailable: 0x08, present: 0x20, mute: 0x200, eventsFrom: 0x10000 } as const

/** Readers that come and go within milliseconds confuse the package; by now the service has told of all that it will. */
const recountAfterMs = 200

/**
 * While libpcsclite works on an event it cannot be cancelled; the package, closed then, waits for its own thread for ever, and
 * the process with it. That takes a millisecond, but 0.41 s when any reader holds a card that gives no answer to reset (1.9.9,
 * winscard_clnt.c). So nothing is closed before it has been quiet for this long.
 */
const restlessMs = { usually: 100, withMuteCard: 1000 } as const

/** Who wants to hear of a context's readers. */
export interface ContextListener {
  onReaders: (readers: readonly ReaderState[]) => void
  /** The context is over; another has to be opened. */
  onOver: (fault: PcscFault) => void
}

interface KnownReader {
  native: NativeReader
  close: () => void
  state: ReaderState | undefined
  inUse: boolean
}

/** One connection of the native package to the card service, until the service ends or nobody uses it any more. */
export class AddonContext {
  readonly #addon: PcscAddon
  readonly #native: NativeContext
  readonly #readers = new Map<string, KnownReader>()
  /** All whose threads run, also of readers that came back under the same name. */
  readonly #natives = new Set<KnownReader>()
  readonly #listeners = new Set<ContextListener>()
  #users = 0
  #pendingCalls = 0
  #listed = false
  #over: PcscFault | undefined
  #closed = false
  #recount: NodeJS.Timeout | undefined
  #closing: NodeJS.Timeout | undefined
  #lastNewsAt = performance.now()

  /** Throws a PcscFault when the service is down. */
  constructor(addon: PcscAddon) {
    this.#addon = addon
    this.#native = openNative(addon)
    this.#native.on('reader', (reader: NativeReader) => this.#meet(reader))
    this.#native.on(
      'error',
      leaveNative((error: Error) => this.#fail(error)),
    )
    this.#tellWhenListed()
  }

  get isOver(): boolean {
    return this.#over !== undefined || this.#closed
  }

  /**
   * All readers, once each has told its state. Throws a PcscFault when the service ends first, and when a reader tells nothing
   * for too long: no call hangs then, but the package has lost sight of it, and this context is over.
   */
  readers(timeoutMs: number): Promise<readonly ReaderState[]> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(deadline)
        this.#listeners.delete(listener)
        settle()
      }
      const listener = {
        onReaders: (readers: readonly ReaderState[]) => end(() => resolve(readers)),
        onOver: (fault: PcscFault) => end(() => reject(fault)),
      }
      const late = new PcscFault('reader-lost', `the readers were not told in ${timeoutMs} ms`)
      const deadline = setTimeout(() => this.#end(late), timeoutMs)
      this.listen(listener)
    })
  }

  /** Tells the readers at once, if they are known, and at every change. */
  listen(listener: ContextListener): () => void {
    this.#listeners.add(listener)
    if (this.#over !== undefined) listener.onOver(this.#over)
    else if (this.#isKnown()) listener.onReaders(this.#states())
    return () => this.#listeners.delete(listener)
  }

  /** Takes a reader for one card session. Throws a PcscFault when it is not there or taken. */
  take(name: string): { native: NativeReader; atr: () => Uint8Array; release: () => void } {
    const reader = this.#readers.get(name)
    if (reader === undefined) throw new PcscFault('reader-lost', 'no such reader')
    if (reader.inUse) throw new PcscFault('card-shared', 'a session of ours is open on this reader')
    reader.inUse = true
    return {
      native: reader.native,
      atr: () => reader.state?.atr ?? new Uint8Array(),
      release: () => {
        reader.inUse = false
      },
    }
  }

  /** Runs a native call. It may outlive whoever waits for it: until it ends, nothing of this context can be closed. */
  call<Result>(start: (callback: (error: Error | null | undefined, result: Result) => void) => void): Promise<Result> {
    this.#pendingCalls += 1
    return new Promise((resolve, reject) => {
      const end = leaveNative((error: Error | null | undefined, result: Result) => {
        this.#pendingCalls -= 1
        if (error) reject(faultOfNative(error))
        else resolve(result)
        this.#closeIfUnused()
      })
      start(end)
    })
  }

  use(): void {
    this.#users += 1
  }

  release(): void {
    this.#users -= 1
    this.#closeIfUnused()
  }

  /** The package calls `start` by itself on the next tick; only from inside it can be seen that a list was empty. */
  #tellWhenListed(): void {
    const native = this.#native
    const start = native.start.bind(native)
    const listed = leaveNative((error: Error | null | undefined) => {
      if (error) return
      this.#listed = true
      this.#tell()
      this.#recountSoon()
    })
    native.start = (callback) =>
      start((error, names) => {
        callback(error, names)
        listed(error)
      })
  }

  /** Called from native code; listening begins at once, since the reader's first word may come before the next turn. */
  #meet(native: NativeReader): void {
    const reader: KnownReader = { native, close: native.close.bind(native), state: undefined, inUse: false }
    this.#natives.add(reader)
    // A list that changed while it was copied may name a reader that is none.
    if (native.name !== '') this.#readers.set(native.name, reader)
    // The package closes a reader that was unplugged, at whatever moment; its thread ends by itself without that.
    native.close = () => undefined
    native.on(
      'status',
      leaveNative((status: { state: number; atr?: Buffer }) => {
        // The last word of a reader that is gone; its end follows.
        if ((status.state & (stateBits.unknown | stateBits.unavailable)) !== 0) return
        reader.state = readerState(native.name, status)
        this.#tell()
      }),
    )
    native.on(
      'error',
      leaveNative((error: Error) => this.#fail(error)),
    )
    native.on(
      'end',
      leaveNative(() => {
        this.#natives.delete(reader)
        if (this.#readers.get(native.name) === reader) this.#readers.delete(native.name)
        this.#tell()
        this.#recountSoon()
      }),
    )
  }

  #isKnown(): boolean {
    return this.#listed && [...this.#readers.values()].every(({ state }) => state !== undefined)
  }

  #states(): ReaderState[] {
    return [...this.#readers.values()].flatMap(({ state }) => (state === undefined ? [] : [state]))
  }

  #tell(): void {
    this.#lastNewsAt = performance.now()
    if (this.isOver || !this.#isKnown()) return
    const states = this.#states()
    for (const listener of [...this.#listeners]) listener.onReaders(states)
  }

  /**
   * After each change of the list, counts anew with a second context. The package misses a reader that was away for a moment
   * only, and two changes at once may empty its list (its thread and its callback share one buffer): either ends this context.
   */
  #recountSoon(): void {
    clearTimeout(this.#recount)
    // Nobody looks through a context that only waits to be closed, such as that of the last count.
    if (this.isOver || this.#users === 0) return
    this.#recount = setTimeout(() => void this.#recountNow(), recountAfterMs)
  }

  async #recountNow(): Promise<void> {
    try {
      const names = (await readReadersAnew(this.#addon, recountAfterMs * 10)).map(({ name }) => name)
      const isTrue =
        this.#isKnown() && names.length === this.#readers.size && names.every((name) => this.#readers.has(name))
      if (!isTrue) this.#end(new PcscFault('reader-lost', 'the package lost sight of a reader'))
    } catch (error) {
      if (!(error instanceof PcscFault)) throw error
      this.#end(error)
    }
  }

  #fail(error: Error): void {
    // Our own closing wakes the package's threads with this error.
    if (resultOf(error) === pcscResults.cancelled) return
    this.#end(new PcscFault('daemon-down', error.message))
  }

  #end(fault: PcscFault): void {
    if (this.isOver) return
    this.#over = fault
    clearTimeout(this.#recount)
    for (const listener of [...this.#listeners]) listener.onOver(fault)
    this.#closeIfUnused()
  }

  /** Closing waits inside native code for a running call to end, and the whole process with it; so never during one. */
  #closeIfUnused(): void {
    clearTimeout(this.#closing)
    if (this.#users > 0 || this.#pendingCalls > 0 || this.#closed) return
    clearTimeout(this.#recount)
    const waitMs = this.#restlessForMs()
    if (waitMs > 0) this.#closing = setTimeout(() => this.#closeIfUnused(), waitMs)
    else this.#close()
  }

  #restlessForMs(): number {
    const isAnyMute = this.#states().some(({ card }) => card === 'mute')
    const quietMs = isAnyMute ? restlessMs.withMuteCard : restlessMs.usually
    return this.#lastNewsAt + quietMs - performance.now()
  }

  #close(): void {
    this.#closed = true
    clearTimeout(this.#recount)
    // Each reader before its context: the other way round the package keeps the process alive for ever.
    for (const reader of this.#natives) reader.close()
    this.#native.close()
    this.#readers.clear()
    setImmediate(() => this.#addon.collect())
  }
}

/** Asks the service for all readers by a context of its own. Throws a PcscFault. */
export async function readReadersAnew(addon: PcscAddon, timeoutMs: number): Promise<readonly ReaderState[]> {
  const context = new AddonContext(addon)
  context.use()
  try {
    return await context.readers(timeoutMs)
  } finally {
    context.release()
  }
}

function openNative(addon: PcscAddon): NativeContext {
  try {
    return addon.openContext()
  } catch (error) {
    if (error instanceof Error) throw new PcscFault('daemon-down', error.message)
    throw error
  }
}

function readerState(name: string, { state, atr }: { state: number; atr?: Buffer }): ReaderState {
  const isPresent = (state & stateBits.present) !== 0
  const answered = isPresent && (state & stateBits.mute) === 0 && atr !== undefined && atr.length > 0
  return {
    name,
    card: answered ? 'present' : isPresent ? 'mute' : 'absent',
    atr: answered ? Uint8Array.from(atr) : new Uint8Array(),
    eventCounter: Math.floor(state / stateBits.eventsFrom),
  }
}

/** The package tells a result only in words, such as `SCardConnect error: … (0x80100066)`. */
function resultOf(error: Error): number | undefined {
  const hex = /\(0x([\da-f]{8,16})\)\s*$/.exec(error.message)?.[1]
  return hex === undefined ? undefined : Number.parseInt(hex.slice(-8), 16)
}

function faultOfNative(error: Error): PcscFault {
  const result = resultOf(error)
  return result === undefined ? new PcscFault('card-removed', error.message) : faultOfResult(result, 'the call')
}
