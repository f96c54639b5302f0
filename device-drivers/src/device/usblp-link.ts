import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { type ByteLink, type CloseInfo, LinkFault, WriteQueue } from './byte-link.ts'

/** Answers are looked for this often after something was sent, and this often when nothing is going on (0.1 % of a core). */
const busyLookMs = 10
const idleLookMs = 100

/** How long after a write the printer may be about to answer. */
const busyForMs = 3000

/** The longest answers of printers stay under 128 bytes; usblp hands over one USB packet of at most 512 at a time. */
const readBytes = 4096

/** A device that takes nothing now is asked again this soon. */
const fullRetryMs = 5

/**
 * Opens a printer's character device (/dev/usb/lp…) for both directions, or rejects with a LinkFault. Node cannot wait on such
 * a device, only on sockets, pipes and terminals, so reads are tried at intervals; a printer without a way back (the kernel
 * answers EINVAL) is written to only, and its end shows at the next write.
 */
export async function openUsblpLink(address: { path: string }, onData: (bytes: Uint8Array) => void): Promise<ByteLink> {
  const handle = await openDevice(address.path)
  const device = new UsblpDevice(handle, address.path)
  const queue = new WriteQueue({ send: (bytes, taken) => void device.send(bytes).then(() => taken(null), taken) })
  const closed = device.readUntilOver(onData).then(async (fault): Promise<CloseInfo> => {
    queue.end(new LinkFault(fault === '' ? 'the link was closed' : fault))
    await handle.close()
    return { fault }
  })
  return {
    write: (bytes, limits) => queue.write(bytes, limits.progressMs),
    closed,
    destroy: () => {
      queue.end(new LinkFault('the link was closed'))
      device.end('')
    },
  }
}

async function openDevice(path: string): Promise<FileHandle> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY)
    if ((await handle.stat()).isCharacterDevice()) return handle
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new LinkFault(error.message)
  }
  await handle.close()
  throw new LinkFault(`${path} is no character device`)
}

class UsblpDevice {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #over = new AbortController()
  readonly #isTerminal: boolean
  #fault = ''
  #sentAt = Number.NEGATIVE_INFINITY

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle
    this.#path = path
    this.#isTerminal = isatty(handle.fd)
  }

  /** Ends the reading; the first word about why stands. */
  end(fault: string): void {
    if (this.#over.signal.aborted) return
    this.#fault = fault
    this.#over.abort()
  }

  async send(bytes: Uint8Array): Promise<void> {
    let offset = 0
    while (offset < bytes.length) {
      if (this.#over.signal.aborted) throw new LinkFault('the link was closed')
      const taken = await this.#tryWrite(bytes.subarray(offset))
      this.#sentAt = performance.now()
      offset += taken
      if (taken === 0) await this.#pause(fullRetryMs)
    }
  }

  /** Reads until the device is gone or `end` is called; says what ended it. */
  async readUntilOver(onData: (bytes: Uint8Array) => void): Promise<string> {
    const buffer = Buffer.alloc(readBytes)
    let isOneWay = false
    while (!this.#over.signal.aborted) {
      const read: number | 'nothing-yet' | 'one-way' = isOneWay ? 'one-way' : await this.#tryRead(buffer)
      if (typeof read === 'number' && read > 0) {
        onData(Uint8Array.from(buffer.subarray(0, read)))
        continue
      }
      isOneWay = read === 'one-way'
      if (read !== 'nothing-yet' && !(await this.#isStillThere())) this.end('the device is gone')
      const sinceSent = performance.now() - this.#sentAt
      await this.#pause(sinceSent < busyForMs ? busyLookMs : idleLookMs)
    }
    return this.#fault
  }

  async #tryWrite(bytes: Uint8Array): Promise<number> {
    try {
      return (await this.#handle.write(bytes)).bytesWritten
    } catch (error) {
      if (isSystemError(error) && mayTryAgain(error)) return 0
      this.end(faultOf(error))
      throw error
    }
  }

  async #tryRead(buffer: Buffer): Promise<number | 'nothing-yet' | 'one-way'> {
    try {
      return (await this.#handle.read(buffer, 0, buffer.length, null)).bytesRead
    } catch (error) {
      if (isSystemError(error) && mayTryAgain(error)) return 'nothing-yet'
      if (isSystemError(error) && error.code === 'EINVAL') return 'one-way'
      this.end(faultOf(error))
      return 'nothing-yet'
    }
  }

  /** An empty read is usblp's way to hand over an empty packet, but a terminal's to say that it hung up: then it is none any more. */
  async #isStillThere(): Promise<boolean> {
    return isatty(this.#handle.fd) === this.#isTerminal && (await isThere(this.#path))
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => undefined)
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return false
    throw error
  }
}

function faultOf(error: unknown): string {
  if (isSystemError(error)) return error.message
  throw error
}

function mayTryAgain(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EAGAIN' || error.code === 'EINTR'
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}
