import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'
import type { ByteLink } from '../device/byte-link.ts'
import {
  askCutCounter,
  askOrderedStatus,
  askProcessId,
  askRealTime,
  automaticStatusOn,
  clearBuffer,
  flushBytes,
  initialize,
  realTimeQuestions,
} from './escpos-opcodes.ts'
import { type PrinterReply, ReplyFramer } from './escpos-status.ts'
import { applyRealTime, blockingReasons, cleanCondition, type PrinterCondition } from './printer-condition.ts'
import type { PrinterProfile } from './printer-profile.ts'
import { ReplyWait } from './reply-wait.ts'

/** A write that takes no byte for this long hangs: 256 bytes at 9600 baud take 0.27 s, and a buffer that is being printed drains faster. */
const progressMs = 3000

/** DLE EOT is answered by the printer's receiver, not after its work: a second is ten times what a serial line needs. */
const realTimeAnswerMs = 1000

/** How often a waiting driver looks at the printer's body; a status change must reach the screen within a second. */
const lookEveryMs = 1000

/** How often a wait checks its clocks; a cancel or a new cause is acted on within this time. */
const watchEveryMs = 50

/** Real-time questions left without an answer, one after the other, before the printer counts as gone. */
const maxUnanswered = 3

/** What ended an ordered wait. `cancelled`: the caller's signal; `limit`: blocked longer than allowed. */
export type OrderedEnd =
  | { kind: 'answered'; reply: PrinterReply }
  | { kind: 'silent' | 'closed' | 'cancelled' | 'limit' }

/** How long and how an ordered answer is waited for; the patience runs only while nothing blocks the printer. */
export interface OrderedWait {
  patienceMs: number
  limitMs?: number
  signal?: AbortSignal
  onBlocked?: (reason: DeviceReason) => void
}

/** One connected printer: its answers, its condition, and the questions that we ask it. Made by `openSession`. */
export class PrinterSession {
  readonly #link: ByteLink
  readonly #profile: PrinterProfile
  readonly #replies = new ReplyWait<PrinterReply>()
  readonly #framer = new ReplyFramer()
  readonly #onCondition: () => void
  #condition: PrinterCondition = cleanCondition
  #unanswered = 0
  #ended = false
  #trouble: DeviceReason | undefined
  /** The level that this session's own answers have confirmed so far. */
  evidence: EvidenceLevel = 'C'

  constructor(link: ByteLink, profile: PrinterProfile, onCondition: () => void) {
    this.#link = link
    this.#profile = profile
    this.#onCondition = onCondition
    void link.closed.then(() => this.#replies.close())
  }

  get condition(): PrinterCondition {
    return this.#condition
  }

  get junk(): number {
    return this.#framer.junk
  }

  get closed(): Promise<{ fault: string }> {
    return this.#link.closed
  }

  /** Ends the link: for a printer that is in trouble, or, without one, to greet it anew. */
  end(trouble?: DeviceReason): void {
    if (!this.#ended) this.#trouble = trouble
    this.#ended = true
    this.#link.destroy()
  }

  /** Whether we ended the link ourselves. */
  get ended(): boolean {
    return this.#ended
  }

  /** Why we ended the link, if for a trouble. */
  get trouble(): DeviceReason | undefined {
    return this.#trouble
  }

  /** Every byte from the printer comes in here. */
  receive(bytes: Uint8Array): void {
    for (const reply of this.#framer.push(bytes)) {
      if (reply.kind === 'automatic') this.#setCondition(reply.status)
      this.#replies.offer(reply)
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#link.write(bytes, { progressMs })
  }

  /**
   * Asks DLE EOT 1 to 4 and takes the answers as the condition. False when one stays away; true without asking when the
   * profile forbids it.
   */
  async look(): Promise<boolean> {
    if (!this.#profile.realTimeStatus) return true
    let seen = this.#condition
    for (const question of realTimeQuestions) {
      const { answer } = this.#replies.expect((reply) => reply.kind === 'real-time', realTimeAnswerMs)
      await this.write(askRealTime(question))
      const end = await answer
      if (end.kind !== 'answered' || end.reply.kind !== 'real-time') {
        this.#unanswered += 1
        return false
      }
      seen = applyRealTime(seen, question, end.reply.byte)
    }
    this.#unanswered = 0
    this.#setCondition(seen)
    return true
  }

  /** True once so many looks in a row stayed unanswered that the printer counts as gone. */
  get mute(): boolean {
    return this.#unanswered >= maxUnanswered
  }

  /** Completes whatever command was cut short, clears the modes, and turns automatic status on. */
  async prepare(): Promise<void> {
    await this.write(flushBytes)
    await this.write(initialize)
    if (this.#profile.automaticStatus) await this.write(automaticStatusOn)
  }

  /**
   * Sends bytes that end in a question which the printer answers in order, after everything before it; watches the
   * printer's condition while waiting.
   */
  async askInOrder(
    bytes: Uint8Array,
    matches: (reply: PrinterReply) => boolean,
    wait: OrderedWait,
  ): Promise<OrderedEnd> {
    const [end] = await Promise.all([this.#awaitInOrder(matches, wait), this.write(bytes)])
    return end
  }

  async #awaitInOrder(matches: (reply: PrinterReply) => boolean, wait: OrderedWait): Promise<OrderedEnd> {
    const { answer, giveUp } = this.#replies.expect(matches, null)
    const over = new AbortController()
    try {
      return await Promise.race([answer, this.#watch(wait, over.signal)])
    } finally {
      over.abort()
      giveUp()
    }
  }

  /** The cuts since manufacture; null when the model does not tell, or does not answer within the patience. */
  async readCuts(wait: OrderedWait): Promise<number | null> {
    if (!this.#profile.cutCounter) return null
    const end = await this.askInOrder(askCutCounter, (reply) => reply.kind === 'counter', wait)
    return end.kind === 'answered' && end.reply.kind === 'counter' ? end.reply.value : null
  }

  /** Asks for the sign that everything before has been printed, by the best means the confirmed level has. */
  confirmationFor(processId: string): { question: Uint8Array; matches: (reply: PrinterReply) => boolean } | null {
    if (this.evidence === 'A') {
      return {
        question: askProcessId(processId),
        matches: (reply) => reply.kind === 'process-id' && reply.processId === processId,
      }
    }
    if (this.evidence === 'C') return null
    return { question: askOrderedStatus, matches: (reply) => reply.kind === 'ordered' }
  }

  /** Throws away what the printer still holds (DLE ENQ 2), and waits until it says that it is there. */
  async clear(): Promise<void> {
    if (!this.#profile.clearsBuffer) return
    await this.write(clearBuffer)
    await this.look()
  }

  #setCondition(condition: PrinterCondition): void {
    this.#condition = condition
    this.#onCondition()
  }

  async #watch(wait: OrderedWait, over: AbortSignal): Promise<OrderedEnd> {
    const startedAt = performance.now()
    let calmSince = startedAt
    let lookedAt = startedAt
    let told: DeviceReason | undefined
    while (!over.aborted) {
      await sleep(watchEveryMs)
      const now = performance.now()
      const [reason] = blockingReasons(this.#condition)
      if (reason !== undefined) calmSince = now
      if (reason !== undefined && reason !== told) wait.onBlocked?.(reason)
      told = reason
      const end = this.#patienceEnd(wait, now - startedAt, now - calmSince)
      if (end !== undefined) return end
      const mustLook = reason !== undefined || !this.#profile.automaticStatus
      if (mustLook && now - lookedAt >= lookEveryMs && !over.aborted) {
        lookedAt = now
        await this.look()
      }
    }
    return { kind: 'silent' }
  }

  #patienceEnd(wait: OrderedWait, waitedMs: number, calmMs: number): OrderedEnd | undefined {
    if (wait.signal?.aborted) return { kind: 'cancelled' }
    if (wait.limitMs !== undefined && waitedMs >= wait.limitMs) return { kind: 'limit' }
    return calmMs >= wait.patienceMs || this.mute ? { kind: 'silent' } : undefined
  }
}
