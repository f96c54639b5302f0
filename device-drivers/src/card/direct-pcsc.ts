import { setTimeout as sleep } from 'node:timers/promises'
import { backOffMs } from '../device/restart-plan.ts'
import {
  type CardSession,
  PcscFault,
  type PcscTransport,
  type ReaderState,
  type ReaderWatcher,
} from './pcsc-transport.ts'
import {
  decodeReaderTable,
  encodeReaderName,
  encodeWords,
  pcscdCommands,
  pcscdSizes,
  readerTableBytes,
  wordAt,
} from './pcsc-wire.ts'
import { cardUse, checkedAnswer, faultOfResult, maxAnswerBytes, pcscResults } from './pcsc-words.ts'
import { PcscdSocket } from './pcscd-socket.ts'

/** Where pcscd listens unless it was built otherwise (pcsc-lite, PCSCLITE_CSOCK_NAME). */
export const usualPcscdSocket = '/run/pcscd/pcscd.comm'

/** pcscd answers in well under a millisecond, but right after its own start it waits for its readers first, seconds on a slow hub. */
const daemonPatienceMs = 5000

/** A daemon that is back should serve the person before the reader: within 3 s, of which the tries may take one. */
const longestReconnectMs = 1000

/** Letting a card go is a courtesy to it: past this its connection is simply closed, which lets go of it too. */
const disconnectPatienceMs = 500

/** The size of the protocol information that goes with an APDU on 64-bit Linux (SCARD_IO_REQUEST). */
const protocolInfoBytes = 16

/**
 * The card service spoken to directly, over pcscd's own socket, without any native code. Each watch, audit and card has a
 * connection of its own: a hung exchange blocks nothing else and is cut at its deadline by closing that connection.
 */
export class DirectPcsc implements PcscTransport {
  readonly backend = 'direct'
  readonly #path: string

  constructor(options: { socketPath?: string } = {}) {
    this.#path = options.socketPath ?? usualPcscdSocket
  }

  watch(watcher: ReaderWatcher): { stop(): Promise<void> } {
    const closing = new AbortController()
    const life = watchForEver(this.#path, watcher, closing.signal)
    return {
      async stop() {
        closing.abort()
        await life
      },
    }
  }

  async audit(): Promise<readonly ReaderState[]> {
    const link = await PcscdSocket.open(this.#path, { timeoutMs: daemonPatienceMs })
    try {
      const table = await link.within(daemonPatienceMs, () => {
        link.send(pcscdCommands.getReadersState, new Uint8Array())
        return link.read(readerTableBytes)
      })
      return decodeReaderTable(table)
    } finally {
      link.end(new PcscFault('daemon-down', 'the audit is over'))
    }
  }

  async connect(readerName: string, limits: { timeoutMs: number }): Promise<CardSession> {
    const name = encodeReaderName(readerName)
    const until = performance.now() + limits.timeoutMs
    const left = () => Math.max(1, until - performance.now())
    const link = await PcscdSocket.open(this.#path, limits)
    try {
      const context = await establishContext(link, left())
      const card = await connectCard(link, { context, name }, left())
      const atr = await readAtr(link, readerName, left())
      return new DirectSession(link, { ...card, atr })
    } catch (error) {
      link.end(new PcscFault('card-removed', 'the connection was given up'))
      throw error
    }
  }
}

/** Keeps one watch alive until the signal; a daemon that is down is tried again with back-off. */
async function watchForEver(path: string, watcher: ReaderWatcher, signal: AbortSignal): Promise<void> {
  let isUp = true
  for (let failures = 0; !signal.aborted; failures += 1) {
    const told = (readers: readonly ReaderState[]) => {
      failures = 0
      isUp = true
      watcher.onReaders(readers)
    }
    const fault = await watchOnce(path, told, signal)
    if (signal.aborted) return
    // Told once: a daemon that stays away is no news.
    if (isUp) watcher.onDown(fault)
    isUp = false
    await sleep(backOffMs(failures, Math.random(), longestReconnectMs), undefined, { signal }).catch(() => undefined)
  }
}

/** Watches over one connection until it ends; answers why it did. */
async function watchOnce(
  path: string,
  tell: (readers: readonly ReaderState[]) => void,
  signal: AbortSignal,
): Promise<PcscFault> {
  let link: PcscdSocket | undefined
  const stop = () => link?.end(new PcscFault('daemon-down', 'the watch was stopped'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    const opened = await PcscdSocket.open(path, { timeoutMs: daemonPatienceMs, signal })
    link = opened
    let last = ''
    while (!signal.aborted) {
      // The table comes at once, with all that happened since; then, at the next change, the wake.
      const readers = await opened.within(daemonPatienceMs, () => {
        opened.send(pcscdCommands.waitReaderStateChange, new Uint8Array())
        return opened.read(readerTableBytes)
      })
      const states = decodeReaderTable(readers)
      const seen = JSON.stringify(states.map(({ name, card, eventCounter }) => [name, card, eventCounter]))
      if (seen !== last) tell(states)
      last = seen
      const wake = await opened.read(pcscdSizes.wake)
      if (wordAt(wake, 1) !== pcscResults.success) throw faultOfResult(wordAt(wake, 1), 'the wait for readers')
    }
    return new PcscFault('daemon-down', 'the watch was stopped')
  } catch (error) {
    if (error instanceof PcscFault) return error
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

async function establishContext(link: PcscdSocket, timeoutMs: number): Promise<number> {
  const answer = await link.call(pcscdCommands.establishContext, encodeWords(2, 0, 0), { timeoutMs })
  const result = wordAt(answer, 2)
  if (result !== pcscResults.success) throw faultOfResult(result, 'the context')
  return wordAt(answer, 1)
}

interface ConnectedCard {
  handle: number
  protocol: number
}

async function connectCard(
  link: PcscdSocket,
  { context, name }: { context: number; name: Buffer },
  timeoutMs: number,
): Promise<ConnectedCard> {
  const words = encodeWords(cardUse.shareShared, cardUse.protocolAny, 0, 0, 0)
  const message = Buffer.concat([encodeWords(context), name, words])
  const answer = (await link.call(pcscdCommands.connect, message, { timeoutMs })).subarray(4 + name.length)
  const [handle, protocol, result] = [wordAt(answer, 2), wordAt(answer, 3), wordAt(answer, 4)]
  if (result !== pcscResults.success) throw faultOfResult(result, 'the connect')
  if (protocol !== cardUse.protocolT0 && protocol !== cardUse.protocolT1)
    throw new PcscFault('protocol', `the card speaks protocol ${protocol}`)
  return { handle, protocol }
}

async function readAtr(link: PcscdSocket, readerName: string, timeoutMs: number): Promise<Uint8Array> {
  const table = await link.within(timeoutMs, () => {
    link.send(pcscdCommands.getReadersState, new Uint8Array())
    return link.read(readerTableBytes)
  })
  const reader = decodeReaderTable(table).find(({ name }) => name === readerName)
  if (reader === undefined) throw new PcscFault('reader-lost', 'the reader went away while its card was connected')
  return reader.atr
}

class DirectSession implements CardSession {
  readonly atr: Uint8Array
  readonly protocol: 'T=0' | 'T=1'
  readonly #link: PcscdSocket
  readonly #card: ConnectedCard
  #turn: Promise<unknown> = Promise.resolve()

  constructor(link: PcscdSocket, card: ConnectedCard & { atr: Uint8Array }) {
    this.#link = link
    this.#card = card
    this.atr = card.atr
    this.protocol = card.protocol === cardUse.protocolT1 ? 'T=1' : 'T=0'
  }

  transmit(apdu: Uint8Array, limits: { timeoutMs: number }): Promise<Uint8Array> {
    const answer = this.#turn.then(() => this.#exchange(apdu, limits.timeoutMs))
    this.#turn = answer.catch(() => undefined)
    return answer
  }

  async close(): Promise<void> {
    await this.#turn
    const goodbye = encodeWords(this.#card.handle, cardUse.unpower, 0)
    const limits = { timeoutMs: disconnectPatienceMs }
    await this.#link.call(pcscdCommands.disconnect, goodbye, limits).catch(ignorePcscFault)
    this.#link.end(new PcscFault('card-removed', 'the card session was closed'))
  }

  async #exchange(apdu: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    try {
      return checkedAnswer(await this.#link.within(timeoutMs, () => this.#sendApdu(apdu)))
    } catch (error) {
      // After any fault nobody knows where the card stands: the session is over.
      if (error instanceof PcscFault) this.#link.end(error)
      throw error
    }
  }

  async #sendApdu(apdu: Uint8Array): Promise<Uint8Array> {
    const { handle, protocol } = this.#card
    const ask = [
      handle,
      protocol,
      protocolInfoBytes,
      apdu.length,
      cardUse.protocolAny,
      protocolInfoBytes,
      maxAnswerBytes,
      0,
    ]
    this.#link.send(pcscdCommands.transmit, encodeWords(...ask), apdu)
    const answer = await this.#link.read(pcscdSizes.transmit)
    const [bytes, result] = [wordAt(answer, 6), wordAt(answer, 7)]
    if (result !== pcscResults.success) throw faultOfResult(result, 'the transmit')
    if (bytes > maxAnswerBytes) throw new PcscFault('protocol', `an answer of ${bytes} bytes`)
    return Uint8Array.from(await this.#link.read(bytes))
  }
}

/** What a card or daemon that is gone answers to a goodbye does not matter. */
function ignorePcscFault(error: unknown): void {
  if (!(error instanceof PcscFault)) throw error
}
