import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { CheckInStep } from '../check-in/check-in-step.ts'

/** Which cards lie in the readers, as far as the station has told: nothing private, for a card is told only by its reading. */
export interface CardsIn {
  readonly any: ReadonlySignal<boolean>
  inserted(readingId: string): void
  removed(readingId: string): void
  /** What was told is out of date: the line to the station broke. */
  forget(): void
}

/** Starts with empty readers. */
export function watchCards(): CardsIn {
  const readings = signal<readonly string[]>([])
  const without = (readingId: string) => readings.peek().filter((one) => one !== readingId)
  return {
    any: computed(() => readings.value.length > 0),
    inserted(readingId) {
      readings.value = [...without(readingId), readingId]
    },
    removed(readingId) {
      readings.value = without(readingId)
    },
    forget() {
      readings.value = []
    },
  }
}

/** Whether a card that lies in a reader is forgotten there: on these screens nothing more is asked of it. */
export function remindsOfCard(step: CheckInStep): boolean {
  const { kind } = step
  // What is wrong with a card is said with what to do with it.
  if (kind === 'refused') return step.refusal.why !== 'card-refused'
  return kind === 'attract' || kind === 'ticket' || kind === 'already-checked-in' || kind === 'not-now'
}
