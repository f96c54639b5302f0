import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { type IconName, LucideIcon } from '../kit/lucide-icon.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import type { CheckInRefusal, StepOf } from './check-in-step.ts'
import { notNowWords, type RefusalWords, refusalWords } from './refusal-words.ts'
import type { ScreenPropsOf } from './screen-props.ts'

/** Why the patient cannot go on, and every way that is still open. */
export function RefusedScreen(props: ScreenPropsOf<'refused'>): VNode {
  const { step, words, helpDesk, now, act } = props
  const again = againOf(step, now)
  return (
    <RefusalPanes
      said={refusalWords(step.refusal, words, helpDesk, now)}
      words={words}
      helpDesk={helpDesk}
      icon={iconOf(step.refusal)}
      controls={
        <div class="answers">
          <TouchButton rank={again ? 'quiet' : 'primary'} onPress={() => act({ type: 'leave' })}>
            {words.say('refused.end')}
          </TouchButton>
          {again ? (
            <TouchButton rank="primary" onPress={() => act({ type: again.event })}>
              {words.say(again.word)}
            </TouchButton>
          ) : null}
        </div>
      }
    />
  )
}

function againOf({ refusal }: StepOf<'refused'>, now: number) {
  switch (refusal.why) {
    case 'not-found':
    case 'session-over':
    case 'outcome-unknown':
      return { event: 'retype', word: 'refused.retype' } as const
    case 'too-many-tries':
      return refusal.untilMs > now ? null : ({ event: 'retype', word: 'refused.retype' } as const)
    case 'scan-refused':
    case 'scan-forged':
    case 'scan-gone':
      return { event: 'retype', word: 'refused.type' } as const
    case 'station-unreachable':
      return { event: 'retry', word: 'refused.try-again' } as const
    case 'out-of-service':
      return null
  }
}

function iconOf(refusal: CheckInRefusal): IconName {
  return refusal.why === 'too-many-tries' ? 'clock' : 'warning'
}

/** An appointment that exists but cannot be checked in here and now. */
export function NotNowScreen({ step, words, helpDesk, act }: ScreenPropsOf<'not-now'>): VNode {
  const { appointment } = step
  return (
    <RefusalPanes
      said={notNowWords(appointment, words, helpDesk)}
      words={words}
      helpDesk={helpDesk}
      icon={appointment.standing === 'too-early' ? 'clock' : 'warning'}
      about={`${words.local(appointment.clinicName)} · ${appointment.doctorName}`}
      controls={
        <div class="answers">
          {step.appointments.length > 1 ? (
            <TouchButton rank="quiet" onPress={() => act({ type: 'back' })}>
              {words.say('choose.more')}
            </TouchButton>
          ) : null}
          <TouchButton rank="primary" onPress={() => act({ type: 'leave' })}>
            {words.say('refused.end')}
          </TouchButton>
        </div>
      }
    />
  )
}

/** The one shape of every refusal: what happened, what was not done, what to do now, where a person is. */
export function RefusalPanes(props: {
  said: RefusalWords
  words: Words
  helpDesk: string
  icon: IconName
  about?: string
  alsoSaid?: VNode
  controls?: VNode
}): VNode {
  const { said, words } = props
  return (
    <ScreenPanes title={said.title} tone="warning" icon={props.icon} alarm controls={props.controls}>
      <p class="not-done">{said.notDone}</p>
      {props.about ? <p class="about">{props.about}</p> : null}
      <p class="lead">{said.now}</p>
      {said.more ? <p class="lead">{said.more}</p> : null}
      <p class="desk">
        <LucideIcon name="place" />
        <span>{words.say('refused.desk', { desk: props.helpDesk })}</span>
      </p>
      {props.alsoSaid}
    </ScreenPanes>
  )
}
