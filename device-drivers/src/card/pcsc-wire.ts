import { PcscFault, type ReaderState } from './pcsc-transport.ts'

/** The client protocol of pcscd (pcsc-lite, winscard_msg.h). All numbers are 32 bits in the machine's order; ours are little-endian. */
export const pcscdCommands = {
  establishContext: 0x01,
  releaseContext: 0x02,
  connect: 0x04,
  reconnect: 0x05,
  disconnect: 0x06,
  beginTransaction: 0x07,
  endTransaction: 0x08,
  transmit: 0x09,
  control: 0x0a,
  status: 0x0b,
  cancel: 0x0d,
  getAttribute: 0x0f,
  setAttribute: 0x10,
  version: 0x11,
  getReadersState: 0x12,
  waitReaderStateChange: 0x13,
  stopWaiting: 0x14,
  /** From 4:5 on. */
  getReaderEvents: 0x15,
} as const

/** The bytes of each fixed structure; an answer has the size of its request and no header. */
export const pcscdSizes = {
  header: 8,
  version: 12,
  establish: 12,
  release: 8,
  connect: 152,
  reconnect: 24,
  disconnect: 12,
  begin: 8,
  end: 12,
  transmit: 32,
  control: 24,
  status: 8,
  cancel: 8,
  attribute: 280,
  /** What wakes a waiting client. */
  wake: 8,
  readerEvents: 8,
  readerState: 184,
} as const

/** pcscd's table has this many places for readers, used or not (PCSCLITE_MAX_READERS_CONTEXTS). */
export const readerPlaces = 16

/** The size of the whole table of readers. */
export const readerTableBytes = readerPlaces * pcscdSizes.readerState

/** The bytes of a reader's name in a structure, its ending zero included (MAX_READERNAME). */
export const readerNameBytes = 128

/** The longest answer to reset (ISO 7816-3), as pcscd holds it. */
const maxAtrBytes = 33

/** The bits of a reader's state on the wire, which are not those of the PC/SC call (pcsclite.h, SCARD_ABSENT and after). */
export const readerBits = {
  unknown: 0x01,
  absent: 0x02,
  present: 0x04,
  swallowed: 0x08,
  powered: 0x10,
  negotiable: 0x20,
} as const

/** Where a reader's fields stand in its 184 bytes; the table of answers to reset leaves a gap of three after it. */
const readerOffsets = { events: 128, state: 132, sharing: 136, atr: 140, atrLength: 176, protocol: 180 } as const

/** A message to pcscd: its header, its structure, and what follows it. */
export function encodeMessage(command: number, words: Uint8Array, more: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(pcscdSizes.header)
  header.writeUInt32LE(words.length, 0)
  header.writeUInt32LE(command, 4)
  return Buffer.concat([header, words, more])
}

/** Numbers, one after the other. */
export function encodeWords(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4)
  words.forEach((word, at) => {
    bytes.writeUInt32LE(word >>> 0, at * 4)
  })
  return bytes
}

/** The number at a place, counted in words. */
export function wordAt(bytes: Buffer, place: number): number {
  return bytes.readUInt32LE(place * 4)
}

/** A name in its fixed field. Throws a PcscFault for a name that no reader can have. */
export function encodeReaderName(name: string): Buffer {
  const bytes = Buffer.from(name, 'utf8')
  if (bytes.length === 0 || bytes.length >= readerNameBytes || bytes.includes(0))
    throw new PcscFault('reader-lost', 'no reader has such a name')
  const field = Buffer.alloc(readerNameBytes)
  bytes.copy(field)
  return field
}

/** The name in a fixed field; empty for a place without a reader. Throws a PcscFault for bytes that are no name. */
export function decodeReaderName(field: Buffer): string {
  const end = field.indexOf(0)
  if (end < 0) throw new PcscFault('protocol', 'a reader’s name has no end')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(field.subarray(0, end))
  } catch (error) {
    if (error instanceof TypeError) throw new PcscFault('protocol', 'a reader’s name is no text')
    throw error
  }
}

/** All readers of a table as pcscd sends it. Throws a PcscFault for a table that makes no sense. */
export function decodeReaderTable(table: Buffer): ReaderState[] {
  const readers: ReaderState[] = []
  for (let at = 0; at < readerTableBytes; at += pcscdSizes.readerState) {
    const reader = decodeReader(table.subarray(at, at + pcscdSizes.readerState))
    if (reader !== undefined) readers.push(reader)
  }
  if (new Set(readers.map(({ name }) => name)).size < readers.length)
    throw new PcscFault('protocol', 'two readers have one name')
  return readers
}

function decodeReader(bytes: Buffer): ReaderState | undefined {
  const name = decodeReaderName(bytes.subarray(0, readerNameBytes))
  if (name === '') return undefined
  const state = bytes.readUInt32LE(readerOffsets.state)
  const atrLength = bytes.readUInt32LE(readerOffsets.atrLength)
  if (atrLength > maxAtrBytes) throw new PcscFault('protocol', `an answer to reset of ${atrLength} bytes`)
  const answered = (state & readerBits.present) !== 0 && (state & readerBits.swallowed) === 0 && atrLength > 0
  return {
    name,
    card: answered ? 'present' : (state & readerBits.present) === 0 ? 'absent' : 'mute',
    atr: answered
      ? Uint8Array.from(bytes.subarray(readerOffsets.atr, readerOffsets.atr + atrLength))
      : new Uint8Array(),
    eventCounter: bytes.readUInt32LE(readerOffsets.events),
  }
}

/** One place of the table as pcscd would send it. */
export function encodeReader(reader: {
  name: string
  bits: number
  atr: Uint8Array
  eventCounter: number
  protocol: number
}): Buffer {
  const bytes = Buffer.alloc(pcscdSizes.readerState)
  encodeReaderName(reader.name).copy(bytes)
  bytes.writeUInt32LE(reader.eventCounter >>> 0, readerOffsets.events)
  bytes.writeUInt32LE(reader.bits, readerOffsets.state)
  bytes.set(reader.atr.subarray(0, maxAtrBytes), readerOffsets.atr)
  bytes.writeUInt32LE(Math.min(reader.atr.length, maxAtrBytes), readerOffsets.atrLength)
  bytes.writeUInt32LE(reader.protocol, readerOffsets.protocol)
  return bytes
}
