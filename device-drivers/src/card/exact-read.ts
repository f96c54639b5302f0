interface WaitingRead {
  bytes: number
  resolve: (bytes: Buffer) => void
  reject: (fault: Error) => void
}

/** Gives out a stream of bytes in the sizes that are asked for, one read at a time, and holds at most `maxBytes` that nobody asked for. */
export class ExactRead {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #length = 0
  #waiting: WaitingRead | undefined
  #over: Error | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The bytes that arrived and were not asked for yet. */
  get unread(): number {
    return this.#length
  }

  /** Takes what arrived; false when it is more than may wait here. */
  push(bytes: Buffer): boolean {
    if (this.#over !== undefined) return true
    this.#chunks.push(bytes)
    this.#length += bytes.length
    this.#serve()
    return this.#length <= this.#maxBytes
  }

  /** Exactly so many bytes, however they arrive, or the fault that ended the stream. */
  read(bytes: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over)
      this.#waiting = { bytes, resolve, reject }
      return this.#serve()
    })
  }

  /** Nothing more comes; the first reason given counts. */
  end(fault: Error): void {
    this.#over ??= fault
    this.#chunks = []
    this.#length = 0
    this.#waiting?.reject(this.#over)
    this.#waiting = undefined
  }

  #serve(): void {
    const waiting = this.#waiting
    if (waiting === undefined || this.#length < waiting.bytes) return
    const all = Buffer.concat(this.#chunks)
    const rest = all.subarray(waiting.bytes)
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#length = rest.length
    this.#waiting = undefined
    waiting.resolve(all.subarray(0, waiting.bytes))
  }
}
