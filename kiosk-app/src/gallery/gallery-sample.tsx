import type { StationView } from '@yizhan/contracts/station'
import type { VNode } from 'preact'
import * as cardScreens from '../card/card-screens.tsx'
import { english } from '../catalogue/en.ts'
import { chinese, wordsOf } from '../catalogue/words.ts'
import { checkInSamples } from '../check-in/check-in-samples.ts'
import { CheckInScreen } from '../check-in/check-in-screens.tsx'
import { attract, type CheckInStep } from '../check-in/check-in-step.ts'
import { waysOut } from '../check-in/ways-out.ts'
import type { ReadinessSight } from '../device/readiness-run.ts'
import { readinessSamples } from '../device/readiness-samples.ts'
import { ReadinessScreen } from '../device/readiness-screens.tsx'
import type { DisplaySettings } from '../kit/display-settings.ts'
import { DisplayDialog, HelpDialog } from '../kit/frame-dialogs.tsx'
import { KioskFrame } from '../kit/kiosk-frame.tsx'
import { type NotLetIn, NotLetInScreen } from '../pairing/pairing-screens.tsx'
import { IdleDialog } from '../session/idle-dialog.tsx'
import {
  CausedPauseScreen,
  NotLaunchedScreen,
  type PauseCause,
  PausedScreen,
  StartingScreen,
} from '../shell/pause-screens.tsx'
import { sampleNotLetIn, sampleNow, sampleStation, sampleTroubles } from './sample-station.ts'

/** What one entry of the gallery shows. */
export type GallerySample =
  | {
      kind: 'step'
      step: CheckInStep
      view: StationView
      notice?: 'scan-ignored' | 'card-ignored' | 'card.take-back'
      over?: 'idle' | 'help' | 'display'
    }
  | { kind: 'readiness'; sight: ReadinessSight }
  | { kind: 'not-let-in'; why: NotLetIn; view: StationView }
  | { kind: 'caused-pause'; cause: PauseCause }
  | { kind: 'paused'; deskKnown: boolean }
  | { kind: 'not-launched' }
  | { kind: 'starting' }

/** Every screen that a patient can meet, by name. */
export const gallerySamples: Readonly<Record<string, GallerySample>> = samplesByName()

function samplesByName(): Record<string, GallerySample> {
  const steps = checkInSamples(sampleNow)
  const idleStep = steps['confirming-typed'] ?? attract
  return {
    ...Object.fromEntries(
      Object.entries(steps).map(([name, step]) => [name, { kind: 'step', step, view: sampleStation } as const]),
    ),
    ...Object.fromEntries(
      Object.entries(sampleTroubles).map(([name, view]) => [
        `attract-${name}`,
        { kind: 'step', step: attract, view } as const,
      ]),
    ),
    'idle-question': { kind: 'step', step: idleStep, view: sampleStation, over: 'idle' },
    help: { kind: 'step', step: attract, view: sampleStation, over: 'help' },
    display: { kind: 'step', step: attract, view: sampleStation, over: 'display' },
    'scan-ignored': { kind: 'step', step: idleStep, view: sampleStation, notice: 'scan-ignored' },
    'card-ignored': { kind: 'step', step: idleStep, view: sampleStation, notice: 'card-ignored' },
    'card-forgotten': {
      kind: 'step',
      step: steps['ticket-printed'] ?? attract,
      view: sampleStation,
      notice: 'card.take-back',
    },
    ...Object.fromEntries(
      Object.entries(readinessSamples(sampleNow)).map(([name, sight]) => [name, { kind: 'readiness', sight } as const]),
    ),
    ...Object.fromEntries(
      Object.entries(sampleNotLetIn).map(([name, { why, view }]) => [name, { kind: 'not-let-in', why, view } as const]),
    ),
    'paused-power': { kind: 'caused-pause', cause: 'power' },
    'paused-rebuild': { kind: 'caused-pause', cause: 'rebuild' },
    'paused-storage-full': { kind: 'caused-pause', cause: 'storage-full' },
    paused: { kind: 'paused', deskKnown: true },
    'paused-unknown': { kind: 'paused', deskKnown: false },
    'not-launched': { kind: 'not-launched' },
    starting: { kind: 'starting' },
  }
}

/** One sample in one language and look, exactly as the kiosk would draw it. */
export function GalleryScreen(props: { sample: GallerySample; display: DisplaySettings }): VNode {
  const { sample, display } = props
  const view = sample.kind === 'step' ? sample.view : sampleStation
  const words = wordsOf(display.locale === 'en' ? english : chinese, view.zone)
  const ways = waysOut(sample.kind === 'step' ? sample.step : attract, sampleNow)
  const over = sample.kind === 'step' ? sample.over : undefined
  return (
    <KioskFrame
      words={words}
      display={display}
      onDisplay={ignore}
      hospitalName={words.local(view.hospitalName)}
      stationName={words.local(view.stationName)}
      clock={words.clock(sampleNow)}
      helpDesk={words.local(view.helpDesk)}
      {...(ways.back ? { onBack: ignore } : {})}
      {...(ways.startOver ? { onStartOver: ignore } : {})}
      namesSomebody={ways.startOver === 'not-me'}
      locked={sample.kind === 'step' && sample.step.kind === 'committing'}
      notice={sample.kind === 'step' && sample.notice ? words.say(sample.notice) : null}
    >
      <SampleBody {...props} />
      {over === 'idle' ? <IdleDialog words={words} secondsLeft={24} onMoreTime={ignore} onEnd={ignore} /> : null}
      {over === 'help' ? (
        <HelpDialog words={words} helpDesk={words.local(view.helpDesk)} takesCards onClose={ignore} />
      ) : null}
      {over === 'display' ? (
        <DisplayDialog words={words} display={display} onDisplay={ignore} onClose={ignore} />
      ) : null}
    </KioskFrame>
  )
}

function SampleBody({ sample, display }: { sample: GallerySample; display: DisplaySettings }): VNode {
  const view = sample.kind === 'step' ? sample.view : sampleStation
  const words = wordsOf(display.locale === 'en' ? english : chinese, view.zone)
  const helpDesk = words.local(view.helpDesk)
  switch (sample.kind) {
    case 'step':
      return (
        <CheckInScreen
          step={sample.step}
          words={words}
          view={sample.view}
          helpDesk={helpDesk}
          now={sampleNow}
          clearingIn={sample.step.kind === 'ticket' && sample.step.ticket.print?.state === 'confirmed' ? 12 : null}
          cardScreens={cardScreens}
          act={ignore}
          newId={() => sample.kind}
        />
      )
    case 'readiness':
      return (
        <ReadinessScreen
          sight={sample.sight}
          words={words}
          now={sampleNow}
          onStart={ignore}
          onPrint={ignore}
          onEnd={ignore}
        />
      )
    case 'not-let-in':
      return <NotLetInScreen why={sample.why} view={sample.view} words={words} helpDesk={helpDesk} now={sampleNow} />
    case 'caused-pause':
      return <CausedPauseScreen cause={sample.cause} words={words} helpDesk={helpDesk} />
    case 'paused':
      return (
        <PausedScreen
          words={words}
          helpDesk={sample.deskKnown ? helpDesk : words.say('paused.desk-unknown')}
          deskKnown={sample.deskKnown}
        />
      )
    case 'not-launched':
      return <NotLaunchedScreen words={words} />
    case 'starting':
      return <StartingScreen words={words} />
  }
}

function ignore(): undefined {
  return undefined
}
