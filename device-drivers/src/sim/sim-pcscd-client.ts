import type { Socket } from 'node:net'
import { ExactRead } from '../card/exact-read.ts'
import { decodeReaderName, encodeWords, pcscdCommands, pcscdSizes, readerNameBytes, wordAt } from '../card/pcsc-wire.ts'
import { cardUse, maxAnswerBytes, pcscResults } from '../card/pcsc-words.ts'
import { protocolOfAtr, type SimExchange, type SimReader } from './sim-reader.ts'

/** What a client's connection needs of the daemon it belongs to. */
export interface SimPcscdRoom {
  /** The protocol's minor version, and whether a client must name exactly that one. */
  readonly version: { minor: number; exact: boolean }
  readers(): ReadonlyMap<string, SimReader>
  /** Grows with every reader that comes or goes. */
  readerEvents(): number
  table(): Buffer
  /** From now on the client hears of the next change. */
  wait(client: SimPcscdClient): void
  /** Whether the client was waiting. */
  stopWaiting(client: SimPcscdClient): boolean
  clientOfContext(context: number): SimPcscdClient | undefined
  newHandle(): number
  note(event: 'connected' | 'apdu', reader: string, detail?: string): void
}

interface CardHandle {
  reader: SimReader
  insertion: number
  protocol: number
}

const ok = pcscResults.success

/** The words of a client that does not keep to the protocol; pcscd hangs up on it. */
class ClientFault extends Error {
  override readonly name = 'ClientFault'
}

/** One client of the simulated pcscd, served one command after the other as pcscd's thread for it does. */
export class SimPcscdClient {
  readonly #socket: Socket
  readonly #room: SimPcscdRoom
  readonly #received = new ExactRead(maxAnswerBytes * 2)
  readonly #cards = new Map<number, CardHandle>()
  context = 0

  constructor(socket: Socket, room: SimPcscdRoom) {
    this.#socket = socket
    this.#room = room
    socket.on('data', (bytes) => {
      if (!this.#received.push(bytes)) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#received.end(new ClientFault('the client hung up')))
  }

  /** Serves until the client hangs up or breaks the protocol. */
  async serve(): Promise<void> {
    try {
      for (;;) await this.#serveOne()
    } catch (error) {
      if (!(error instanceof ClientFault)) throw error
      this.#socket.destroy()
    }
  }

  /** Tells a waiting client that something changed, or that its wait is over for another reason. */
  wake(result: number): void {
    this.#send(encodeWords(0, result))
  }

  async #serveOne(): Promise<void> {
    const header = await this.#received.read(pcscdSizes.header)
    const [size, command] = [wordAt(header, 0), wordAt(header, 1)]
    const expected = bodySizes.get(command)
    if (size !== expected) throw new ClientFault(`command ${command} with ${size} bytes`)
    const body = await this.#received.read(size)
    await this.#answer(command, body)
  }

  async #answer(command: number, body: Buffer): Promise<void> {
    switch (command) {
      case pcscdCommands.version:
        return this.#send(this.#answerVersion(body))
      case pcscdCommands.establishContext:
        this.context = this.#room.newHandle()
        return this.#send(encodeWords(wordAt(body, 0), this.context, ok))
      case pcscdCommands.releaseContext:
        this.context = 0
        return this.#send(encodeWords(wordAt(body, 0), ok))
      case pcscdCommands.getReadersState:
        return this.#send(this.#room.table())
      case pcscdCommands.waitReaderStateChange:
        this.#send(this.#room.table())
        return this.#room.wait(this)
      case pcscdCommands.stopWaiting:
        // A client that was woken already has its answer.
        if (this.#room.stopWaiting(this)) this.wake(ok)
        return
      case pcscdCommands.getReaderEvents:
        return this.#send(encodeWords(this.#room.readerEvents(), ok))
      case pcscdCommands.cancel:
        return this.#send(this.#answerCancel(body))
      default:
        return this.#answerCardCommand(command, body)
    }
  }

  async #answerCardCommand(command: number, body: Buffer): Promise<void> {
    switch (command) {
      case pcscdCommands.connect:
        return this.#send(await this.#answerConnect(body))
      case pcscdCommands.reconnect:
        return this.#send(withResult(body, 5, this.#resultOf(wordAt(body, 0))))
      case pcscdCommands.disconnect:
        return this.#send(withResult(body, 2, this.#disconnect(wordAt(body, 0), wordAt(body, 1))))
      case pcscdCommands.beginTransaction:
      case pcscdCommands.status:
        return this.#send(withResult(body, 1, this.#resultOf(wordAt(body, 0))))
      case pcscdCommands.endTransaction:
        return this.#send(withResult(body, 2, this.#resultOf(wordAt(body, 0))))
      case pcscdCommands.transmit:
        return this.#answerTransmit(body)
      case pcscdCommands.control:
        await this.#received.read(boundedLength(wordAt(body, 2)))
        return this.#send(withResult(body, 5, pcscResults.unsupportedFeature))
      default:
        return this.#send(withResult(body, body.length / 4 - 1, pcscResults.unsupportedFeature))
    }
  }

  #answerVersion(body: Buffer): Buffer {
    const { minor, exact } = this.#room.version
    const [theirMajor, theirMinor] = [wordAt(body, 0), wordAt(body, 1)]
    const fits = theirMajor === 4 && (exact ? theirMinor === minor : theirMinor >= 4 && theirMinor <= minor)
    return encodeWords(4, minor, fits ? ok : pcscResults.serviceStopped)
  }

  #answerCancel(body: Buffer): Buffer {
    const target = this.#room.clientOfContext(wordAt(body, 0))
    if (target === undefined) return withResult(body, 1, pcscResults.invalidHandle)
    if (this.#room.stopWaiting(target)) target.wake(pcscResults.cancelled)
    return withResult(body, 1, ok)
  }

  async #answerConnect(body: Buffer): Promise<Buffer> {
    const nameField = body.subarray(4, 4 + readerNameBytes)
    const reader = this.#room.readers().get(decodeReaderName(nameField))
    const words = body.subarray(4 + readerNameBytes)
    const answer = (handle: number, protocol: number, result: number) =>
      Buffer.concat([
        body.subarray(0, 4 + readerNameBytes),
        words.subarray(0, 8),
        encodeWords(handle, protocol, result),
      ])
    if (reader === undefined) return answer(0, 0, pcscResults.unknownReader)
    await reader.idle()
    if (this.#room.readers().get(reader.name) !== reader) return answer(0, 0, pcscResults.readerUnavailable)
    if (reader.card === 'absent') return answer(0, 0, pcscResults.noSmartcard)
    if (reader.card === 'mute') return answer(0, 0, pcscResults.unresponsiveCard)
    const protocol = protocolOfAtr(reader.atr)
    if ((protocol & wordAt(words, 1)) === 0) return answer(0, 0, pcscResults.protocolMismatch)
    reader.power()
    const handle = this.#room.newHandle()
    this.#cards.set(handle, { reader, insertion: reader.insertion, protocol })
    this.#room.note('connected', reader.name)
    return answer(handle, protocol, ok)
  }

  async #answerTransmit(body: Buffer): Promise<void> {
    const handle = wordAt(body, 0)
    const apdu = await this.#received.read(boundedLength(wordAt(body, 3)))
    const before = this.#resultOf(handle)
    const card = this.#cards.get(handle)
    if (before !== ok || card === undefined) return this.#send(withResult(body, 7, before))
    this.#room.note('apdu', card.reader.name, apdu.toString('hex'))
    const exchange = await card.reader.transmit(apdu, card.insertion)
    this.#sendAnswer(body, exchange)
  }

  #sendAnswer(body: Buffer, exchange: SimExchange): void {
    // pcscd 1.9.9 reports a card pulled in mid-exchange as a success without bytes.
    const bytes = exchange.kind === 'answer' ? exchange.bytes : new Uint8Array()
    if (exchange.kind === 'lost') this.#send(withResult(body, 7, pcscResults.readerUnavailable))
    else if (bytes.length > wordAt(body, 6)) this.#send(withResult(body, 7, pcscResults.insufficientBuffer))
    else this.#send(Buffer.concat([withResult(withResult(body, 6, bytes.length), 7, ok), bytes]))
  }

  #disconnect(handle: number, disposition: number): number {
    const result = this.#resultOf(handle)
    if (result === ok && disposition === cardUse.unpower) this.#cards.get(handle)?.reader.unpower()
    this.#cards.delete(handle)
    return result === pcscResults.removedCard ? ok : result
  }

  /** Whether a handle of this client still holds a card. Throws for one that it never had, on which pcscd hangs up. */
  #resultOf(handle: number): number {
    const card = this.#cards.get(handle)
    if (card === undefined) throw new ClientFault('a handle of somebody else')
    if (this.#room.readers().get(card.reader.name) !== card.reader) return pcscResults.readerUnavailable
    return card.insertion === card.reader.insertion ? ok : pcscResults.removedCard
  }

  #send(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes)
  }
}

const bodySizes = new Map<number, number>([
  [pcscdCommands.establishContext, pcscdSizes.establish],
  [pcscdCommands.releaseContext, pcscdSizes.release],
  [pcscdCommands.connect, pcscdSizes.connect],
  [pcscdCommands.reconnect, pcscdSizes.reconnect],
  [pcscdCommands.disconnect, pcscdSizes.disconnect],
  [pcscdCommands.beginTransaction, pcscdSizes.begin],
  [pcscdCommands.endTransaction, pcscdSizes.end],
  [pcscdCommands.transmit, pcscdSizes.transmit],
  [pcscdCommands.control, pcscdSizes.control],
  [pcscdCommands.status, pcscdSizes.status],
  [pcscdCommands.cancel, pcscdSizes.cancel],
  [pcscdCommands.getAttribute, pcscdSizes.attribute],
  [pcscdCommands.setAttribute, pcscdSizes.attribute],
  [pcscdCommands.version, pcscdSizes.version],
  [pcscdCommands.getReadersState, 0],
  [pcscdCommands.waitReaderStateChange, 0],
  [pcscdCommands.stopWaiting, 0],
  [pcscdCommands.getReaderEvents, 0],
])

function boundedLength(length: number): number {
  if (length > maxAnswerBytes) throw new ClientFault(`${length} bytes for a card`)
  return length
}

/** The same structure with one word changed. */
function withResult(body: Buffer, place: number, word: number): Buffer {
  const answer = Buffer.from(body)
  answer.writeUInt32LE(word >>> 0, place * 4)
  return answer
}
