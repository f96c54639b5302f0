import { read } from 'node:fs'
import { promisify } from 'node:util'
import type { SerialPort } from 'serialport'

/** The part of the serial library's port on Linux and macOS that reading needs. */
interface UnixPort {
  fd: number | null
  poller: { once(event: 'readable', ready: (fault: Error | null) => void): unknown }
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>
}

const readFile = promisify(read)

/**
 * Makes an open port notice a line that was pulled out while a read was under way. The library (bindings-cpp 13.0.0,
 * unix-read.js) takes a read of zero bytes for "nothing yet" and reads again at once: on a line that hung up, which
 * answers zero for ever, that burns a whole core and never closes. With VMIN 1 zero bytes mean nothing but the hang-up.
 */
export function endReadsOnHangUp(port: SerialPort): void {
  const open: unknown = port.port
  if (!isUnixPort(open)) return
  open.read = (buffer, offset, length) => readOrHangUp(open, buffer, offset, length)
}

async function readOrHangUp(
  port: UnixPort,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<{ buffer: Buffer; bytesRead: number }> {
  for (;;) {
    if (port.fd === null) throw Object.assign(new Error('the port is closed'), { canceled: true })
    try {
      const { bytesRead } = await readFile(port.fd, buffer, offset, length, null)
      if (bytesRead > 0) return { buffer, bytesRead }
    } catch (error) {
      if (!mayTryAgain(error)) throw error
      await untilReadable(port)
      continue
    }
    throw new Error('the line hung up')
  }
}

function untilReadable(port: UnixPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.poller.once('readable', (fault) => (fault ? reject(fault) : resolve()))
  })
}

function mayTryAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR')
}

function isUnixPort(port: unknown): port is UnixPort {
  return typeof port === 'object' && port !== null && 'fd' in port && 'poller' in port
}
