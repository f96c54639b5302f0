import { setTimeout as sleep } from 'node:timers/promises'
import { onArg, wholeArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import { LineNoise } from './line-noise.ts'

/** The cable of a simulated device; a pseudo-terminal pair is one. */
export interface SimCable {
  write(bytes: Uint8Array): void
  unplug(): Promise<void>
  plugIn(): Promise<void>
}

/** What is wrong with a wire at the moment. */
export interface SimWireFaults {
  powered: boolean
  attached: boolean
  muted: boolean
  bytesPerS: number | null
}

/** How often a slow wire sends; short beside any time limit of a driver. */
const slowTickMs = 20

/** A pulled plug is back after this, when nothing else is said. */
const dropMs = 300

const defaultSeed = 1
const defaultGarbageBytes = 16

/**
 * What a simulated device sends through, with the faults that every device can have: silence, half a message, garbage, a slow line,
 * a pulled plug, no power. Everything random comes from a seed.
 */
export class SimWire {
  readonly #cable: SimCable
  readonly #changed: () => void
  readonly #random = new LineNoise(defaultSeed)
  #powered = true
  #attached = true
  #muted = false
  #halveNext = false
  #bytesPerS: number | null = null
  #slow: Promise<void> = Promise.resolve()
  #slowPending = 0
  #plugging: Promise<void> = Promise.resolve()

  constructor(cable: SimCable, changed: () => void) {
    this.#cable = cable
    this.#changed = changed
  }

  faults(): SimWireFaults {
    return { powered: this.#powered, attached: this.#attached, muted: this.#muted, bytesPerS: this.#bytesPerS }
  }

  /** Whether the device lives: what it is asked without power it never hears. */
  get powered(): boolean {
    return this.#powered
  }

  /** Sends a message of the device, as far as its faults let it. */
  send(message: Uint8Array): void {
    if (!this.#powered || this.#muted) return
    const bytes = this.#halveNext ? message.subarray(0, Math.ceil(message.length / 2)) : message
    this.#halveNext = false
    this.#put(bytes)
  }

  async unplug(): Promise<void> {
    await this.#plug(false)
  }

  async plugIn(): Promise<void> {
    await this.#plug(true)
  }

  setPower(on: boolean): void {
    this.#powered = on
    this.#changed()
  }

  /** The verbs that all simulators have. */
  readonly verbs: ControlVerbs = {
    mute: (args) => this.#mute(onArg(args)),
    half: () => {
      this.#halveNext = true
    },
    garbage: (args) =>
      this.#garbage(wholeArg(args, 'bytes', { least: 1, most: 65_536, otherwise: defaultGarbageBytes })),
    slow: (args) => this.#goSlow(wholeArg(args, 'bytesPerS', { least: 0, most: 1_000_000 })),
    drop: async (args) => {
      const ms = wholeArg(args, 'ms', { least: 0, most: 60_000, otherwise: dropMs })
      if (ms === undefined) return { refusal: 'ms-invalid' }
      await this.unplug()
      await sleep(ms)
      await this.plugIn()
      return undefined
    },
    unplug: () => this.unplug(),
    'plug-in': () => this.plugIn(),
    'power-off': () => this.setPower(false),
    'power-on': () => this.setPower(true),
    seed: (args) => {
      const seed = wholeArg(args, 'seed', { least: 0, most: 0xffffffff })
      if (seed === undefined) return { refusal: 'seed-invalid' }
      this.#random.seed(seed)
      return undefined
    },
  }

  #mute(on: boolean | undefined): unknown {
    if (on === undefined) return { refusal: 'on-invalid' }
    this.#muted = on
    this.#changed()
    return undefined
  }

  #garbage(count: number | undefined): unknown {
    if (count === undefined) return { refusal: 'bytes-invalid' }
    this.#put(this.#random.bytes(count))
    return undefined
  }

  /** 0 is full speed again. */
  #goSlow(bytesPerS: number | undefined): unknown {
    if (bytesPerS === undefined) return { refusal: 'bytes-per-s-invalid' }
    this.#bytesPerS = bytesPerS === 0 ? null : bytesPerS
    this.#changed()
    return undefined
  }

  /** Hands may pull and plug faster than a terminal is made; they take their turns. */
  #plug(attached: boolean): Promise<void> {
    const turn = this.#plugging.then(async () => {
      if (this.#attached === attached) return
      this.#attached = attached
      await (attached ? this.#cable.plugIn() : this.#cable.unplug())
      this.#changed()
    })
    this.#plugging = turn.catch(() => undefined)
    return turn
  }

  #put(bytes: Uint8Array): void {
    if (this.#bytesPerS === null && this.#slowPending === 0) {
      this.#cable.write(bytes)
      return
    }
    this.#slowPending += 1
    this.#slow = this.#slow
      .then(() => this.#putSlowly(bytes))
      .finally(() => {
        this.#slowPending -= 1
      })
  }

  async #putSlowly(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      const rate = this.#bytesPerS
      const count = rate === null ? bytes.length : Math.max(1, Math.round((rate * slowTickMs) / 1000))
      this.#cable.write(bytes.subarray(offset, offset + count))
      offset += count
      if (rate !== null) await sleep((count / rate) * 1000)
    }
  }
}
