import { effect, type ReadonlySignal } from '@preact/signals'
import { type CardsIn, watchCards } from '../card/cards-in.ts'
import type { Catalogue } from '../catalogue/words.ts'
import { patienceOf } from '../check-in/check-in-patience.ts'
import { type CheckInSession, startCheckInSession } from '../check-in/check-in-session.ts'
import type { CardScreens } from '../check-in/screen-props.ts'
import { type ReadinessDoor, readinessDoor, readinessPatience } from '../device/readiness-door.ts'
import { defaultDisplay } from '../kit/display-settings.ts'
import type { KioskClock } from '../kit/kiosk-clock.ts'
import { laterPart } from '../kit/later-part.ts'
import { takeTypedScan } from '../scanner/typed-scan.ts'
import { startWedgeWatch, type WedgeScanner } from '../scanner/wedge-watch.ts'
import { type IdleWatch, type Patience, startIdleWatch } from '../session/idle-watch.ts'
import type { StationClient } from '../station/station-client.ts'
import type { StartPushes } from '../station/station-pushes.ts'
import { type StationWatch, startStationWatch, viewOf } from '../station/station-watch.ts'
import { type PatientLook, patientLook } from './patient-look.ts'
import { stationNews } from './station-news.ts'

/** What the page fetches when the readiness report is opened. */
export type ReadinessScreens = typeof import('../device/readiness-screens.tsx')

/** What the page fetches when the centre does not let this machine in. */
export type PairingScreens = typeof import('../pairing/pairing-screens.tsx')

/** The kiosk page without its looks: everything that lives longer than one screen. */
export interface KioskPage {
  readonly station: StationWatch
  readonly checkIn: CheckInSession
  readonly idle: IdleWatch
  readonly look: PatientLook
  readonly cardsIn: CardsIn
  readonly readiness: ReadinessDoor
  readonly client: StationClient
  readonly cardScreens: ReadonlySignal<CardScreens | null>
  readonly readinessScreens: ReadonlySignal<ReadinessScreens | null>
  readonly pairingScreens: ReadonlySignal<PairingScreens | null>
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
  loadCardScreens(): Promise<CardScreens>
  loadReadinessScreens(): Promise<ReadinessScreens>
  loadPairingScreens(): Promise<PairingScreens>
  loadWedgeScanner(): Promise<WedgeScanner>
  /** Loads the page anew, because its files have changed. */
  reload(): void
}

/** A language chosen and left standing is taken back after the same minute as any idle screen. */
const strayDisplay: Patience = { kind: 'clearing', clearMs: 60_000 }

/** Starts the kiosk: watches the station, hears its pushes, holds the patient's session and forgets it in time. */
export function startKioskPage(deps: KioskPageDeps): KioskPage {
  const { client, clock, newId } = deps
  const look = patientLook(deps)
  const cardsIn = watchCards()
  const cardScreens = laterPart(deps.loadCardScreens, clock)
  const readinessScreens = laterPart(deps.loadReadinessScreens, clock)
  const pairingScreens = laterPart(deps.loadPairingScreens, clock)
  const station = startStationWatch({ client, clock })
  const checkIn = startCheckInSession({
    client,
    clock,
    newId,
    notLaunched: station.askNow,
    // While nobody was identified it is still the same person who chose the language and the large text.
    sessionEnded: (identified) => (identified ? look.wipe() : look.forgetSession()),
    ignored: (what) => look.say(`${what}-ignored`),
  })
  const readiness = readinessDoor({
    clock,
    isFree: () => checkIn.step.peek().kind === 'attract' && station.sight.peek().kind === 'known',
  })
  const idle = startIdleWatch({
    clock,
    timeUp() {
      readiness.close()
      checkIn.act({ type: 'leave' })
      look.wipe()
    },
  })
  const cardComes = cardScreens.fetchNow
  const pushes = deps.startPushes(stationNews({ station, checkIn, idle, cardsIn, readiness, cardComes }))
  const wedge = startWedgeWatch({
    station,
    load: deps.loadWedgeScanner,
    scanned: (text) => void takeTypedScan(client, text, () => checkIn.scanRefused({ refusal: 'unreadable' })),
    refused: (refusal) => checkIn.scanRefused({ refusal }),
  })
  const screenEffects = [
    keepPatience({ checkIn, idle, readiness, look }),
    reloadWhenBuildChanges({ station, checkIn }, deps.reload),
    effect(() => {
      if (readiness.open.value) readinessScreens.fetchNow()
    }),
    effect(() => {
      if (viewOf(station.sight.value)?.outOfService) pairingScreens.fetchNow()
    }),
  ]
  return {
    station,
    checkIn,
    idle,
    look,
    cardsIn,
    readiness,
    cardScreens: cardScreens.part,
    readinessScreens: readinessScreens.part,
    pairingScreens: pairingScreens.part,
    client,
    startedAt: clock.now(),
    newId,
    async stop() {
      for (const stopEffect of screenEffects) stopEffect()
      for (const part of [look, cardScreens, readinessScreens, pairingScreens, idle, checkIn]) part.stop()
      readiness.close()
      await Promise.all([pushes.stop(), station.stop(), wedge.stop()])
    },
  }
}

/** Gives each screen the time that it may stand; a patient's step shuts the readiness report. */
function keepPatience(page: Pick<KioskPage, 'checkIn' | 'idle' | 'readiness' | 'look'>): () => void {
  const { checkIn, idle, readiness, look } = page
  return effect(() => {
    const step = checkIn.step.value
    if (step.kind !== 'attract') readiness.close()
    const stray = step.kind === 'attract' && look.display.value !== defaultDisplay
    if (readiness.open.value) idle.expect(readinessPatience)
    else idle.expect(stray ? strayDisplay : patienceOf(step))
  })
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
