import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceSight, type Driver, type DriverEvent, type Outcome, takesNoCommands } from '../device/driver.ts'
import { startKeptLink } from '../device/kept-link.ts'
import { KeypadFramer, type KeypadMessage } from './keypad-framer.ts'
import { type KeypadProfile, type KeypadProfileName, keypadProfiles, type RatingScore } from './keypad-profile.ts'

/** What a keypad's driver process is started with. */
export interface KeypadHostConfig {
  kind: 'keypad'
  link: LinkAddress
  profile: KeypadProfileName
}

/** Somebody pressed a key of the rating keypad. */
export interface KeypadNews {
  kind: 'key-pressed'
  score: RatingScore
}

/** A message is at most some tens of bytes, sent without pause; at 9600 baud a byte takes 1 ms. */
const gapMs = 100

/** Contacts bounce for some milliseconds and hurried fingers press twice; nobody means two ratings this fast. */
const debounceMs = 300

/** One late heartbeat is the keypad's clock, three are silence. */
const maxMissedHeartbeats = 3

/** One rating keypad on a serial line or a TCP port: keeps the link, turns bytes into presses. It takes no commands. */
export class SerialKeypad implements Driver<never, never, never> {
  readonly kind = 'keypad'
  readonly #emit: (event: DriverEvent<KeypadNews>) => void
  readonly #profile: KeypadProfile
  readonly #framer: KeypadFramer
  readonly #life: { stop(): Promise<void> }
  #gap: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined
  #lastPressMs = Number.NEGATIVE_INFINITY

  constructor(config: KeypadHostConfig, emit: (event: DriverEvent<KeypadNews>) => void) {
    this.#emit = emit
    this.#profile = keypadProfiles[config.profile]
    this.#framer = new KeypadFramer(this.#profile)
    this.#life = startKeptLink({
      address: config.link,
      onData: (bytes) => this.#receive(bytes),
      onUp: () => this.#beReady(),
      onDown: () => this.#forgetHalf(),
      tell: (sight) => this.#tell(sight),
    })
  }

  submit(): Promise<Outcome<never>> {
    return takesNoCommands('a keypad')
  }

  async close(): Promise<void> {
    await this.#life.stop()
  }

  #forgetHalf(): void {
    clearTimeout(this.#gap)
    clearTimeout(this.#silence)
    this.#framer.reset()
  }

  #receive(bytes: Uint8Array): void {
    clearTimeout(this.#gap)
    for (const message of this.#framer.push(bytes)) this.#take(message)
    this.#gap = setTimeout(() => this.#framer.reset(), gapMs)
  }

  #take(message: KeypadMessage): void {
    this.#beReady()
    if (message.kind === 'heartbeat') return
    const nowMs = performance.now()
    const bounced = nowMs - this.#lastPressMs < debounceMs
    this.#lastPressMs = nowMs
    if (!bounced) this.#emit({ kind: 'news', news: { kind: 'key-pressed', score: message.score } })
  }

  /** A keypad without heartbeat says nothing until somebody presses; that its line is there is all that can be known. */
  #beReady(): void {
    clearTimeout(this.#silence)
    this.#tell({ phase: 'ready', reasons: [] })
    const { heartbeat } = this.#profile
    if (heartbeat === undefined) return
    const beMute = () => this.#tell({ phase: 'fault', reasons: ['mute'] })
    this.#silence = setTimeout(beMute, heartbeat.everyMs * maxMissedHeartbeats)
  }

  #tell(sight: DeviceSight): void {
    this.#emit({ kind: 'sight', sight })
  }
}
