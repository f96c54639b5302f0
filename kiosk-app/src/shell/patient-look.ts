import { type ReadonlySignal, signal } from '@preact/signals'
import { type Catalogue, chinese } from '../catalogue/words.ts'
import { type DisplaySettings, defaultDisplay } from '../kit/display-settings.ts'
import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'

/** A word over the screen about something that changed nothing. */
export type Notice = 'scan-ignored' | 'card-ignored'

/** How the page looks for the patient at the screen, and what is said over it. */
export interface PatientLook {
  readonly display: ReadonlySignal<DisplaySettings>
  readonly catalogue: ReadonlySignal<Catalogue>
  /** Grows with every end of a session; what is drawn under an older one is thrown away whole. */
  readonly epoch: ReadonlySignal<number>
  readonly notice: ReadonlySignal<Notice | null>
  /** Shows the page as chosen, once the words of that language are there. */
  show(chosen: DisplaySettings): void
  say(notice: Notice): void
  /** A session ended in which nobody was named: the same person may go on, as they chose to see it. */
  forgetSession(): void
  /** Nothing of this person is left, not even the language. */
  wipe(): void
  stop(): void
}

/** A word about an ignored scan or card stands as long as a slow reader needs for two lines. */
const noticeMs = 8_000

/** The look that every patient starts with. */
export function patientLook(deps: { clock: KioskClock; loadEnglish(): Promise<Catalogue> }): PatientLook {
  const display = signal(defaultDisplay)
  const catalogue = signal(chinese)
  const epoch = signal(0)
  const notice = signal<Notice | null>(null)
  let cancelNotice: () => void = nothingScheduled

  const setNotice = (said: Notice | null) => {
    cancelNotice()
    notice.value = said
    if (said) cancelNotice = deps.clock.after(noticeMs, () => setNotice(null))
  }
  const forgetSession = () => {
    setNotice(null)
    epoch.value += 1
  }
  return {
    display,
    catalogue,
    epoch,
    notice,
    say: setNotice,
    forgetSession,
    wipe() {
      display.value = defaultDisplay
      catalogue.value = chinese
      forgetSession()
    },
    show(chosen) {
      const asked = epoch.peek()
      // A language is shown once its words are there, and only if the same patient still stands here.
      const put = (words: Catalogue) => {
        if (epoch.peek() !== asked) return
        catalogue.value = words
        display.value = chosen
      }
      const now = catalogue.peek()
      if (chosen.locale === now.locale) put(now)
      else if (chosen.locale === chinese.locale) put(chinese)
      // Without the words of the other language the screen stays in the one that it has.
      else deps.loadEnglish().then(put, () => undefined)
    },
    stop: () => cancelNotice(),
  }
}
