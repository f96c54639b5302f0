import { connect, type Socket } from 'node:net'
import { ExactRead } from '../card/exact-read.ts'
import type { SimCard } from './sim-card.ts'

/** vpcd listens on this port for the first of its two slots, and on the next one for the second (vsmartcard, VPCDPORT). */
export const usualVpcdPort = 35_963

/** vpcd's driver looks for a card each 0.4 s or so; a card that is in should be seen soon after the daemon is back. */
const retryMs = 100

/** The control messages of vpcd, one byte each (vsmartcard, vpcd.h); all longer messages are APDUs. */
const controls = { off: 0, on: 1, reset: 2, atr: 4 } as const

/** A length takes two bytes, so no message is longer. */
const maxMessageBytes = 0xffff + 2

/** A card that lies in a slot of vpcd until it is taken out. */
export interface SimVcard {
  /** Resolves once vpcd has the card for the first time. */
  readonly inserted: Promise<void>
  /** Takes the card out. */
  remove(): Promise<void>
}

/**
 * Puts a card into a slot of vpcd, the virtual reader of the real pcscd: a connection is a card, hanging up takes it out.
 * Comes back by itself when the daemon does. Messages are a length of two bytes, most significant first, and that many bytes.
 */
export function insertSimVcard(options: { host: string; port: number; card: SimCard }): SimVcard {
  let socket: Socket | undefined
  let retry: NodeJS.Timeout | undefined
  let removed = false
  let tellInserted: () => void = () => undefined
  const inserted = new Promise<void>((resolve) => {
    tellInserted = resolve
  })
  const insert = () => {
    socket = connect({ host: options.host, port: options.port, noDelay: true })
    socket.on('connect', tellInserted)
    socket.on('error', () => socket?.destroy())
    socket.on('close', () => {
      if (!removed) retry = setTimeout(insert, retryMs)
    })
    void serveSlot(socket, options.card)
  }
  insert()
  return {
    inserted,
    async remove() {
      removed = true
      clearTimeout(retry)
      const closing = socket
      if (closing === undefined || closing.closed) return
      await new Promise<void>((resolve) => {
        closing.once('close', () => resolve())
        closing.destroy()
      })
    },
  }
}

/** The slot hung up, or said what is no message. */
class SlotFault extends Error {
  override readonly name = 'SlotFault'
}

async function serveSlot(socket: Socket, card: SimCard): Promise<void> {
  const received = new ExactRead(maxMessageBytes)
  socket.on('data', (bytes) => {
    if (!received.push(bytes)) socket.destroy()
  })
  socket.on('close', () => received.end(new SlotFault('the slot hung up')))
  try {
    for (;;) {
      const length = (await received.read(2)).readUInt16BE(0)
      const answer = answerMessage(await received.read(length), card)
      if (answer !== undefined && !socket.destroyed) socket.write(Buffer.concat([lengthOf(answer), answer]))
    }
  } catch (error) {
    if (!(error instanceof SlotFault)) throw error
  }
}

/** Only a question for the answer to reset and APDUs are answered; a card that hangs answers nothing. */
function answerMessage(message: Buffer, card: SimCard): Uint8Array | undefined {
  if (message.length !== 1) {
    const answer = card.answer(message)
    return answer === 'hang' ? undefined : answer
  }
  const control = message[0]
  if (control === controls.on || control === controls.reset) card.powerUp()
  return control === controls.atr ? card.atr : undefined
}

function lengthOf(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return length
}
