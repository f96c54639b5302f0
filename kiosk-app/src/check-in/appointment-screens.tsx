import type { IdentifiedAppointment } from '@yizhan/contracts/check-in'
import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { StationBanner } from '../kit/station-banner.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import { choicesShown } from './check-in-flow.ts'
import type { ScreenPropsOf } from './screen-props.ts'

/** Shown for the blink in which the station looks the booking up. */
export function IdentifyingScreen({ words }: ScreenPropsOf<'identifying'>): VNode {
  return (
    <ScreenPanes title={words.say('identifying.title')} icon="clock">
      <p class="lead">{words.say('identifying.body')}</p>
    </ScreenPanes>
  )
}

/** Two or more appointments: the nearest first, a few at a time. */
export function ChoosingScreen({ step, words, act, newId }: ScreenPropsOf<'choosing'>): VNode {
  const { maskedName = '' } = step.appointments[0] ?? {}
  const isNearest = (one: IdentifiedAppointment) => one === step.appointments[0] && isOpen(one)
  const shown = step.appointments.slice(step.firstShown, step.firstShown + choicesShown)
  return (
    <ScreenPanes
      title={words.say('choose.title')}
      controls={
        <div class="choices">
          {shown.map((appointment) => (
            <TouchButton
              key={appointment.bookingId}
              rank={isNearest(appointment) ? 'first-choice' : 'choice'}
              onPress={() => act({ type: 'choose', bookingId: appointment.bookingId, operationId: newId() })}
            >
              <ChoiceWords appointment={appointment} words={words} nearest={isNearest(appointment)} />
            </TouchButton>
          ))}
          {step.appointments.length > choicesShown ? (
            <TouchButton rank="quiet" onPress={() => act({ type: 'show-more' })}>
              {words.say('choose.more')}
            </TouchButton>
          ) : null}
        </div>
      }
    >
      {maskedName === '' ? null : <p class="choice-name">{maskedName}</p>}
      <p class="lead">{words.say('choose.lead', { n: step.appointments.length })}</p>
    </ScreenPanes>
  )
}

function isOpen({ standing }: IdentifiedAppointment): boolean {
  return standing === 'on-time' || standing === 'late'
}

function ChoiceWords(props: { appointment: IdentifiedAppointment; words: Words; nearest: boolean }): VNode {
  const { appointment, words, nearest } = props
  const { slotStart, clinicName, doctorName, standing } = appointment
  const today = standing !== 'other-day'
  return (
    <>
      <strong class="choice-time">{today ? words.clock(slotStart) : words.day(slotStart)}</strong>
      <span class="choice-standing">
        {nearest ? <strong>{words.say('choose.nearest')} · </strong> : null}
        {words.say(`standing.${standing}`)}
      </span>
      <span class="choice-clinic">
        {words.local(clinicName)} · {doctorName}
      </span>
    </>
  )
}

/** 「是您吗?」: the masked name and the appointment; one touch checks in. */
export function ConfirmingScreen({ step, words, act }: ScreenPropsOf<'confirming'>): VNode {
  const { appointment, credential } = step
  const nameless = appointment.maskedName === ''
  return (
    <ScreenPanes
      title={words.say(nameless ? 'confirm.title-nameless' : 'confirm.title')}
      {...(credential.kind === 'typed' ? { progress: words.say('step.of', { at: 3, all: 3 }) } : {})}
      controls={
        <>
          {appointment.standing === 'late' ? (
            <StationBanner icon="clock">{words.say('confirm.late')}</StationBanner>
          ) : null}
          <div class="answers">
            <TouchButton rank="quiet" onPress={() => act({ type: 'leave' })}>
              {words.say('confirm.not-me')}
            </TouchButton>
            <TouchButton rank="primary" onPress={() => act({ type: 'check-in', locale: words.locale })}>
              {words.say('confirm.check-in')}
            </TouchButton>
          </div>
        </>
      }
    >
      {nameless ? <p class="lead">{words.say('confirm.nameless')}</p> : null}
      <AppointmentFacts appointment={appointment} words={words} />
    </ScreenPanes>
  )
}

function AppointmentFacts({ appointment, words }: { appointment: IdentifiedAppointment; words: Words }): VNode {
  const { maskedName, clinicName, doctorName, slotStart, slotEnd, place } = appointment
  return (
    <dl class="facts">
      {maskedName === '' ? null : (
        <div class="fact-name">
          <dt>{words.say('confirm.name')}</dt>
          <dd>{maskedName}</dd>
        </div>
      )}
      <div>
        <dt>{words.say('confirm.clinic')}</dt>
        <dd>{words.local(clinicName)}</dd>
      </div>
      <div>
        <dt>{words.say('confirm.doctor')}</dt>
        <dd>{doctorName}</dd>
      </div>
      <div>
        <dt>{words.say('confirm.time')}</dt>
        <dd class="tabular">
          {words.clock(slotStart)}–{words.clock(slotEnd)}
        </dd>
      </div>
      <div>
        <dt>{words.say('confirm.place')}</dt>
        <dd>{words.local(place)}</dd>
      </div>
    </dl>
  )
}

/** Between the tap and the number; shows nothing of the person, for an unanswered try may last. */
export function CommittingScreen({ step, words, helpDesk }: ScreenPropsOf<'committing'>): VNode {
  return (
    <ScreenPanes title={words.say(step.unanswered ? 'commit.unanswered-title' : 'commit.title')} icon="clock">
      <p class="lead" role="status">
        {step.unanswered ? words.say('commit.unanswered', { desk: helpDesk }) : words.say('commit.body')}
      </p>
    </ScreenPanes>
  )
}
