import type { VNode } from 'preact'
import { ChoosingScreen, CommittingScreen, ConfirmingScreen, IdentifyingScreen } from './appointment-screens.tsx'
import { AttractScreen } from './attract-screen.tsx'
import type { CheckInStep } from './check-in-step.ts'
import { NotNowScreen, RefusedScreen } from './refusal-screens.tsx'
import type { ScreenProps } from './screen-props.ts'
import { AlreadyCheckedInScreen, TicketScreen } from './ticket-screens.tsx'
import { TypingCodeScreen, TypingSecondItemScreen } from './typing-screens.tsx'

/** The screen of a step; keyed by the step's kind, so that each screen begins afresh with the focus on its heading. */
export function CheckInScreen({ step, ...props }: ScreenProps<CheckInStep>): VNode {
  switch (step.kind) {
    case 'attract':
      return <AttractScreen key="attract" step={step} {...props} />
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
    case 'refused':
      return <RefusedScreen key={`refused ${step.refusal.why}`} step={step} {...props} />
  }
}
