import { connect, type Socket } from 'node:net'
import { ExactRead } from './exact-read.ts'
import { PcscFault } from './pcsc-transport.ts'
import { encodeMessage, encodeWords, pcscdCommands, pcscdSizes, wordAt } from './pcsc-wire.ts'
import { maxAnswerBytes, pcscResults } from './pcsc-words.ts'

/**
 * The versions spoken: 4:4 (pcsc-lite 1.8.24 to 2.2.3), which 2.4.1 and 2.5 take too, and 4:5, which 2.3 and 2.4.0 demand; 4:6
 * only adds commands. Between 4:4 and 4:6 no structure used here differs.
 */
const protocolMajor = 4
const protocolMinors = { oldest: 4, newest: 6 } as const

/**
 * One connection to pcscd. Answers carry no mark of their question, so one question at a time; and a connection that met a
 * fault or a deadline is over, since what comes next on it would answer the wrong question.
 */
export class PcscdSocket {
  readonly #socket: Socket
  /** No message is longer than a card's longest answer with its structure: what is more than that is no pcscd. */
  readonly #received = new ExactRead(maxAnswerBytes + pcscdSizes.transmit)
  #over: PcscFault | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes) => {
      if (!this.#received.push(bytes)) this.end(new PcscFault('protocol', 'more bytes than any answer has'))
    })
    socket.on('error', (error) => this.end(new PcscFault('daemon-down', error.message)))
    socket.on('close', () => this.end(new PcscFault('daemon-down', 'pcscd closed the connection')))
  }

  /** Connects and agrees on a version, or throws a PcscFault; `signal` gives it up. */
  static async open(path: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<PcscdSocket> {
    const link = new PcscdSocket(connect({ path }))
    const giveUp = () => link.end(new PcscFault('daemon-down', 'given up'))
    options.signal?.addEventListener('abort', giveUp, { once: true })
    try {
      await link.within(options.timeoutMs, async () => {
        await link.#connected()
        await link.#agreeOnVersion()
      })
      return link
    } catch (error) {
      link.#socket.destroy()
      throw error
    } finally {
      options.signal?.removeEventListener('abort', giveUp)
    }
  }

  /** Asks one question and gives the answer's structure, which has the size of the question's. */
  call(command: number, words: Uint8Array, limits: { timeoutMs: number }): Promise<Buffer> {
    return this.within(limits.timeoutMs, () => {
      this.send(command, words)
      return this.read(words.length)
    })
  }

  /** Runs one exchange under one deadline, which closes the connection. */
  async within<Answer>(timeoutMs: number, exchange: () => Promise<Answer>): Promise<Answer> {
    const deadline = setTimeout(() => this.end(new PcscFault('timeout', `no answer in ${timeoutMs} ms`)), timeoutMs)
    try {
      return await exchange()
    } finally {
      clearTimeout(deadline)
    }
  }

  /** Sends a message, without waiting for anything; bytes that came before their question end the connection. */
  send(command: number, words: Uint8Array, more?: Uint8Array): void {
    if (this.#received.unread > 0) this.end(new PcscFault('protocol', 'an answer that nobody asked for'))
    if (this.#over === undefined) this.#socket.write(encodeMessage(command, words, more))
  }

  /** Exactly so many bytes, or the fault that ended the connection. */
  read(bytes: number): Promise<Buffer> {
    return this.#received.read(bytes)
  }

  /** Closes the connection; the first reason given is the one that counts. */
  end(fault: PcscFault): void {
    this.#over ??= fault
    this.#received.end(this.#over)
    this.#socket.destroy()
  }

  #connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('connect', () => resolve())
      this.#socket.once('close', () => reject(this.#over))
    })
  }

  /** Offers the oldest version, which most take, then the daemon's own if it names one that we speak. */
  async #agreeOnVersion(): Promise<void> {
    const { agreed, major, minor } = await this.#offerVersion(protocolMinors.oldest)
    if (agreed) return
    const isSpoken = major === protocolMajor && minor >= protocolMinors.oldest && minor <= protocolMinors.newest
    if (isSpoken && (await this.#offerVersion(minor)).agreed) return
    throw new PcscFault('protocol', `pcscd speaks version ${major}:${minor}`)
  }

  async #offerVersion(minor: number): Promise<{ agreed: boolean; major: number; minor: number }> {
    this.send(pcscdCommands.version, encodeWords(protocolMajor, minor, pcscResults.success))
    const answer = await this.read(pcscdSizes.version)
    return { agreed: wordAt(answer, 2) === pcscResults.success, major: wordAt(answer, 0), minor: wordAt(answer, 1) }
  }
}
