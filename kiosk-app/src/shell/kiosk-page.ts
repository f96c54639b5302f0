import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { type Catalogue, chinese } from '../catalogue/words.ts'
import { patienceOf } from '../check-in/check-in-patience.ts'
import { type CheckInSession, startCheckInSession } from '../check-in/check-in-session.ts'
import { type DisplaySettings, defaultDisplay } from '../kit/display-settings.ts'
import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'
import { type IdleWatch, type Patience, startIdleWatch } from '../session/idle-watch.ts'
import type { StationClient } from '../station/station-client.ts'
import type { PushListener, StartPushes } from '../station/station-pushes.ts'
import { type StationWatch, startStationWatch } from '../station/station-watch.ts'

/** The kiosk page without its looks: everything that lives longer than one screen. */
export interface KioskPage {
  readonly station: StationWatch
  readonly checkIn: CheckInSession
  readonly idle: IdleWatch
  readonly display: ReadonlySignal<DisplaySettings>
  readonly catalogue: ReadonlySignal<Catalogue>
  /** Shows the page as chosen, once the words of that language are there. */
  show(chosen: DisplaySettings): void
  /** Grows with every end of a session; what is drawn under an older one is thrown away whole. */
  readonly epoch: ReadonlySignal<number>
  readonly notice: ReadonlySignal<'scan-ignored' | null>
  /** The clock in the header waits for its first second: making its formatter would delay the first screen. */
  readonly startedAt: number
  newId(): string
  stop(): Promise<void>
}

/** What the page is given by its main, or by a test. */
export interface KioskPageDeps {
  client: StationClient
  clock: KioskClock
  startPushes: StartPushes
  newId(): string
  /** Fetches the words of the other language; rejects when the station does not give them. */
  loadEnglish(): Promise<Catalogue>
  /** Loads the page anew, because its files have changed. */
  reload(): void
}

/** A word about an ignored scan stands as long as a slow reader needs for two lines. */
const noticeMs = 8_000
/** A language chosen and left standing is taken back after the same minute as any idle screen. */
const strayDisplay: Patience = { kind: 'clearing', clearMs: 60_000 }

/** Starts the kiosk: watches the station, hears its pushes, holds the patient's session and forgets it in time. */
export function startKioskPage(deps: KioskPageDeps): KioskPage {
  const { client, clock, newId } = deps
  const display = signal(defaultDisplay)
  const catalogue = signal(chinese)
  const epoch = signal(0)
  const notice = signal<'scan-ignored' | null>(null)
  let cancelNotice: () => void = nothingScheduled

  const setNotice = (said: 'scan-ignored' | null) => {
    cancelNotice()
    notice.value = said
    if (said) cancelNotice = clock.after(noticeMs, () => setNotice(null))
  }
  const forgetSession = () => {
    setNotice(null)
    epoch.value += 1
  }
  const wipe = () => {
    display.value = defaultDisplay
    catalogue.value = chinese
    forgetSession()
  }
  const show = showing({ display, catalogue, epoch }, deps.loadEnglish)
  const station = startStationWatch({ client, clock })
  const checkIn = startCheckInSession({
    client,
    clock,
    newId,
    notLaunched: station.askNow,
    // While nobody was identified it is still the same person who chose the language and the large text.
    sessionEnded: (identified) => (identified ? wipe() : forgetSession()),
    scanIgnored: () => setNotice('scan-ignored'),
  })
  const idle = startIdleWatch({
    clock,
    timeUp() {
      checkIn.act({ type: 'leave' })
      wipe()
    },
  })
  const pushes = deps.startPushes(pushListener({ station, checkIn, idle }))
  const stopPatience = effect(() => {
    const step = checkIn.step.value
    const stray = step.kind === 'attract' && display.value !== defaultDisplay
    idle.expect(stray ? strayDisplay : patienceOf(step))
  })
  const stopReload = reloadWhenBuildChanges({ station, checkIn }, deps.reload)
  return {
    station,
    checkIn,
    idle,
    display,
    catalogue,
    show,
    epoch,
    notice,
    startedAt: clock.now(),
    newId,
    async stop() {
      stopReload()
      stopPatience()
      cancelNotice()
      idle.stop()
      checkIn.stop()
      await Promise.all([pushes.stop(), station.stop()])
    },
  }
}

function pushListener({ station, checkIn, idle }: Pick<KioskPage, 'station' | 'checkIn' | 'idle'>): PushListener {
  return {
    connected: station.askNow,
    disconnected: station.askNow,
    stationChanged: station.askNow,
    printJobChanged: (print) => checkIn.act({ type: 'print-changed', print }),
    scanReceived(push) {
      idle.heard()
      checkIn.scanReceived(push)
    },
    scanRefused(push) {
      idle.heard()
      checkIn.scanRefused(push)
    },
  }
}

/** Only a screen that nobody stands at is reloaded, and only after the station has named another build than before. */
function reloadWhenBuildChanges({ station, checkIn }: Pick<KioskPage, 'station' | 'checkIn'>, reload: () => void) {
  let loadedBuild: string | null = null
  return effect(() => {
    const sight = station.sight.value
    const isIdle = checkIn.step.value.kind === 'attract'
    if (sight.kind !== 'known') return
    loadedBuild ??= sight.view.buildId
    if (isIdle && loadedBuild !== sight.view.buildId) reload()
  })
}

/** Changes how the page looks; a language is shown once its words are there, and only if the same patient still stands here. */
function showing(
  shown: { display: Signal<DisplaySettings>; catalogue: Signal<Catalogue>; epoch: ReadonlySignal<number> },
  loadEnglish: () => Promise<Catalogue>,
): (chosen: DisplaySettings) => void {
  return (chosen) => {
    const asked = shown.epoch.peek()
    const put = (words: Catalogue) => {
      if (shown.epoch.peek() !== asked) return
      shown.catalogue.value = words
      shown.display.value = chosen
    }
    const now = shown.catalogue.peek()
    if (chosen.locale === now.locale) put(now)
    else if (chosen.locale === chinese.locale) put(chinese)
    // Without the words of the other language the screen stays in the one that it has.
    else loadEnglish().then(put, () => undefined)
  }
}
