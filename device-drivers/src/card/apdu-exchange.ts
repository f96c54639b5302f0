import { CardNonsense, fitsMask } from './card-value.ts'
import { type CardSession, PcscFault } from './pcsc-transport.ts'

/** What a script may cost. */
export interface ApduLimits {
  maxApdus: number
  totalMs: number
  stepMs: number
}

/** An answer without its status word. */
export interface CardAnswer {
  data: Uint8Array
  status: Uint8Array
}

/** The longest answer that is put together from parts: files of cards that we read have some hundred bytes. */
const maxAnswerBytes = 4096

/**
 * Sends commands to one card within limits that hold for all of them together, and follows `61xx` and `6Cxx` as T=0 asks
 * (ISO 7816-3, 10.3.4). With T=1 the card service follows them itself; one that comes through is what a card pulled in the middle of
 * an exchange left behind, so there it is a transport fault.
 */
export class ApduExchange {
  readonly #session: CardSession
  readonly #limits: ApduLimits
  readonly #clock: () => number
  readonly #endsAt: number
  #sent = 0

  /** `clock` counts milliseconds and never jumps. */
  constructor(session: CardSession, limits: ApduLimits, clock: () => number) {
    this.#session = session
    this.#limits = limits
    this.#clock = clock
    this.#endsAt = clock() + limits.totalMs
  }

  /** The whole answer to a command. Throws a PcscFault, or CardNonsense when the limits are spent. */
  async ask(apdu: Uint8Array): Promise<CardAnswer> {
    let command = apdu
    let answer = await this.#transmit(command)
    const wanted = exactLength(answer)
    if (wanted !== undefined) {
      command = withExpectedLength(apdu, wanted)
      answer = await this.#transmit(command)
    }
    const parts = [answer.data]
    while (answer.status[0] === 0x61) {
      answer = await this.#transmit(Uint8Array.of(apdu[0] ?? 0, 0xc0, 0, 0, answer.status[1] ?? 0))
      parts.push(answer.data)
      if (parts.reduce((bytes, part) => bytes + part.length, 0) > maxAnswerBytes)
        throw new CardNonsense('an answer has no end')
    }
    return { data: Buffer.concat(parts), status: answer.status }
  }

  async #transmit(apdu: Uint8Array): Promise<CardAnswer> {
    const leftMs = this.#endsAt - this.#clock()
    if (this.#sent >= this.#limits.maxApdus || leftMs <= 0) throw new CardNonsense('the card takes too long')
    this.#sent += 1
    const whole = await this.#session.transmit(apdu, { timeoutMs: Math.min(this.#limits.stepMs, Math.ceil(leftMs)) })
    if (whole.length < 2) throw new PcscFault('protocol', 'an answer without a status word')
    const status = whole.subarray(-2)
    if (this.#session.protocol === 'T=1' && (status[0] === 0x61 || status[0] === 0x6c))
      throw new PcscFault('protocol', 'a status word that T=1 does not have')
    return { data: whole.subarray(0, -2), status }
  }
}

/** Whether a status word is one of those that a profile takes. */
export function fitsStatus(status: Uint8Array, masks: readonly string[]): boolean {
  return masks.some((mask) => fitsMask(status, mask))
}

function exactLength({ status }: CardAnswer): number | undefined {
  return status[0] === 0x6c ? status[1] : undefined
}

/** The command with another Le (ISO 7816-4, 5.1): its last byte where it has one, else one more. */
function withExpectedLength(apdu: Uint8Array, length: number): Uint8Array {
  const dataLength = apdu.length > 5 ? (apdu[4] ?? 0) : 0
  const withoutLe = apdu.length > 5 ? 5 + dataLength : 4
  return Uint8Array.of(...apdu.subarray(0, withoutLe), length)
}
