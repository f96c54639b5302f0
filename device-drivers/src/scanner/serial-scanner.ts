import { setTimeout as sleep } from 'node:timers/promises'
import { type LinkAddress, LinkFault } from '../device/byte-link.ts'
import type { DeviceSight, Driver, DriverEvent, Outcome } from '../device/driver.ts'
import { openLink } from '../device/open-link.ts'
import { backOffMs } from '../device/restart-plan.ts'
import { RepeatFilter } from './repeat-filter.ts'
import { type Scan, ScanFramer, type ScanFraming } from './scan-framer.ts'

/** What a scanner's driver process is started with. */
export interface ScannerHostConfig {
  kind: 'scanner'
  link: LinkAddress
  framing: ScanFraming
}

/** A scanner that was plugged in again should read the next code that is held before it. */
const longestReconnectMs = 1000

/** Within a code a scanner sends without pause; at 9600 baud a byte takes 1 ms. */
const gapMs = 100

/** One scanner on a serial line or a TCP port: keeps the link, turns bytes into scans. It takes no commands. */
export class SerialScanner implements Driver<never, never, never> {
  readonly kind = 'scanner'
  readonly #link: LinkAddress
  readonly #emit: (event: DriverEvent<Scan>) => void
  readonly #framer: ScanFramer
  readonly #repeats = new RepeatFilter()
  readonly #closing = new AbortController()
  readonly #life: Promise<void>
  #gap: NodeJS.Timeout | undefined
  #everReady = false

  constructor(config: ScannerHostConfig, emit: (event: DriverEvent<Scan>) => void) {
    this.#link = config.link
    this.#emit = emit
    this.#framer = new ScanFramer(config.framing)
    this.#life = this.#live()
  }

  submit(): Promise<Outcome<never>> {
    return Promise.resolve({
      ok: false,
      phase: 'not-started',
      reason: 'protocol',
      detail: 'a scanner takes no commands',
    })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#life
  }

  async #live(): Promise<void> {
    const signal = this.#closing.signal
    this.#tell({ phase: 'opening', reasons: [] })
    for (let failures = 0; !signal.aborted; failures += 1) {
      if (await this.#listen()) failures = 0
      this.#tell({ phase: this.#everReady ? 'fault' : 'absent', reasons: ['link-lost'] })
      const waitMs = backOffMs(failures, Math.random(), longestReconnectMs)
      if (!signal.aborted) await sleep(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Listens until the link ends; false when it never came up. */
  async #listen(): Promise<boolean> {
    this.#framer.reset()
    try {
      const link = await openLink(this.#link, (bytes) => this.#receive(bytes))
      const stop = () => link.destroy()
      this.#closing.signal.addEventListener('abort', stop, { once: true })
      if (this.#closing.signal.aborted) stop()
      this.#everReady = true
      this.#tell({ phase: 'ready', reasons: [] })
      await link.closed
      clearTimeout(this.#gap)
      return true
    } catch (fault) {
      if (!(fault instanceof LinkFault)) throw fault
      return false
    }
  }

  #receive(bytes: Uint8Array): void {
    clearTimeout(this.#gap)
    for (const scan of this.#framer.push(bytes)) this.#report(scan)
    this.#gap = setTimeout(() => this.#endReading(), gapMs)
  }

  /** Bytes that stop in the middle of a code are noise, or a scanner that sends no terminator; neither is a code. */
  #endReading(): void {
    const brokenOff = this.#framer.inCode
    this.#framer.reset()
    if (brokenOff) this.#report({ ok: false, refusal: 'unreadable' })
  }

  #report(scan: Scan): void {
    if (scan.ok && this.#repeats.isRepeat(scan.text, performance.now())) return
    this.#emit({ kind: 'news', news: scan })
  }

  #tell(sight: DeviceSight): void {
    this.#emit({ kind: 'sight', sight })
  }
}
