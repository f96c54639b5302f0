import { type ByteLink, type LinkAddress, LinkFault } from '../device/byte-link.ts'
import type { DeviceSight, Driver, DriverEvent, Outcome } from '../device/driver.ts'
import { startKeptLink } from '../device/kept-link.ts'
import {
  bytesToShow,
  type IndicatorProfile,
  type IndicatorProfileName,
  type IndicatorSignal,
  indicatorProfiles,
} from './indicator-profile.ts'

/** What an indicator's driver process is started with. */
export interface IndicatorHostConfig {
  kind: 'indicator'
  link: LinkAddress
  profile: IndicatorProfileName
}

/** Shows a signal in place of the one before. */
export interface IndicatorCommand {
  kind: 'show'
  signal: IndicatorSignal | 'off'
}

/** The bytes went out; relay boards do not answer, so nobody can prove that the lamp is lit. */
export interface IndicatorProof {
  signal: IndicatorSignal | 'off'
}

/** A line at 9600 baud takes a byte each millisecond; one that takes none for this long is stuck. */
const progressMs = 500

/**
 * One relay board with lamps. Off is its safe state: it is switched off when its link comes up, whatever it showed before, and
 * before the driver closes.
 */
export class RelayIndicator implements Driver<IndicatorCommand, IndicatorProof, never> {
  readonly kind = 'indicator'
  readonly #emit: (event: DriverEvent<never>) => void
  readonly #profile: IndicatorProfile
  readonly #life: { stop(): Promise<void> }
  #link: ByteLink | undefined

  constructor(config: IndicatorHostConfig, emit: (event: DriverEvent<never>) => void) {
    this.#emit = emit
    this.#profile = indicatorProfiles[config.profile]
    this.#life = startKeptLink({
      address: config.link,
      onData: () => undefined,
      onUp: (link) => this.#beReady(link),
      onDown: () => {
        this.#link = undefined
      },
      tell: (sight) => this.#tell(sight),
    })
  }

  async submit(command: IndicatorCommand): Promise<Outcome<IndicatorProof>> {
    const link = this.#link
    if (link === undefined) {
      return { ok: false, phase: 'not-started', reason: 'link-lost', detail: 'the indicator is not connected' }
    }
    return this.#show(link, command.signal)
  }

  async close(): Promise<void> {
    if (this.#link !== undefined) await this.#show(this.#link, 'off')
    await this.#life.stop()
  }

  async #beReady(link: ByteLink): Promise<void> {
    await link.write(bytesToShow(this.#profile, 'off'), { progressMs })
    this.#link = link
    this.#tell({ phase: 'ready', reasons: [] })
  }

  async #show(link: ByteLink, signal: IndicatorSignal | 'off'): Promise<Outcome<IndicatorProof>> {
    try {
      await link.write(bytesToShow(this.#profile, signal), { progressMs })
      return { ok: true, proof: { signal } }
    } catch (fault) {
      if (!(fault instanceof LinkFault)) throw fault
      link.destroy()
      return { ok: false, phase: 'maybe', reason: 'link-lost', detail: fault.message }
    }
  }

  #tell(sight: DeviceSight): void {
    this.#emit({ kind: 'sight', sight })
  }
}
