import type { Framer } from '../device/framer.ts'
import { type KeypadProfile, keypadMessage, type RatingScore } from './keypad-profile.ts'

/** One message of a keypad. */
export type KeypadMessage = { kind: 'key'; score: RatingScore } | { kind: 'heartbeat' }

interface KnownMessage {
  bytes: Uint8Array
  message: KeypadMessage
}

/**
 * Finds a keypad's messages in its bytes. Its window is as long as one message; a byte that cannot begin one falls out of it, so
 * noise costs only itself.
 */
export class KeypadFramer implements Framer<KeypadMessage> {
  readonly max: number
  readonly #known: readonly KnownMessage[]
  #window: number[] = []
  #junk = 0

  constructor(profile: KeypadProfile) {
    this.#known = knownMessages(profile)
    this.max = this.#known[0]?.bytes.length ?? 0
  }

  get junk(): number {
    return this.#junk
  }

  push(bytes: Uint8Array): KeypadMessage[] {
    const messages: KeypadMessage[] = []
    for (const byte of bytes) {
      this.#window.push(byte)
      while (this.#window.length > 0 && !this.#mayBecome()) this.#dropFirst()
      const whole = this.#window.length === this.max ? this.#find() : undefined
      if (whole === undefined) continue
      messages.push(whole)
      this.#window = []
    }
    return messages
  }

  reset(): void {
    this.#junk += this.#window.length
    this.#window = []
  }

  #find(): KeypadMessage | undefined {
    return this.#known.find(({ bytes }) => bytes.every((byte, at) => byte === this.#window[at]))?.message
  }

  #mayBecome(): boolean {
    return this.#known.some(({ bytes }) => this.#window.every((byte, at) => byte === bytes[at]))
  }

  #dropFirst(): void {
    this.#window.shift()
    this.#junk += 1
  }
}

function knownMessages(profile: KeypadProfile): KnownMessage[] {
  const keys = profile.keys.map(
    ({ code, score }): KnownMessage => ({ bytes: keypadMessage(profile, code), message: { kind: 'key', score } }),
  )
  if (profile.heartbeat === undefined) return keys
  return [...keys, { bytes: keypadMessage(profile, profile.heartbeat.code), message: { kind: 'heartbeat' } }]
}
