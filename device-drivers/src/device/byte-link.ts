/** Why a link is over; `fault` is the system's word (`ECONNRESET`, `disconnected`), empty when we ended it ourselves. */
export interface CloseInfo {
  fault: string
}

/**
 * A stream of bytes to and from a device. Reads always flow, since an unplugged serial line is noticed only by a reader.
 * `write` ends when the system took every byte, or rejects once it takes none for `progressMs`.
 */
export interface ByteLink {
  write(bytes: Uint8Array, limits: { progressMs: number }): Promise<void>
  readonly closed: Promise<CloseInfo>
  destroy(): void
}

/** Where a device hangs. */
export type LinkAddress =
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'serial'; path: string; baudRate: number }
  /** A USB printer's own character device, as the kernel's usblp makes it; `path` is best a stable link to it. */
  | { kind: 'usblp'; path: string }

/** The link broke, or never came up, or takes no more bytes. */
export class LinkFault extends Error {
  override readonly name = 'LinkFault'
}

/** The bytes handed over at once: small enough that progress shows at 9600 baud (256 bytes are 0.27 s there). */
const chunkBytes = 256

/** What a link does to the system beneath it. */
export interface RawPort {
  /** Calls back when the system took the bytes. It may never call, which is why the queue has its own clock. */
  send(bytes: Uint8Array, taken: (fault: Error | null | undefined) => void): void
}

/**
 * Writes in order, one chunk at a time, each with a deadline for being taken. After a fault nothing more is written:
 * what the device then holds is unknown.
 */
export class WriteQueue {
  readonly #port: RawPort
  #tail: Promise<void> = Promise.resolve()
  #fail: (fault: LinkFault) => void = () => undefined
  readonly #failed: Promise<never>

  constructor(port: RawPort) {
    this.#port = port
    this.#failed = new Promise((_resolve, reject) => {
      this.#fail = reject
    })
    this.#failed.catch(() => undefined)
  }

  write(bytes: Uint8Array, progressMs: number): Promise<void> {
    const turn = this.#tail.then(() => this.#writeChunks(bytes, progressMs))
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  /** Ends every waiting write with this fault. */
  end(fault: LinkFault): void {
    this.#fail(fault)
  }

  async #writeChunks(bytes: Uint8Array, progressMs: number): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
      await Promise.race([this.#failed, this.#writeChunk(bytes.subarray(offset, offset + chunkBytes), progressMs)])
    }
  }

  #writeChunk(chunk: Uint8Array, progressMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const fault = new LinkFault(`no byte was taken for ${progressMs} ms`)
        this.end(fault)
        reject(fault)
      }, progressMs)
      this.#port.send(chunk, (fault) => {
        clearTimeout(timer)
        if (fault) reject(new LinkFault(fault.message))
        else resolve()
      })
    })
  }
}
