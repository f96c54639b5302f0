import { idleLimitMs } from '@yizhan/rules/access/session-limits'

/** What the watch needs of the page. */
export interface IdleWatchDeps {
  page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  clock(): number
  onIdleLimit(): void
}

/** Knows how long nobody has touched the page. */
export interface IdleWatch {
  /** Whether somebody is at the page: touched within the last minute, which is also how often a session is prolonged. */
  isAttended(): boolean
  stop(): Promise<void>
}

const attendedMs = 60_000
/** The limit is kept to within this; a person does not notice, and a sleeping laptop is caught when it wakes. */
const lookEveryMs = 5_000

/** Starts watching for the idle limit; tells it once, then anew after the next touch. */
export function startIdleWatch({ page, clock, onIdleLimit }: IdleWatchDeps): IdleWatch {
  let touchedAt = clock()
  let told = false
  const touch = () => {
    touchedAt = clock()
    told = false
  }
  const look = setInterval(() => {
    if (told || clock() - touchedAt < idleLimitMs) return
    told = true
    onIdleLimit()
  }, lookEveryMs)
  const events = ['pointerdown', 'keydown', 'wheel'] as const
  for (const event of events) page.addEventListener(event, touch, { passive: true })
  return {
    isAttended: () => clock() - touchedAt < attendedMs,
    async stop() {
      clearInterval(look)
      for (const event of events) page.removeEventListener(event, touch)
    },
  }
}
