import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'
import type { ByteLink } from '../device/byte-link.ts'
import {
  askCutCounter,
  askOrderedStatus,
  askProcessId,
  automaticStatusOn,
  clearBuffer,
  flushBytes,
  initialize,
} from './escpos-opcodes.ts'
import { type PrinterReply, ReplyFramer } from './escpos-status.ts'
import type { FullStatus } from './presenter-status.ts'
import { blockingReasons, cleanCondition, type PrinterCondition } from './printer-condition.ts'
import type { PrinterProfile } from './printer-profile.ts'
import { RealTimeLook } from './real-time-look.ts'
import { ReplyWait } from './reply-wait.ts'

/** A write that takes no byte for this long hangs: 256 bytes at 9600 baud take 0.27 s, and a buffer that is being printed drains faster. */
const progressMs = 3000

/** How often a waiting driver looks at the printer's body; a status change must reach the screen within a second. */
const lookEveryMs = 1000

/** How often a wait checks its clocks; a cancel or a new cause is acted on within this time. */
const watchEveryMs = 50

/** An answer that stops for this long in its middle does not go on: bytes of one answer are 1 ms apart at 9600 baud. */
const answerGapMs = 500

/** A device that has said this much that nobody asked for, and no answer in between, does not speak our language. */
const maxNoiseBytes = 4096

/** Ordered answers that are late come within this time of the one that was waited for; asked only at the greeting. */
const lateAnswerMs = 300

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
  readonly #framer: ReplyFramer
  readonly #look: RealTimeLook
  readonly #onCondition: () => void
  #condition: PrinterCondition = cleanCondition
  #full: FullStatus | null = null
  #receivedAt = 0
  #unasked = 0
  #quietNoise = 0
  #strangers = 0
  #cuts = 0
  #ended = false
  #trouble: DeviceReason | undefined
  /** The level that this session's own answers have confirmed so far. */
  evidence: EvidenceLevel = 'C'

  constructor(link: ByteLink, profile: PrinterProfile, onCondition: () => void) {
    this.#link = link
    this.#profile = profile
    this.#onCondition = onCondition
    this.#framer = new ReplyFramer({ fullStatus: profile.presenter !== null })
    this.#look = new RealTimeLook({
      profile,
      write: (bytes) => this.write(bytes),
      replies: this.#replies,
      forgetHalf: () => this.#framer.reset(),
    })
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

  /** Every byte from the printer comes in here; what it says of its condition is told once for all of them. */
  receive(bytes: Uint8Array): void {
    if (this.#ended) return
    const now = performance.now()
    if (this.#framer.open && now - this.#receivedAt > answerGapMs) this.#framer.reset()
    this.#receivedAt = now
    const before = this.#condition
    for (const reply of this.#framer.push(bytes)) this.#take(reply)
    if (this.#condition !== before) this.#onCondition()
    if (this.#noise - this.#quietNoise > maxNoiseBytes) this.end('protocol')
  }

  #take(reply: PrinterReply): void {
    if (reply.kind === 'automatic') {
      if (!isSame(this.#condition, reply.status)) this.#condition = reply.status
    }
    if (this.#replies.offer(reply)) {
      this.#quietNoise = this.#noise
      return
    }
    this.#unasked += 1
    if (reply.kind === 'real-time') this.#look.noteLate()
    if (reply.kind === 'process-id') this.#strangers += 1
  }

  get #noise(): number {
    return this.#framer.junk + this.#unasked
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#link.write(bytes, { progressMs })
  }

  /**
   * Asks the real-time questions and takes the answers as the condition. False when one stays away; true without asking when
   * the profile forbids it.
   */
  async look(): Promise<boolean> {
    if (!this.#profile.realTimeStatus) return true
    const seen = await this.#look.look(this.#condition)
    if (seen === null) return false
    this.#full = seen.full
    this.#setCondition(seen.condition)
    return true
  }

  /** Looks, if the model's status does not come by itself: what is known may be a second old. */
  async lookIfUntold(): Promise<void> {
    if (!this.#profile.automaticStatus) await this.look()
  }

  /** Whether a slip lies in the presenter's mouth, asked now; what was last known when no answer comes. */
  async lookAtMouth(): Promise<boolean> {
    this.#full = (await this.#look.lookAtMouth()) ?? this.#full
    return this.#full?.ticketInMouth ?? false
  }

  /** True once so many looks in a row stayed unanswered that the printer counts as gone. */
  get mute(): boolean {
    return this.#look.mute
  }

  /** Whether it answered the last ordered question with a process ID that is not ours. */
  get answeredStrangely(): boolean {
    return this.#strangers > 0
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
    this.#strangers = 0
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

  /**
   * The cuts since manufacture; null when the model does not tell, or does not answer within the patience. A count that goes
   * back is no count: the level falls to B.
   */
  async readCuts(wait: OrderedWait): Promise<number | null> {
    if (!this.#profile.cutCounter) return null
    const end = await this.askInOrder(askCutCounter, (reply) => reply.kind === 'counter', wait)
    if (end.kind !== 'answered' || end.reply.kind !== 'counter') return null
    const { value } = end.reply
    if (value < this.#cuts) {
      this.evidence = 'B'
      return null
    }
    this.#cuts = value
    return value
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

  /** Throws away what the printer still holds (DLE ENQ 2), and waits until it says that it is there; false if it cannot. */
  async clear(): Promise<boolean> {
    if (!this.#profile.clearsBuffer) return false
    await this.write(clearBuffer)
    await this.look()
    return true
  }

  /** Lets ordered answers to an earlier process's questions pass, which would confirm what they know nothing of. */
  async passLateAnswers(): Promise<void> {
    for (;;) {
      const { answer } = this.#replies.expect((reply) => reply.kind === 'ordered', lateAnswerMs)
      if ((await answer).kind !== 'answered') return
    }
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

function isSame(one: PrinterCondition, other: PrinterCondition): boolean {
  return (Object.keys(one) as (keyof PrinterCondition)[]).every((key) => one[key] === other[key])
}
