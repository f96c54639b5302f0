import { askRealTime, realTimeQuestions } from './escpos-opcodes.ts'
import type { PrinterReply } from './escpos-status.ts'
import { askFullStatus, type FullStatus } from './presenter-status.ts'
import { applyFullStatus, applyRealTime, type PrinterCondition } from './printer-condition.ts'
import type { PrinterProfile } from './printer-profile.ts'
import type { ReplyWait } from './reply-wait.ts'

/** DLE EOT is answered by the printer's receiver, not after its work: a second is ten times what a serial line needs. */
const answerMs = 1000

/** Looks left without an answer, one after the other, before the printer counts as gone. */
const maxUnanswered = 3

/** What the real-time questions go out and come back through. */
export interface LookDeps {
  profile: PrinterProfile
  write: (bytes: Uint8Array) => Promise<void>
  replies: ReplyWait<PrinterReply>
  /** An answer that stayed away may have begun: what came of it is thrown away. */
  forgetHalf: () => void
}

/**
 * The real-time questions of one printer, one at a time. A real-time byte does not say what it answers, so a late one must
 * not be taken for the answer to the next question: before asking anew, those that are still owed are waited for.
 */
export class RealTimeLook {
  readonly #deps: LookDeps
  #unanswered = 0
  #owed = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(deps: LookDeps) {
    this.#deps = deps
  }

  /** True once so many looks in a row stayed unanswered that the printer counts as gone. */
  get mute(): boolean {
    return this.#unanswered >= maxUnanswered
  }

  /** A real-time byte came that nobody waited for: one less is owed. */
  noteLate(): void {
    this.#owed = Math.max(0, this.#owed - 1)
  }

  /** The condition as DLE EOT 1 to 4 tell it, and 20 where the model has it; null when an answer stays away. */
  look(known: PrinterCondition): Promise<{ condition: PrinterCondition; full: FullStatus | null } | null> {
    return this.#inTurn(async () => {
      let condition = known
      for (const question of realTimeQuestions) {
        const byte = await this.#ask(askRealTime(question))
        if (byte === null) return this.#missed()
        condition = applyRealTime(condition, question, byte)
      }
      if (this.#deps.profile.presenter === null) {
        this.#unanswered = 0
        return { condition, full: null }
      }
      const full = await this.#askFull()
      if (full === null) return this.#missed()
      this.#unanswered = 0
      return { condition: applyFullStatus(condition, full), full }
    })
  }

  /** The full status alone; null when it stays away. */
  lookAtMouth(): Promise<FullStatus | null> {
    return this.#inTurn(() => this.#askFull())
  }

  #missed(): null {
    this.#unanswered += 1
    return null
  }

  async #ask(question: Uint8Array): Promise<number | null> {
    const { replies, write, forgetHalf } = this.#deps
    while (this.#owed > 0) {
      const late = await replies.expect((reply) => reply.kind === 'real-time', answerMs).answer
      this.#owed = late.kind === 'answered' ? this.#owed - 1 : 0
    }
    const { answer } = replies.expect((reply) => reply.kind === 'real-time', answerMs)
    await write(question)
    const end = await answer
    if (end.kind === 'answered' && end.reply.kind === 'real-time') return end.reply.byte
    this.#owed += 1
    forgetHalf()
    return null
  }

  async #askFull(): Promise<FullStatus | null> {
    const { replies, write, forgetHalf } = this.#deps
    const { answer } = replies.expect((reply) => reply.kind === 'full', answerMs)
    await write(askFullStatus)
    const end = await answer
    if (end.kind === 'answered' && end.reply.kind === 'full') return end.reply.status
    forgetHalf()
    return null
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}
