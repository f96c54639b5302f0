import { NodeWebSocket, type Socket } from 'socket.io-client'

/**
 * A WebSocket that takes a message that nobody can read for a broken connection: the library would throw where nobody can catch it,
 * and end the process.
 */
export class WholeMessages extends NodeWebSocket {
  protected override onData(...message: Parameters<NodeWebSocket['onData']>): void {
    try {
      super.onData(...message)
    } catch (error) {
      this.onError('a message was damaged under way', error)
    }
  }
}

/** What arrives on a socket, in the numbers of the Socket.IO protocol, version 5. */
interface ArrivedPacket {
  type: number
  data?: unknown
}

const event = 2
const connectError = 4
const binaryEvent = 5

/**
 * Makes a socket leave packets alone that are damaged under way such that they are still packets, but without what they carry: the
 * library would throw at those too. To be called before the socket connects.
 */
export function ignoreDamagedPackets(socket: Socket): void {
  const library = socket as unknown as { onpacket(packet: ArrivedPacket): void }
  const take = library.onpacket.bind(socket)
  library.onpacket = (packet) => {
    if (isWhole(packet)) take(packet)
  }
}

function isWhole({ type, data }: ArrivedPacket): boolean {
  if (type === event || type === binaryEvent) return Array.isArray(data) && data.length > 0
  if (type === connectError) return typeof data === 'object' && data !== null
  return true
}
