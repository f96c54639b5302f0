/** Why the card service, a reader or a card did not do what was asked. PC/SC's words, grouped by what can be done about it. */
export const pcscFaultReasons = [
  /** pcscd does not run, ended, or its socket cannot be reached. */
  'daemon-down',
  /** The reader was unplugged. */
  'reader-lost',
  'card-removed',
  /** The card gives no answer to reset: wrong way up, dirty, broken. */
  'card-mute',
  /** Another program holds the card. */
  'card-shared',
  /** No answer within the limit; the card session is closed. */
  'timeout',
  /** What came back is no PC/SC: a lying length, a version that we do not speak. */
  'protocol',
] as const
export type PcscFaultReason = (typeof pcscFaultReasons)[number]

/** The card service, a reader or a card failed; `reason` says which and how. */
export class PcscFault extends Error {
  override readonly name = 'PcscFault'
  readonly reason: PcscFaultReason

  constructor(reason: PcscFaultReason, detail: string) {
    super(`${reason}: ${detail}`)
    this.reason = reason
  }
}

/** One reader as the card service sees it. `eventCounter` grows with every insertion and removal (PC/SC part 10, event count). */
export interface ReaderState {
  name: string
  card: 'absent' | 'present' | 'mute'
  /** The answer to reset (ATR, ISO 7816-3); empty without a card that answers. */
  atr: Uint8Array
  eventCounter: number
}

/** A connection to one card. Ends with `close`, with the card's removal, or with the first fault. */
export interface CardSession {
  readonly atr: Uint8Array
  readonly protocol: 'T=0' | 'T=1'
  /**
   * Sends one command APDU and gives the whole answer, status word included. Throws a PcscFault; in particular `card-removed` or
   * `protocol` for an answer of fewer than two bytes, which a card pulled in mid-exchange leaves as a "success".
   */
  transmit(apdu: Uint8Array, limits: { timeoutMs: number }): Promise<Uint8Array>
  close(): Promise<void>
}

/** What a watcher of readers hears: all readers after every change, or that the card service is gone. */
export interface ReaderWatcher {
  onReaders: (readers: readonly ReaderState[]) => void
  onDown: (fault: PcscFault) => void
}

/** A way to the system's card service. All implementations keep one promise and pass one suite. */
export interface PcscTransport {
  /** Reports all readers at once and after every change; comes back by itself when the card service does. */
  watch(watcher: ReaderWatcher): { stop(): Promise<void> }
  /** All readers as they are now, asked anew: what the watch reported is held against it. Throws a PcscFault. */
  audit(): Promise<readonly ReaderState[]>
  /** Powers the card in the reader and connects to it, shared. Throws a PcscFault. */
  connect(readerName: string, limits: { timeoutMs: number }): Promise<CardSession>
}
