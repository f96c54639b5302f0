import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceSight, type Driver, type DriverEvent, type Outcome, takesNoCommands } from '../device/driver.ts'
import { startKeptLink } from '../device/kept-link.ts'
import { RepeatFilter } from './repeat-filter.ts'
import { type Scan, ScanFramer, type ScanFraming } from './scan-framer.ts'

/** What a scanner's driver process is started with. */
export interface ScannerHostConfig {
  kind: 'scanner'
  link: LinkAddress
  framing: ScanFraming
}

/** Within a code a scanner sends without pause; at 9600 baud a byte takes 1 ms. */
const gapMs = 100

/** One scanner on a serial line or a TCP port: keeps the link, turns bytes into scans. It takes no commands. */
export class SerialScanner implements Driver<never, never, never> {
  readonly kind = 'scanner'
  readonly #emit: (event: DriverEvent<Scan>) => void
  readonly #framer: ScanFramer
  readonly #repeats = new RepeatFilter()
  readonly #life: { stop(): Promise<void> }
  #gap: NodeJS.Timeout | undefined

  constructor(config: ScannerHostConfig, emit: (event: DriverEvent<Scan>) => void) {
    this.#emit = emit
    this.#framer = new ScanFramer(config.framing)
    this.#life = startKeptLink({
      address: config.link,
      onData: (bytes) => this.#receive(bytes),
      onUp: () => this.#tell({ phase: 'ready', reasons: [] }),
      onDown: () => this.#forgetHalf(),
      tell: (sight) => this.#tell(sight),
    })
  }

  submit(): Promise<Outcome<never>> {
    return takesNoCommands('a scanner')
  }

  async close(): Promise<void> {
    await this.#life.stop()
  }

  #forgetHalf(): void {
    clearTimeout(this.#gap)
    this.#framer.reset()
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
