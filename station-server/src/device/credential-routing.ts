import type { CardNews } from '@yizhan/device-drivers/card/card-news'
import type { Scan } from '@yizhan/device-drivers/scanner/scan-framer'

/** What somebody just did at a device: scanned, put a card in or took it out, pressed a key. */
export type DeviceInput =
  | { kind: 'scan'; deviceId: string; scan: Scan }
  | { kind: 'card'; deviceId: string; news: CardNews }
  | { kind: 'key'; deviceId: string }

/** Hears of what is done at the devices. What it is given may be a person's credential: never log it. */
export type InputTaker = (input: DeviceInput) => void

/** Says who gets what is done at the devices: the patient at the screen, or a readiness run that has claimed it. */
export interface CredentialRouting {
  /** Hands one input on. */
  take: InputTaker
  /**
   * From now on everything goes to `taker` and nothing to a patient's session, until the answer is called; only that a card was
   * removed is told to both, for the screen may have been told of it before. Null when somebody else has the claim.
   */
  claim(taker: InputTaker): (() => void) | null
}

/** Routes to `toPatient` whatever nobody has claimed. */
export function routeCredentials(toPatient: InputTaker): CredentialRouting {
  let claimedBy: InputTaker | null = null
  return {
    take(input) {
      // Looked at before: what the claim is given may be the last that it waits for, and end it.
      const taker = claimedBy
      taker?.(input)
      if (taker === null || isCardRemoved(input)) toPatient(input)
    },
    claim(taker) {
      if (claimedBy !== null) return null
      claimedBy = taker
      return () => {
        if (claimedBy === taker) claimedBy = null
      }
    },
  }
}

function isCardRemoved(input: DeviceInput): boolean {
  return input.kind === 'card' && input.news.kind === 'card-removed'
}
