import type { CardProblem } from '@yizhan/contracts/card'
import type { CheckInTicket, Credential, IdentifiedAppointment } from '@yizhan/contracts/check-in'
import type { Locale } from '@yizhan/contracts/local-text'
import type { PrintJobView } from '@yizhan/contracts/printing'
import type { ScanRefusal } from '@yizhan/contracts/station'

/** One patient at the screen; lives only in the page's memory and dies with the session. */
export interface PatientSession {
  readonly sessionId: string
  /** Set once the station has named somebody: from then on nothing of this session may reach the next patient. */
  readonly identified?: true
}

/** What is wrong with what was typed so far; told at the field, the digits stay. */
export type TypingProblem = 'incomplete' | 'mistyped'

/** Why the patient cannot go on; every value is a screen with its own words. */
export type CheckInRefusal =
  | { why: 'not-found'; centreReachable: boolean; triesLeft: number }
  | { why: 'too-many-tries'; untilMs: number }
  | { why: 'scan-refused'; refusal: ScanRefusal }
  | { why: 'scan-forged' }
  | { why: 'scan-gone' }
  | { why: 'card-refused'; problem: CardProblem }
  | { why: 'card-gone' }
  | { why: 'card-not-found'; centreReachable: boolean }
  | { why: 'decoder-unreachable' }
  | { why: 'station-unreachable' }
  | { why: 'out-of-service' }
  | { why: 'storage-full' }
  | { why: 'session-over' }
  | { why: 'outcome-unknown' }

/** A refusal whose words and pictures are among the screens about cards. */
export type CardRefusal = Extract<
  CheckInRefusal,
  { why: 'card-refused' | 'card-gone' | 'card-not-found' | 'decoder-unreachable' }
>

/** Tells the refusals about cards and vouchers from the others. */
export function isAboutCards(refusal: CheckInRefusal): refusal is CardRefusal {
  return refusal.why.startsWith('card-') || refusal.why === 'decoder-unreachable'
}

/** A question about paper that was put to the station and is not answered yet. */
export type PaperRequest =
  | { call: 'reprint'; operationId: string }
  | { call: 'settle'; operationId: string; jobId: string; cameOut: boolean }

/** The call that gave the ticket; asked again with the same key, the station says how the paper stands now. */
export type TicketSource = { call: 'commit'; operationId: string; locale: Locale } | PaperRequest

/** Why no other slip is made; the number stays on the screen. */
export type PaperProblem = 'reprints-spent' | 'print-undecided' | 'session-over'

/** Where the patient is in the check-in (签到). Nothing of a person is in `attract`. */
export type CheckInStep =
  | { kind: 'attract' }
  | { kind: 'typing-code'; session: PatientSession; digits: string; problem: TypingProblem | null }
  | {
      kind: 'typing-second-item'
      session: PatientSession
      code: string
      digits: string
      problem: TypingProblem | null
    }
  | {
      /** A card is in a reader and is being read: a blink, in which nothing of a person is shown. */
      kind: 'reading-card'
      session: PatientSession
      readingId: string
      /** The patient in the middle of something, who gets the screen back if the card cannot be read. */
      kept: KeptStep | null
    }
  | { kind: 'identifying'; session: PatientSession; credential: Credential }
  | {
      kind: 'choosing'
      session: PatientSession
      credential: Credential
      appointments: readonly IdentifiedAppointment[]
      firstShown: number
    }
  | {
      kind: 'confirming'
      session: PatientSession
      credential: Credential
      appointments: readonly IdentifiedAppointment[]
      appointment: IdentifiedAppointment
      operationId: string
    }
  | {
      kind: 'committing'
      session: PatientSession
      credential: Credential
      appointment: IdentifiedAppointment
      operationId: string
      locale: Locale
      /** True once an attempt ended without an answer: it may have been recorded. */
      unanswered: boolean
    }
  | {
      kind: 'ticket'
      session: PatientSession
      ticket: CheckInTicket
      source: TicketSource
      request: PaperRequest | null
      problem: PaperProblem | null
    }
  | {
      kind: 'already-checked-in'
      session: PatientSession
      appointment: IdentifiedAppointment
      request: PaperRequest | null
      problem: PaperProblem | null
    }
  | {
      kind: 'not-now'
      session: PatientSession
      credential: Credential
      appointments: readonly IdentifiedAppointment[]
      appointment: IdentifiedAppointment
    }
  | { kind: 'refused'; session: PatientSession; credential: Credential | null; refusal: CheckInRefusal }

/** A step that a card which cannot be read must not end. */
export type KeptStep = Exclude<CheckInStep, { kind: 'attract' | 'committing' | 'reading-card' }>

export type CheckInStepKind = CheckInStep['kind']
export type StepOf<Kind extends CheckInStepKind> = Extract<CheckInStep, { kind: Kind }>

/** Everything that can happen: what the patient touches, what the station answers or pushes. */
export type CheckInEvent =
  | { type: 'start'; sessionId: string }
  | { type: 'digit'; digit: string }
  | { type: 'erase' }
  | { type: 'clear' }
  | { type: 'submit' }
  | { type: 'choose'; bookingId: string; operationId: string }
  | { type: 'show-more' }
  | { type: 'check-in'; locale: Locale }
  | { type: 'back' }
  | { type: 'retry' }
  | { type: 'retype' }
  | { type: 'leave' }
  | { type: 'reprint'; operationId: string }
  | { type: 'settle'; operationId: string; cameOut: boolean }
  | { type: 'scan-received'; scanId: string; sessionId: string }
  | { type: 'scan-refused'; refusal: ScanRefusal; sessionId: string }
  | { type: 'card-inserted'; readingId: string; sessionId: string }
  | { type: 'card-read'; readingId: string; cardId: string }
  | { type: 'card-refused'; readingId: string; problem: CardProblem }
  | { type: 'identified'; appointments: readonly IdentifiedAppointment[]; operationId: string }
  | { type: 'refused'; refusal: CheckInRefusal }
  | { type: 'commit-unanswered' }
  | { type: 'commit-closed'; appointment: IdentifiedAppointment }
  | { type: 'ticket'; ticket: CheckInTicket }
  | { type: 'ticket-seen-again'; ticket: CheckInTicket }
  | { type: 'print-changed'; print: PrintJobView }
  | { type: 'paper-refused'; problem: PaperProblem }

/** The only step that is safe to leave on a screen nobody stands at. */
export const attract: CheckInStep = { kind: 'attract' }
