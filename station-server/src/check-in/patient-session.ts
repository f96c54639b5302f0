import type { KnownBooking } from './known-appointment.ts'

/** What the station holds of a patient while their session at the screen lasts: no names, in memory only. */
export interface PatientSession {
  /** Bookings that this session has identified and may act on. */
  bookingIds: ReadonlySet<string>
  /** Those of them that only a signed QR vouches for: clinic and time, nothing of the person. */
  knownFromQr: ReadonlyMap<string, KnownBooking>
  failedTries: number
  lastUsedAt: number
}

/**
 * How long an untouched session is kept: the screen asks after 60 s, waits 30 s more, and may be extended; every call
 * counts as a touch, so ten minutes only catches pages that died.
 */
const sessionLifeMs = 10 * 60_000

/** The screen ends a session that nobody touches after 90 s; one untouched for longer died with its page. */
const servedForMs = 120_000

/** The sessions of this station's screen. The page makes the ids; ending one forgets it wholly. */
export class PatientSessions {
  readonly #sessions = new Map<string, PatientSession>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Notes that somebody is about to be identified in the session: from here on it can end, also before they are. */
  begin(sessionId: string): void {
    if (this.find(sessionId) === null) this.#sessions.set(sessionId, this.#unidentified())
  }

  /** The session with its use noted, or null when it is over or has not begun. */
  find(sessionId: string): PatientSession | null {
    this.#forgetOld()
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return null
    session.lastUsedAt = this.#now()
    return session
  }

  /** Notes who was identified in the session; nobody is in one that was ended meanwhile. */
  identify(sessionId: string, known: readonly KnownBooking[]): void {
    const session = this.find(sessionId)
    if (session === null) return
    const vouched = known.filter((one) => one.knownBy === 'qr')
    this.#sessions.set(sessionId, {
      bookingIds: new Set(known.map((one) => one.booking.bookingId)),
      knownFromQr: new Map(vouched.map((one) => [one.booking.bookingId, one])),
      failedTries: session.failedTries,
      lastUsedAt: this.#now(),
    })
  }

  /** Whether somebody stands at the screen, as far as calls tell. */
  isAnyoneServed(): boolean {
    const since = this.#now() - servedForMs
    return [...this.#sessions.values()].some(({ lastUsedAt }) => lastUsedAt > since)
  }

  /** Counts a failed try in the session and returns how many there are now. */
  countFailedTry(sessionId: string): number {
    const session = this.find(sessionId) ?? this.#unidentified()
    session.failedTries += 1
    return session.failedTries
  }

  /** Whether a session has ended or was forgotten; asking is no touch. */
  isOver(sessionId: string): boolean {
    this.#forgetOld()
    return !this.#sessions.has(sessionId)
  }

  /** Forgets the session. */
  end(sessionId: string): void {
    this.#sessions.delete(sessionId)
  }

  #unidentified(): PatientSession {
    return { bookingIds: new Set(), knownFromQr: new Map(), failedTries: 0, lastUsedAt: this.#now() }
  }

  #forgetOld(): void {
    const oldest = this.#now() - sessionLifeMs
    for (const [sessionId, session] of this.#sessions) {
      if (session.lastUsedAt < oldest) this.#sessions.delete(sessionId)
    }
  }
}
