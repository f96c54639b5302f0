import { useComputed } from '@preact/signals'
import type { StationView } from '@yizhan/contracts/station'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { remindsOfCard } from '../card/cards-in.ts'
import { type Catalogue, type Words, wordsOf } from '../catalogue/words.ts'
import { CheckInScreen } from '../check-in/check-in-screens.tsx'
import type { CheckInStep } from '../check-in/check-in-step.ts'
import { waysOut } from '../check-in/ways-out.ts'
import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'
import { KioskFrame } from '../kit/kiosk-frame.tsx'
import { WaitScreen } from '../kit/wait-screen.tsx'
import { IdleDialog } from '../session/idle-dialog.tsx'
import { type StationSight, viewOf } from '../station/station-watch.ts'
import type { KioskPage } from './kiosk-page.ts'
import { CausedPauseScreen, NotLaunchedScreen, PausedScreen, pauseCauseOf, StartingScreen } from './pause-screens.tsx'

/** Used until the station has named its own zone; the words shown then carry no times. */
const zoneBeforeView = 'Asia/Shanghai'
const secondMs = 1_000

/** The whole kiosk; drawn anew from nothing after every wipe. */
export function KioskScreen({ page, clock }: { page: KioskPage; clock: KioskClock }): VNode {
  const now = useNow(clock)
  useAnyTouch(() => page.idle.heard())
  return <SessionScreen key={page.look.epoch.value} page={page} now={now} />
}

function SessionScreen({ page, now }: { page: KioskPage; now: number }): VNode {
  const { checkIn, idle, look, readiness } = page
  const sight = page.station.sight.value
  const view = viewOf(sight)
  const zone = view?.zone ?? zoneBeforeView
  const words = useWords(look.catalogue.value, zone)
  const step = checkIn.step.value
  const time = idle.sight.value
  const ways = waysOut(step, now)
  const leave = () => checkIn.act({ type: 'leave' })
  return (
    <KioskFrame
      words={words}
      display={look.display.value}
      onDisplay={look.show}
      hospitalName={view ? words.local(view.hospitalName) : ''}
      stationName={view ? words.local(view.stationName) : ''}
      clock={view && now !== page.startedAt ? words.clock(stationTime(sight, view, now)) : ''}
      helpDesk={deskOf(view, words)}
      takesCards={view !== null && view.cardReader !== null}
      {...(ways.back ? { onBack: () => checkIn.act({ type: 'back' }) } : {})}
      {...(ways.startOver ? { onStartOver: leave } : {})}
      namesSomebody={ways.startOver === 'not-me'}
      locked={step.kind === 'committing'}
      notice={noticeOf(page, step, words)}
      {...(step.kind === 'attract' ? { nameHeld: readiness } : {})}
    >
      {readiness.open.value ? (
        <ReadinessShown page={page} words={words} now={now} />
      ) : (
        <Shown page={page} sight={sight} step={step} words={words} now={now} />
      )}
      {time.kind === 'asking' ? (
        <IdleDialog words={words} secondsLeft={time.secondsLeft} onMoreTime={idle.moreTime} onEnd={leave} />
      ) : null}
    </KioskFrame>
  )
}

function Shown(props: { page: KioskPage; sight: StationSight; step: CheckInStep; words: Words; now: number }): VNode {
  const { page, sight, step, words, now } = props
  const view = viewOf(sight)
  const helpDesk = deskOf(view, words)
  const time = page.idle.sight.value
  if (step.kind === 'attract') {
    if (sight.kind === 'asking') return <StartingScreen words={words} />
    if (sight.kind === 'not-launched') return <NotLaunchedScreen words={words} />
    const cause = pauseCauseOf(view)
    // A station that stops because its battery is empty has said so before; of a silent one nothing else is known.
    if (cause === 'power' || (cause !== null && sight.kind === 'known'))
      return <CausedPauseScreen cause={cause} words={words} helpDesk={helpDesk} />
    if (sight.kind === 'unreachable')
      return <PausedScreen words={words} helpDesk={helpDesk} deskKnown={view !== null} />
    if (sight.view.outOfService) return <OutOfServiceShown {...props} view={sight.view} />
  }
  return (
    <CheckInScreen
      step={step}
      words={words}
      view={view}
      helpDesk={helpDesk}
      now={now}
      clearingIn={time.kind === 'clearing' ? time.secondsLeft : null}
      cardScreens={page.cardScreens.value}
      act={page.checkIn.act}
      newId={page.newId}
    />
  )
}

/** A machine that its centre does not let in says so in its own words, once they are there; until then, and for the rest, it is paused. */
function OutOfServiceShown(props: {
  page: KioskPage
  sight: StationSight
  view: StationView
  words: Words
  now: number
}) {
  const { page, sight, view, words, now } = props
  const screens = page.pairingScreens.value
  const { outOfService: why } = view
  const helpDesk = deskOf(view, words)
  if (screens === null || why === null || why === 'storage-full' || why === 'power-failing' || why === 'rebuilding')
    return <PausedScreen words={words} helpDesk={helpDesk} deskKnown />
  if (why === 'not-configured' && view.pairing === undefined)
    return <PausedScreen words={words} helpDesk={helpDesk} deskKnown />
  const shown = { why, view, words, helpDesk, now: stationTime(sight, view, now) }
  return <screens.NotLetInScreen {...shown} />
}

/** What was just ignored; else that a card is forgotten in its reader. */
function noticeOf({ look, cardsIn }: KioskPage, step: CheckInStep, words: Words): string | null {
  if (look.notice.value) return words.say(look.notice.value)
  return cardsIn.any.value && remindsOfCard(step) ? words.say('card.take-back') : null
}

function ReadinessShown({ page, words, now }: { page: KioskPage; words: Words; now: number }): VNode {
  const screens = page.readinessScreens.value
  if (screens === null) return <WaitScreen words={words} />
  const { client, newId, readiness } = page
  return <screens.ReadinessPage client={client} newId={newId} door={readiness} words={words} now={now} />
}

function deskOf(view: StationView | null, words: Words): string {
  return view ? words.local(view.helpDesk) : words.say('paused.desk-unknown')
}

/** The station's own clock, carried on by the page's between two answers. */
function stationTime(sight: StationSight, view: StationView, now: number): number {
  return 'askedAt' in sight && sight.kind === 'known' ? view.now + (now - sight.askedAt) : now
}

function useWords(catalogue: Catalogue, zone: string): Words {
  const [made, setMade] = useState({ catalogue, zone, words: wordsOf(catalogue, zone) })
  if (made.catalogue === catalogue && made.zone === zone) return made.words
  const words = wordsOf(catalogue, zone)
  setMade({ catalogue, zone, words })
  return words
}

function useNow(clock: KioskClock): number {
  const [now, setNow] = useState(clock.now())
  useEffect(() => {
    let cancel: () => void = nothingScheduled
    const tick = () => {
      setNow(clock.now())
      cancel = clock.after(secondMs, tick)
    }
    cancel = clock.after(secondMs, tick)
    return () => cancel()
  }, [clock])
  return now
}

function useAnyTouch(heard: () => void): void {
  const latest = useComputed(() => heard)
  useEffect(() => {
    const hear = () => latest.peek()()
    window.addEventListener('pointerdown', hear, true)
    window.addEventListener('keydown', hear, true)
    return () => {
      window.removeEventListener('pointerdown', hear, true)
      window.removeEventListener('keydown', hear, true)
    }
  }, [latest])
}
