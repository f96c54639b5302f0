import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'
import { type LinkAddress, LinkFault } from '../device/byte-link.ts'
import type { CommandCalls, DeviceSight, Driver, DriverEvent, Outcome } from '../device/driver.ts'
import { openLink } from '../device/open-link.ts'
import { watchArrival } from '../device/path-arrival.ts'
import { backOffMs } from '../device/restart-plan.ts'
import { askOrderedStatus, askProcessId } from './escpos-opcodes.ts'
import type { PresenterState } from './presenter-status.ts'
import { PresenterWatch } from './presenter-watch.ts'
import { blockingReasons, cleanCondition, type PrinterCondition } from './printer-condition.ts'
import { type PrinterProfile, type ProfileName, printerProfiles } from './printer-profile.ts'
import { PrinterSession } from './printer-session.ts'
import { newProcessId, type PrintProgress, type PrintProof, printSlip, type SlipCommand } from './slip-printing.ts'

/** What a printer's driver process is started with. */
export interface PrinterHostConfig {
  kind: 'printer'
  profile: ProfileName
  link: LinkAddress
}

/** What a printer's driver process can be told to do. */
export type PrinterCommand = SlipCommand | { kind: 'read-cuts'; limitMs: number }

/** What a printer's driver tells without being asked, besides its health. */
export type PrinterNews = { kind: 'presenter'; state: PresenterState }

/** A printer that was switched on again should be ready before its door is closed. */
const longestReconnectMs = 2000

/** Finds a printer that went away without a word, where a status change comes by itself. */
const idleLookMs = 10_000

/** Where none does, the printer is looked at as often as the screen must know. */
const idleLookUntoldMs = 1000

/** What an interrupted predecessor left in the printer may still be printing: 400 mm at 50 mm/s. */
const greetingPatienceMs = 8000

/** Looks at a blocked printer while it is not yet greeted. */
const blockedLookMs = 1000

/** Looks again at a printer that left a look unanswered: three in a row, and it counts as gone. */
const unansweredLookMs = 1000

/** One ESC/POS printer: keeps the link, greets the printer after every reconnect, prints one slip at a time. */
export class EscposPrinter implements Driver<PrinterCommand, PrintProof, PrintProgress> {
  readonly kind = 'printer'
  readonly #link: LinkAddress
  readonly #profile: PrinterProfile
  readonly #emit: (event: DriverEvent<PrinterNews>) => void
  readonly #closing = new AbortController()
  readonly #life: Promise<void>
  #condition: PrinterCondition = cleanCondition
  #ready: PrinterSession | undefined
  #presenter: PresenterWatch | undefined
  #busy = false
  #trouble: DeviceReason | undefined
  #everReady = false
  #lastSight = ''

  constructor(config: PrinterHostConfig, emit: (event: DriverEvent<PrinterNews>) => void) {
    this.#link = config.link
    this.#profile = printerProfiles[config.profile]
    this.#emit = emit
    this.#tell()
    this.#life = this.#live()
  }

  async submit(command: PrinterCommand, calls: CommandCalls<PrintProgress>): Promise<Outcome<PrintProof>> {
    const session = this.#ready
    if (session === undefined) {
      const [reason = 'link-lost'] = this.#sight().reasons
      return { ok: false, phase: 'not-started', reason, detail: 'the printer is not ready' }
    }
    this.#busy = command.kind === 'print'
    this.#tell()
    try {
      return command.kind === 'print'
        ? await this.#print(session, command, calls)
        : await readCutsOutcome(session, command.limitMs)
    } catch (fault) {
      if (!(fault instanceof LinkFault)) throw fault
      session.end('link-lost')
      return { ok: false, phase: 'not-started', reason: 'link-lost', detail: fault.message }
    } finally {
      this.#busy = false
      if (session.ended) this.#leave(session)
      this.#tell()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#life
  }

  /** A slip that lies in the mouth goes first: its owner takes it, or its time is over. */
  async #print(
    session: PrinterSession,
    command: SlipCommand,
    calls: CommandCalls<PrintProgress>,
  ): Promise<Outcome<PrintProof>> {
    const presenter = this.#presenter
    if (presenter === undefined) return await printSlip(session, command, calls)
    const limit = AbortSignal.any([calls.signal, AbortSignal.timeout(command.limitMs)])
    const isFree = await presenter.untilFree(limit, () =>
      calls.progress({ kind: 'waiting', reason: 'ticket-not-taken' }),
    )
    if (!isFree) {
      const detail = 'the slip before this one was not taken'
      return { ok: false, phase: 'not-started', reason: 'ticket-not-taken', detail }
    }
    const outcome = await printSlip(session, command, calls)
    const state = outcome.ok ? await presenter.presented() : null
    return outcome.ok && state !== null ? { ...outcome, proof: { ...outcome.proof, presenter: state } } : outcome
  }

  async #live(): Promise<void> {
    const arrival = watchArrival(this.#link, this.#closing.signal)
    let failures = 0
    while (!this.#closing.signal.aborted) {
      const startedAt = performance.now()
      arrival.forget()
      this.#trouble = await this.#liveSession()
      this.#ready = undefined
      if (this.#trouble !== undefined) this.#condition = cleanCondition
      this.#tell()
      failures = performance.now() - startedAt > longestReconnectMs ? 0 : failures + 1
      await arrival.wait(backOffMs(failures, Math.random(), longestReconnectMs))
    }
  }

  /** A session that a command ended takes no further command; its link may take a moment longer to close. */
  #leave(session: PrinterSession): void {
    if (this.#ready !== session) return
    this.#ready = undefined
    this.#trouble = session.trouble
  }

  /** From the connect to the end of the link; says what ended it, nothing when it is only to be greeted anew. */
  async #liveSession(): Promise<DeviceReason | undefined> {
    let session: PrinterSession | undefined
    const stop = () => session?.end()
    this.#closing.signal.addEventListener('abort', stop, { once: true })
    try {
      const early: Uint8Array[] = []
      const link = await openLink(this.#link, (bytes) => (session ? session.receive(bytes) : early.push(bytes)))
      const opened = new PrinterSession(link, this.#profile, () => this.#see(opened))
      session = opened
      for (const bytes of early) opened.receive(bytes)
      if (this.#closing.signal.aborted) stop()
      await this.#greetAndStay(opened)
      return opened.ended ? opened.trouble : 'link-lost'
    } catch (fault) {
      if (!(fault instanceof LinkFault)) throw fault
      return session?.trouble ?? (session?.mute ? 'mute' : 'link-lost')
    } finally {
      this.#closing.signal.removeEventListener('abort', stop)
      session?.end()
    }
  }

  async #greetAndStay(session: PrinterSession): Promise<void> {
    await this.#greet(session)
    const presenter = await this.#watchPresenter(session)
    this.#ready = session
    this.#trouble = undefined
    this.#everReady = true
    this.#tell()
    let gone = false
    const closed = session.closed.then(() => {
      gone = true
    })
    try {
      const idleMs = this.#profile.automaticStatus ? idleLookMs : idleLookUntoldMs
      let answered = true
      // Once it is closing nothing pauses any more, and a loop without a pause would keep the link from ever ending.
      while (!gone && !this.#closing.signal.aborted) {
        await Promise.race([closed, this.#pause(answered ? idleMs : unansweredLookMs)])
        if (!gone && !this.#busy) answered = await session.look()
        if (session.mute) throw new LinkFault('the printer answers no question')
      }
    } finally {
      this.#presenter = undefined
      await presenter?.stop()
    }
  }

  async #watchPresenter(session: PrinterSession): Promise<PresenterWatch | undefined> {
    const profile = this.#profile.presenter
    if (profile === null) return undefined
    const watch = new PresenterWatch({
      profile,
      session,
      tell: (state) => this.#emit({ kind: 'news', news: { kind: 'presenter', state } }),
      changed: () => this.#tell(),
    })
    await watch.begin()
    this.#presenter = watch
    return watch
  }

  /**
   * Waits until the printer can print, completes what an interrupted predecessor may have left, and finds out by the
   * printer's own answers what it can prove.
   */
  async #greet(session: PrinterSession): Promise<void> {
    let seen = await session.look()
    while (!seen || blockingReasons(session.condition).length > 0) {
      if (session.ended) throw new LinkFault('the link was ended during the greeting')
      if (session.mute) throw new LinkFault('the printer answers no question')
      await this.#pause(blockedLookMs)
      seen = await session.look()
    }
    await session.prepare()
    session.evidence = await this.#provenLevel(session)
  }

  async #provenLevel(session: PrinterSession): Promise<EvidenceLevel> {
    const patience = { patienceMs: greetingPatienceMs }
    if (this.#profile.processId) {
      const greeting = newProcessId()
      const end = await session.askInOrder(
        askProcessId(greeting),
        (reply) => reply.kind === 'process-id' && reply.processId === greeting,
        patience,
      )
      if (end.kind === 'answered' && (await session.readCuts(patience)) !== null) return 'A'
    }
    if (!this.#profile.orderedStatus) return 'C'
    const end = await session.askInOrder(askOrderedStatus, (reply) => reply.kind === 'ordered', patience)
    if (end.kind === 'closed') throw new LinkFault('the link ended during the greeting')
    await session.passLateAnswers()
    return end.kind === 'answered' ? 'B' : 'C'
  }

  #see(session: PrinterSession): void {
    if (session.condition.coverOpen && !this.#condition.coverOpen) this.#presenter?.noteOpened()
    this.#condition = session.condition
    this.#tell()
  }

  #sight(): DeviceSight {
    const blocking = blockingReasons(this.#condition)
    if (this.#ready === undefined) {
      if (blocking.length > 0) return { phase: 'fault', reasons: blocking }
      if (this.#trouble === undefined) return { phase: 'opening', reasons: [] }
      return { phase: this.#everReady ? 'fault' : 'absent', reasons: [this.#trouble] }
    }
    const evidence = this.#ready.evidence
    const reasons = [...blocking, ...(this.#presenter?.reasons ?? [])]
    if (this.#condition.paperNearEnd && !this.#condition.paperOut) reasons.push('paper-near-end')
    if (evidence !== this.#profile.evidence) reasons.push('config-mismatch')
    if (blocking.length > 0 || this.#presenter?.stuck) return { phase: 'fault', reasons, evidence }
    if (this.#busy) return { phase: 'busy', reasons, evidence }
    return { phase: reasons.length > 0 ? 'degraded' : 'ready', reasons, evidence }
  }

  #tell(): void {
    if (this.#closing.signal.aborted) return
    const sight = this.#sight()
    const text = JSON.stringify(sight)
    if (text === this.#lastSight) return
    this.#lastSight = text
    this.#emit({ kind: 'sight', sight })
  }

  async #pause(ms: number): Promise<void> {
    const signal = this.#closing.signal
    if (signal.aborted) return
    await sleep(ms, undefined, { signal }).catch(() => undefined)
  }
}

async function readCutsOutcome(session: PrinterSession, limitMs: number): Promise<Outcome<PrintProof>> {
  const cuts = session.evidence === 'A' ? await session.readCuts({ patienceMs: limitMs, limitMs }) : null
  return { ok: true, proof: { level: session.evidence, cutsBefore: null, cutsAfter: cuts } }
}
