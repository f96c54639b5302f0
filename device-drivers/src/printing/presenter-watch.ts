import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceReason } from '@yizhan/contracts/device'
import { LinkFault } from '../device/byte-link.ts'
import { disposals, type PresenterProfile, type PresenterState } from './presenter-status.ts'
import type { PrinterSession } from './printer-session.ts'

/** A hand that takes a slip is seen within this time; one question takes 8 ms at 9600 baud. */
const lookEveryMs = 250

/** A slip of 150 mm is in the mouth a second after its cut; one that is not seen by then was taken on its way. */
const appearMs = 3000

/** Drawing a slip in or letting it fall takes about two seconds. */
const disposeMs = 5000

/** What the watch needs of the driver. */
export interface PresenterWatchDeps {
  profile: PresenterProfile
  session: PrinterSession
  tell: (state: PresenterState) => void
  /** The reasons or `stuck` changed. */
  changed: () => void
}

/**
 * Follows the slip in a presenter's mouth until the mouth is free: taken, drawn back, or let fall. A bin that takes no more is
 * known by a slip that stays in the mouth although it was to be drawn back: no manual of this class names a sensor for it.
 */
export class PresenterWatch {
  readonly #deps: PresenterWatchDeps
  readonly #stopping = new AbortController()
  #course: Promise<void> | undefined
  #late = false
  #binFull = false
  #stuck = false
  #inMouth = false

  constructor(deps: PresenterWatchDeps) {
    this.#deps = deps
  }

  /** Why a person should see to the mouth; a slip that still has its time is no reason. */
  get reasons(): DeviceReason[] {
    const reasons: DeviceReason[] = []
    if (this.#late) reasons.push('ticket-not-taken')
    if (this.#binFull) reasons.push('bin-full')
    return reasons
  }

  /** True while a slip can neither be drawn back nor let fall: nothing can be printed past it. */
  get stuck(): boolean {
    return this.#stuck
  }

  /** Looks whether a slip lies there, left by whoever was before us. */
  async begin(): Promise<void> {
    if (await this.#deps.session.lookAtMouth()) this.#start(true)
  }

  /** A slip was sent to the mouth; says at once what is seen of it, null when nothing yet, or nothing more over this link. */
  async presented(): Promise<PresenterState | null> {
    try {
      const seen = await this.#deps.session.lookAtMouth()
      this.#start(seen)
      return seen ? 'in-mouth' : null
    } catch (fault) {
      // The slip is printed all the same: its outcome must not become that of a slip which was never begun.
      if (!(fault instanceof LinkFault)) throw fault
      return null
    }
  }

  /** Resolves true when the mouth is free, false when the signal aborts or a slip is stuck in it. `onWaiting` says that it is not free. */
  async untilFree(signal: AbortSignal, onWaiting: () => void): Promise<boolean> {
    const course = this.#course
    if (course === undefined) return true
    if (this.#inMouth) onWaiting()
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    while (this.#course !== undefined && !signal.aborted && !this.#stuck) {
      await Promise.race([course, aborted, sleep(lookEveryMs)])
    }
    return this.#course === undefined
  }

  /** Somebody had the printer open, and will have emptied the bin. */
  noteOpened(): void {
    if (!this.#binFull) return
    this.#binFull = false
    this.#deps.changed()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#course
  }

  #start(seen: boolean): void {
    if (this.#course !== undefined) return
    this.#inMouth = seen
    if (seen) this.#tell('in-mouth')
    this.#course = this.#follow(seen).finally(() => {
      this.#course = undefined
      this.#set({ late: false, stuck: false })
    })
  }

  async #follow(seen: boolean): Promise<void> {
    try {
      if (!seen) {
        if (!(await this.#until(true, appearMs))) return this.#tell('taken')
        this.#tell('in-mouth')
      }
      if (await this.#until(false, this.#deps.profile.takeMs)) return this.#tell('taken')
      this.#set({ late: true })
      if (this.#deps.profile.untaken === 'retract' && (await this.#retract())) return
      if (await this.#dispose('eject')) return this.#tell('ejected')
      this.#set({ stuck: true })
      await this.#until(false, Number.POSITIVE_INFINITY)
      this.#tell('taken')
    } catch (fault) {
      // The link is over; whoever greets the printer next looks into its mouth.
      if (!(fault instanceof LinkFault)) throw fault
    }
  }

  async #retract(): Promise<boolean> {
    if (await this.#dispose('retract')) {
      this.#tell('retracted')
      this.#set({ binFull: false })
      return true
    }
    this.#set({ binFull: true })
    this.#tell('bin-full')
    return false
  }

  async #dispose(how: keyof typeof disposals): Promise<boolean> {
    await this.#deps.session.write(disposals[how])
    return await this.#until(false, disposeMs)
  }

  /** Looks until the mouth holds a slip, or holds none, as wanted; false when it does not within the time. */
  async #until(wanted: boolean, withinMs: number): Promise<boolean> {
    const { session } = this.#deps
    const startedAt = performance.now()
    for (;;) {
      if (this.#stopping.signal.aborted || session.ended) throw new LinkFault('the presenter is watched no more')
      this.#inMouth = await session.lookAtMouth()
      if (this.#inMouth === wanted) return true
      if (performance.now() - startedAt >= withinMs) return false
      await sleep(lookEveryMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
    }
  }

  #tell(state: PresenterState): void {
    if (!this.#stopping.signal.aborted) this.#deps.tell(state)
  }

  #set(known: { late?: boolean; binFull?: boolean; stuck?: boolean }): void {
    this.#late = known.late ?? this.#late
    this.#binFull = known.binFull ?? this.#binFull
    this.#stuck = known.stuck ?? this.#stuck
    this.#deps.changed()
  }
}
