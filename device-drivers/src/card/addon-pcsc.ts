import { setTimeout as sleep } from 'node:timers/promises'
import { backOffMs } from '../device/restart-plan.ts'
import { AddonContext, readReadersAnew } from './addon-context.ts'
import type { NativeReader, PcscAddon } from './addon-module.ts'
import {
  type CardSession,
  PcscFault,
  type PcscTransport,
  type ReaderState,
  type ReaderWatcher,
} from './pcsc-transport.ts'
import { cardUse, checkedAnswer, maxAnswerBytes } from './pcsc-words.ts'

/** The service answers in milliseconds, but right after its own start it waits for its readers first, seconds on a slow hub. */
const servicePatienceMs = 5000

/** A service that is back should serve the person before the reader: within 3 s, of which the tries may take one. */
const longestReconnectMs = 1000

/**
 * The card service by the native package `pcsclite`, for a process of its own: a call that hangs holds a thread of the pool
 * and can be cured only by killing the process. After a `timeout` fault of `connect` or `transmit` the owner should do that
 * at once, by SIGKILL (`process.exit` waits for the thread); nothing here does it. A service that ended and came back is
 * found again with a new context; the package itself never does that. libpcsclite 1.9.9 writes past the end of a list of readers that
 * grows while it is copied: where readers flap the process may die of it, and its supervisor starts another.
 */
export class AddonPcsc implements PcscTransport {
  readonly backend = 'pcsclite'
  readonly #addon: PcscAddon
  #current: AddonContext | undefined

  constructor(addon: PcscAddon) {
    this.#addon = addon
  }

  watch(watcher: ReaderWatcher): { stop(): Promise<void> } {
    const closing = new AbortController()
    const life = this.#watchForEver(watcher, closing.signal)
    return {
      async stop() {
        closing.abort()
        await life
      },
    }
  }

  audit(): Promise<readonly ReaderState[]> {
    return readReadersAnew(this.#addon, servicePatienceMs)
  }

  async connect(readerName: string, limits: { timeoutMs: number }): Promise<CardSession> {
    const context = this.#useContext()
    const connecting = connectCard(context, readerName, limits.timeoutMs)
    try {
      return await withDeadline(connecting, limits.timeoutMs)
    } catch (error) {
      // A card that is connected too late is let go of; the context stays in use until then.
      void connecting.then(
        (session) => session.close(),
        () => context.release(),
      )
      throw error
    }
  }

  /** The context that is open, or a new one, used until released. Throws a PcscFault. */
  #useContext(): AddonContext {
    if (this.#current === undefined || this.#current.isOver) this.#current = new AddonContext(this.#addon)
    this.#current.use()
    return this.#current
  }

  async #watchForEver(watcher: ReaderWatcher, signal: AbortSignal): Promise<void> {
    let isUp = true
    for (let failures = 0; !signal.aborted; failures += 1) {
      const tell = (readers: readonly ReaderState[]) => {
        failures = 0
        isUp = true
        watcher.onReaders(readers)
      }
      const fault = await this.#watchOnce(tell, signal)
      if (signal.aborted) return
      // The service is well, only the package has lost a reader: a new context sees it.
      if (fault.reason === 'reader-lost') continue
      if (isUp) watcher.onDown(fault)
      isUp = false
      await sleep(backOffMs(failures, Math.random(), longestReconnectMs), undefined, { signal }).catch(() => undefined)
    }
  }

  /** Watches by one context until it is over; answers why it is. */
  async #watchOnce(tell: (readers: readonly ReaderState[]) => void, signal: AbortSignal): Promise<PcscFault> {
    let unlisten: () => void = () => undefined
    let ended: () => void = () => undefined
    try {
      const context = this.#useContext()
      const fault = await new Promise<PcscFault>((resolve) => {
        const stopped = () => resolve(new PcscFault('daemon-down', 'the watch was stopped'))
        signal.addEventListener('abort', stopped, { once: true })
        unlisten = context.listen({ onReaders: tell, onOver: resolve })
        ended = () => signal.removeEventListener('abort', stopped)
      })
      ended()
      unlisten()
      context.release()
      return fault
    } catch (error) {
      if (error instanceof PcscFault) return error
      throw error
    }
  }
}

async function connectCard(context: AddonContext, readerName: string, timeoutMs: number): Promise<AddonSession> {
  // Half of the time: the other half is for the card.
  await context.readers(timeoutMs / 2)
  const reader = context.take(readerName)
  try {
    const options = { share_mode: cardUse.shareShared, protocol: cardUse.protocolAny }
    const protocol = await context.call<number>((done) => reader.native.connect(options, done))
    return new AddonSession(context, reader, protocol)
  } catch (error) {
    reader.release()
    throw error
  }
}

class AddonSession implements CardSession {
  readonly atr: Uint8Array
  readonly protocol: 'T=0' | 'T=1'
  readonly #context: AddonContext
  readonly #native: NativeReader
  readonly #protocolNumber: number
  readonly #releaseReader: () => void
  #turn: Promise<unknown> = Promise.resolve()
  #fault: PcscFault | undefined
  #isClosed = false

  constructor(context: AddonContext, reader: ReturnType<AddonContext['take']>, protocol: number) {
    this.#context = context
    this.#native = reader.native
    this.#releaseReader = reader.release
    this.#protocolNumber = protocol
    this.atr = reader.atr()
    this.protocol = protocol === cardUse.protocolT1 ? 'T=1' : 'T=0'
  }

  transmit(apdu: Uint8Array, limits: { timeoutMs: number }): Promise<Uint8Array> {
    const answer = this.#turn.then(() => this.#exchange(Buffer.from(apdu), limits.timeoutMs))
    this.#turn = answer.catch(() => undefined)
    return answer
  }

  async close(): Promise<void> {
    await this.#turn
    if (this.#isClosed) return
    this.#isClosed = true
    this.#fault ??= new PcscFault('card-removed', 'the card session was closed')
    // Behind a hung exchange the goodbye would hang too; whoever closes is not made to wait for it.
    const goodbye = this.#sayGoodbye()
    if (this.#fault.reason !== 'timeout') await goodbye
  }

  async #sayGoodbye(): Promise<void> {
    try {
      await this.#context.call((done) => this.#native.disconnect(cardUse.unpower, done))
    } catch (error) {
      if (!(error instanceof PcscFault)) throw error
      // The package would go on calling this reader connected, and hand out the dead card at the next connect.
      this.#native.connected = false
    }
    this.#releaseReader()
    this.#context.release()
  }

  async #exchange(apdu: Buffer, timeoutMs: number): Promise<Uint8Array> {
    if (this.#fault !== undefined) throw this.#fault
    const answer = this.#context.call<Buffer>((done) =>
      this.#native.transmit(apdu, maxAnswerBytes, this.#protocolNumber, done),
    )
    try {
      return checkedAnswer(Uint8Array.from(await withDeadline(answer, timeoutMs)))
    } catch (error) {
      if (error instanceof PcscFault) this.#fault = error
      throw error
    }
  }
}

/** Ends the waiting, not what is waited for: native code cannot be broken off. */
async function withDeadline<Result>(result: Promise<Result>, timeoutMs: number): Promise<Result> {
  let deadline: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    deadline = setTimeout(() => reject(new PcscFault('timeout', `no answer in ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([result, late])
  } finally {
    clearTimeout(deadline)
  }
}
