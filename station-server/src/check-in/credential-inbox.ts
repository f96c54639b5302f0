import { randomBytes } from 'node:crypto'
import type { CardHash } from '@yizhan/contracts/card'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'

/** What was scanned, or the keyed hashes of what a card said. What the card said itself is forgotten before it is held. */
export type HeldCredential = { kind: 'scan'; text: string } | { kind: 'card'; hashes: readonly CardHash[] }

interface Held {
  handle: string
  credential: HeldCredential
  at: number
}

/** A scan or a card is worth taking up for a minute: longer, and the person may have walked away. */
const lifeMs = 60_000

/** Holds the last credential under a handle until the page takes it up; the credential itself never reaches the page. */
export class CredentialInbox {
  #held: Held | null = null
  #forgetting: NodeJS.Timeout | undefined
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Keeps a credential, forgetting the one before it, and returns its handle. */
  put(credential: HeldCredential): string {
    const handle = uuidV7(this.#now(), randomBytes(10))
    this.#hold({ handle, credential, at: this.#now() })
    return handle
  }

  /** The credential, once; null when the handle is unknown, was taken already, is too old, or is of the other kind. */
  take<Kind extends HeldCredential['kind']>(
    kind: Kind,
    handle: string,
  ): Extract<HeldCredential, { kind: Kind }> | null {
    const held = this.#held
    if (held?.handle !== handle || !isKind(held.credential, kind)) return null
    this.#hold(null)
    return this.#now() - held.at <= lifeMs ? held.credential : null
  }

  /** What nobody takes up goes by itself: a scanned code is as good as its owner's card. */
  #hold(held: Held | null): void {
    clearTimeout(this.#forgetting)
    this.#held = held
    if (held !== null) this.#forgetting = setTimeout(() => this.#hold(null), lifeMs).unref()
  }
}

function isKind<Kind extends HeldCredential['kind']>(
  credential: HeldCredential,
  kind: Kind,
): credential is Extract<HeldCredential, { kind: Kind }> {
  return credential.kind === kind
}
