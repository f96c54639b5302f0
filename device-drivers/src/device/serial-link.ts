import { SerialPort } from 'serialport'
import { type ByteLink, type CloseInfo, LinkFault, WriteQueue } from './byte-link.ts'
import { endReadsOnHangUp } from './serial-hang-up.ts'

/**
 * Opens the line (8 data bits, no parity, 1 stop bit, no flow control), or rejects with a LinkFault. What was received
 * before is thrown away: a scan from before the start belongs to nobody. `onData` gets every byte after that.
 */
export async function openSerialLink(
  address: { path: string; baudRate: number },
  onData: (bytes: Uint8Array) => void,
): Promise<ByteLink> {
  const port = new SerialPort({ path: address.path, baudRate: address.baudRate, autoOpen: false })
  let fault = ''
  const queue = new WriteQueue({ send: (bytes, taken) => void port.write(Buffer.from(bytes), taken) })
  const closed = new Promise<CloseInfo>((resolve) => {
    port.once('close', (error: Error | null | undefined) => {
      fault = error?.message ?? fault
      queue.end(new LinkFault(fault === '' ? 'the link was closed' : fault))
      resolve({ fault })
    })
  })
  port.on('error', (error) => {
    fault = error.message
  })
  await openPort(port)
  endReadsOnHangUp(port)
  await flushPort(port)
  port.on('data', onData)
  return {
    write: (bytes, limits) => queue.write(bytes, limits.progressMs),
    closed,
    destroy: () => destroyPort(port, queue),
  }
}

function openPort(port: SerialPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.open((error) => (error ? reject(new LinkFault(error.message)) : resolve()))
  })
}

function flushPort(port: SerialPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.flush((error) => {
      if (!error) return resolve()
      port.destroy()
      reject(new LinkFault(error.message))
    })
  })
}

/** Closing cancels the writes that a full line holds back; their callbacks may never come, so the queue ends first. */
function destroyPort(port: SerialPort, queue: WriteQueue): void {
  queue.end(new LinkFault('the link was closed'))
  if (port.isOpen && !port.closing) port.close()
}
