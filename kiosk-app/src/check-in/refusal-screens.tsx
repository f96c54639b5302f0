import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { type IconName, LucideIcon } from '../kit/lucide-icon.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import type { CardRefusal, CheckInRefusal } from './check-in-step.ts'
import { notNowWords, type RefusalWords, refusalWords } from './refusal-words.ts'
import type { ScreenPropsOf } from './screen-props.ts'
import { againOf } from './ways-out.ts'

/** Why the patient cannot go on, and the likeliest way to go on; the bar offers one other. */
export function RefusedScreen(
  props: ScreenPropsOf<'refused'> & { refusal: Exclude<CheckInRefusal, CardRefusal> },
): VNode {
  const { step, refusal, words, helpDesk, now, act } = props
  const again = againOf(step, now)
  return (
    <RefusalPanes
      said={refusalWords(refusal, words, helpDesk, now)}
      words={words}
      helpDesk={helpDesk}
      icon={iconOf(refusal)}
      controls={
        <TouchButton rank="primary" onPress={() => act({ type: again ? again.event : 'leave' })}>
          {words.say(again ? again.word : 'refused.end')}
        </TouchButton>
      }
    />
  )
}

function iconOf(refusal: CheckInRefusal): IconName {
  return refusal.why === 'too-many-tries' ? 'clock' : 'warning'
}

/** An appointment that exists but cannot be checked in here and now. */
export function NotNowScreen({ step, words, helpDesk, act }: ScreenPropsOf<'not-now'>): VNode {
  const { appointment } = step
  const others = step.appointments.length > 1
  return (
    <RefusalPanes
      said={notNowWords(appointment, words, helpDesk)}
      words={words}
      helpDesk={helpDesk}
      icon={appointment.standing === 'too-early' ? 'clock' : 'warning'}
      about={`${words.local(appointment.clinicName)} · ${appointment.doctorName}`}
      controls={
        <TouchButton rank="primary" onPress={() => act({ type: others ? 'back' : 'leave' })}>
          {words.say(others ? 'choose.more' : 'refused.end')}
        </TouchButton>
      }
    />
  )
}

/** The one shape of every refusal: what happened, what was not done, what to do now, where a person is, which is named once. */
export function RefusalPanes(props: {
  said: RefusalWords
  words: Words
  helpDesk: string
  icon?: IconName
  picture?: VNode | undefined
  about?: string
  alsoSaid?: VNode
  controls?: VNode
}): VNode {
  const { said, words } = props
  return (
    <ScreenPanes
      title={said.title}
      tone="warning"
      icon={props.icon}
      picture={props.picture}
      alarm
      controls={props.controls}
    >
      <p class="not-done">{said.notDone}</p>
      {props.about ? <p class="about">{props.about}</p> : null}
      <p class="lead">{said.now}</p>
      {said.more ? <p class="lead">{said.more}</p> : null}
      {said.now.includes(props.helpDesk) ? null : (
        <p class="desk">
          <LucideIcon name="place" />
          <span>{words.say('refused.desk', { desk: props.helpDesk })}</span>
        </p>
      )}
      {props.alsoSaid}
    </ScreenPanes>
  )
}
