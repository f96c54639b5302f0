import type { VNode } from 'preact'
import { WaitScreen } from '../kit/wait-screen.tsx'
import { ChoosingScreen, CommittingScreen, ConfirmingScreen, IdentifyingScreen } from './appointment-screens.tsx'
import { AttractScreen } from './attract-screen.tsx'
import { type CheckInStep, isAboutCards, type StepOf } from './check-in-step.ts'
import { NotNowScreen, RefusedScreen } from './refusal-screens.tsx'
import type { ScreenProps, ScreenPropsOf } from './screen-props.ts'
import { AlreadyCheckedInScreen, TicketScreen } from './ticket-screens.tsx'
import { TypingCodeScreen, TypingSecondItemScreen } from './typing-screens.tsx'

/** The screen of a step; keyed by the step's kind, so that each screen begins afresh with the focus on its heading. */
export function CheckInScreen({ step, ...props }: ScreenProps<CheckInStep>): VNode {
  switch (step.kind) {
    case 'attract':
      return <AttractScreen key="attract" step={step} {...props} />
    case 'reading-card':
    case 'refused':
      return <CardOrRefusedScreen key={keyOf(step)} step={step} {...props} />
    case 'typing-code':
      return <TypingCodeScreen key="typing-code" step={step} {...props} />
    case 'typing-second-item':
      return <TypingSecondItemScreen key="typing-second-item" step={step} {...props} />
    case 'identifying':
      return <IdentifyingScreen key="identifying" step={step} {...props} />
    case 'choosing':
      return <ChoosingScreen key="choosing" step={step} {...props} />
    case 'confirming':
      return <ConfirmingScreen key="confirming" step={step} {...props} />
    case 'committing':
      return <CommittingScreen key="committing" step={step} {...props} />
    case 'ticket':
      return <TicketScreen key="ticket" step={step} {...props} />
    case 'already-checked-in':
      return <AlreadyCheckedInScreen key="already" step={step} {...props} />
    case 'not-now':
      return <NotNowScreen key={`not-now ${step.appointment.bookingId}`} step={step} {...props} />
  }
}

function keyOf(step: StepOf<'reading-card' | 'refused'>): string {
  return step.kind === 'refused' ? `refused ${step.refusal.why}` : step.kind
}

function CardOrRefusedScreen({ step, ...props }: ScreenPropsOf<'reading-card' | 'refused'>): VNode {
  const { cardScreens } = props
  if (step.kind === 'reading-card') {
    return cardScreens ? <cardScreens.ReadingCardScreen {...props} /> : <WaitScreen words={props.words} />
  }
  const { refusal } = step
  if (!isAboutCards(refusal)) return <RefusedScreen step={step} refusal={refusal} {...props} />
  return cardScreens ? (
    <cardScreens.CardRefusedScreen refusal={refusal} {...props} />
  ) : (
    <WaitScreen words={props.words} />
  )
}
