import type { StationView } from '@yizhan/contracts/station'
import type { Words } from '../catalogue/words.ts'
import type { CheckInEvent, CheckInStep, CheckInStepKind, StepOf } from './check-in-step.ts'

/** The screens about cards, which the page fetches after its first one. */
export type CardScreens = typeof import('../card/card-screens.tsx')

/** What every check-in screen is given. */
export interface ScreenProps<Step extends CheckInStep> {
  step: Step
  words: Words
  view: StationView | null
  /** Where a person helps, as a phrase that ends a sentence. */
  helpDesk: string
  now: number
  /** Seconds until the screen is wiped without a question, when that is so. */
  clearingIn: number | null
  /** Null until they are fetched. */
  cardScreens: CardScreens | null
  act(event: CheckInEvent): void
  newId(): string
}

/** The props of one step's screen. */
export type ScreenPropsOf<Kind extends CheckInStepKind> = ScreenProps<StepOf<Kind>>
