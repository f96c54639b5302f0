import type { Credential } from '@yizhan/contracts/check-in'
import type { PrintJobView } from '@yizhan/contracts/printing'
import { bookingCodeLength, isBookingCode } from '@yizhan/rules/appointment/booking-code'
import {
  attract,
  type CheckInEvent,
  type CheckInStep,
  type KeptStep,
  type PatientSession,
  type StepOf,
} from './check-in-step.ts'
import { afterIdentified, byStanding } from './standing-step.ts'

/** Digits of the second item (核对项): last four of the phone, or the birthday as month and day. */
export const secondItemLength = 4

/** How many appointments one screen of choices shows. */
export const choicesShown = 3

/**
 * What follows when something happens; pure, total, and deaf to events that do not belong to the step, so that a late
 * answer or a second tap changes nothing.
 */
export function next(step: CheckInStep, event: CheckInEvent): CheckInStep {
  if (step.kind === 'committing') return nextWhileCommitting(step, event)
  switch (event.type) {
    case 'leave':
      return attract
    case 'scan-received':
      return {
        kind: 'identifying',
        session: { sessionId: event.sessionId },
        credential: { kind: 'scanned', scanId: event.scanId },
      }
    case 'scan-refused':
      return isDisturbedByBadScan(step) ? scanRefused(event) : step
    case 'card-inserted': {
      const { readingId, sessionId } = event
      return { kind: 'reading-card', session: { sessionId }, readingId, kept: keptOf(step) }
    }
    default:
      return nextInStep(step, event)
  }
}

/** Whether a scan or card that cannot be used takes the screen; later steps keep it and only say a word. */
export function isDisturbedByBadScan(step: CheckInStep): boolean {
  return step.kind === 'attract' || step.kind === 'refused' || (step.kind === 'typing-code' && step.digits === '')
}

function keptOf(step: Exclude<CheckInStep, StepOf<'committing'>>): KeptStep | null {
  if (step.kind === 'reading-card') return step.kept
  // The station has taken up what was scanned or read: to ask about it again would only say that it is gone.
  if (step.kind === 'identifying' && step.credential.kind !== 'typed') return null
  return step.kind === 'attract' || isDisturbedByBadScan(step) ? null : step
}

function scanRefused(event: Extract<CheckInEvent, { type: 'scan-refused' }>): CheckInStep {
  return {
    kind: 'refused',
    session: { sessionId: event.sessionId },
    credential: null,
    refusal: { why: 'scan-refused', refusal: event.refusal },
  }
}

function nextInStep(step: Exclude<CheckInStep, StepOf<'committing'>>, event: CheckInEvent): CheckInStep {
  switch (step.kind) {
    case 'attract':
      return event.type === 'start' ? emptyCode({ sessionId: event.sessionId }) : step
    case 'reading-card':
      return nextReadingCard(step, event)
    case 'typing-code':
      return nextTypingCode(step, event)
    case 'typing-second-item':
      return nextTypingSecondItem(step, event)
    case 'identifying':
      return nextIdentifying(step, event)
    case 'choosing':
      return nextChoosing(step, event)
    case 'confirming':
      return nextConfirming(step, event)
    case 'ticket':
      return nextTicket(step, event)
    case 'already-checked-in':
      return nextAlready(step, event)
    case 'not-now':
      return event.type === 'back' || event.type === 'retype' ? backToChoiceOrTyping(step) : step
    case 'refused':
      return nextRefused(step, event)
  }
}

/** Only news of the card that is being read counts; what comes late for another one changes nothing. */
function nextReadingCard(step: StepOf<'reading-card'>, event: CheckInEvent): CheckInStep {
  const { session, kept, readingId } = step
  switch (event.type) {
    case 'card-read': {
      const { cardId } = event
      return event.readingId === readingId
        ? { kind: 'identifying', session, credential: { kind: 'card', cardId } }
        : step
    }
    case 'card-refused': {
      const refusal = { why: 'card-refused', problem: event.problem } as const
      if (event.readingId !== readingId) return step
      return kept ?? { kind: 'refused', session, credential: null, refusal }
    }
    case 'back':
      return kept ?? attract
    default:
      return step
  }
}

function emptyCode(session: PatientSession): StepOf<'typing-code'> {
  return { kind: 'typing-code', session, digits: '', problem: null }
}

function typed(digits: string, event: CheckInEvent, length: number): string | null {
  switch (event.type) {
    case 'digit':
      return /^\d$/.test(event.digit) ? (digits + event.digit).slice(0, length) : null
    case 'erase':
      return digits.slice(0, -1)
    case 'clear':
      return ''
    default:
      return null
  }
}

function nextTypingCode(step: StepOf<'typing-code'>, event: CheckInEvent): CheckInStep {
  const digits = typed(step.digits, event, bookingCodeLength)
  if (digits !== null) return { ...step, digits, problem: null }
  if (event.type === 'back') return attract
  if (event.type !== 'submit') return step
  if (step.digits.length < bookingCodeLength) return { ...step, problem: 'incomplete' }
  if (!isBookingCode(step.digits)) return { ...step, problem: 'mistyped' }
  return { kind: 'typing-second-item', session: step.session, code: step.digits, digits: '', problem: null }
}

function nextTypingSecondItem(step: StepOf<'typing-second-item'>, event: CheckInEvent): CheckInStep {
  const digits = typed(step.digits, event, secondItemLength)
  if (digits !== null) return { ...step, digits, problem: null }
  if (event.type === 'back') {
    return { kind: 'typing-code', session: step.session, digits: step.code, problem: null }
  }
  if (event.type !== 'submit') return step
  if (step.digits.length < secondItemLength) return { ...step, problem: 'incomplete' }
  return {
    kind: 'identifying',
    session: step.session,
    credential: { kind: 'typed', code: step.code, secondItem: step.digits },
  }
}

function nextIdentifying(step: StepOf<'identifying'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'identified':
      return afterIdentified(step, event.appointments, event.operationId)
    case 'refused':
      return { ...step, kind: 'refused', refusal: event.refusal }
    case 'back':
      return backToTyping(step.session, step.credential)
    default:
      return step
  }
}

function nextChoosing(step: StepOf<'choosing'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'choose': {
      const appointment = step.appointments.find((one) => one.bookingId === event.bookingId)
      return appointment ? byStanding(step, step.appointments, appointment, event.operationId) : step
    }
    case 'show-more': {
      const firstShown = step.firstShown + choicesShown
      return { ...step, firstShown: firstShown < step.appointments.length ? firstShown : 0 }
    }
    case 'back':
      return backToTyping(step.session, step.credential)
    default:
      return step
  }
}

function nextConfirming(step: StepOf<'confirming'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'check-in': {
      const { session, credential, appointment, operationId } = step
      const { locale } = event
      return { kind: 'committing', session, credential, appointment, operationId, locale, unanswered: false }
    }
    case 'back':
      return backToChoiceOrTyping(step)
    default:
      return step
  }
}

function nextWhileCommitting(step: StepOf<'committing'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'ticket': {
      const { session, operationId, locale } = step
      const source = { call: 'commit', operationId, locale } as const
      return { kind: 'ticket', session, ticket: event.ticket, source, request: null, problem: null }
    }
    case 'commit-unanswered':
      return { ...step, unanswered: true }
    case 'commit-closed':
      return byStanding(step, [event.appointment], event.appointment, step.operationId)
    case 'refused':
      return {
        kind: 'refused',
        session: step.session,
        credential: step.credential,
        refusal: step.unanswered && event.refusal.why === 'session-over' ? { why: 'outcome-unknown' } : event.refusal,
      }
    default:
      return step
  }
}

function nextTicket(step: StepOf<'ticket'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'ticket':
      return { ...step, ticket: event.ticket, source: step.request ?? step.source, request: null, problem: null }
    case 'ticket-seen-again':
      return event.ticket.print ? withPrint(step, event.ticket.print) : step
    case 'print-changed':
      return withPrint(step, event.print)
    case 'reprint':
      return step.request ? step : { ...step, request: { call: 'reprint', operationId: event.operationId } }
    case 'settle': {
      const { print } = step.ticket
      if (step.request || print?.state !== 'held') return step
      const { operationId, cameOut } = event
      return { ...step, request: { call: 'settle', operationId, jobId: print.jobId, cameOut } }
    }
    case 'paper-refused':
      return { ...step, request: null, problem: event.problem }
    case 'back':
      return attract
    default:
      return step
  }
}

/** Keeps the newest word about this ticket's paper; an older word or another job's changes nothing. */
function withPrint(step: StepOf<'ticket'>, print: PrintJobView): CheckInStep {
  const known = step.ticket.print
  if (known === null || known.jobId !== print.jobId || print.changedAt <= known.changedAt) return step
  return { ...step, ticket: { ...step.ticket, print } }
}

function nextAlready(step: StepOf<'already-checked-in'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'reprint':
      return step.request ? step : { ...step, request: { call: 'reprint', operationId: event.operationId } }
    case 'ticket': {
      const { session, request } = step
      return request
        ? { kind: 'ticket', session, ticket: event.ticket, source: request, request: null, problem: null }
        : step
    }
    case 'paper-refused':
      return { ...step, request: null, problem: event.problem }
    case 'back':
      return attract
    default:
      return step
  }
}

function nextRefused(step: StepOf<'refused'>, event: CheckInEvent): CheckInStep {
  switch (event.type) {
    case 'retry':
      return step.credential
        ? { kind: 'identifying', session: step.session, credential: step.credential }
        : emptyCode(step.session)
    case 'retype':
    case 'back':
      return backToTyping(step.session, step.credential)
    default:
      return step
  }
}

function backToTyping(session: PatientSession, credential: Credential | null): CheckInStep {
  const digits = credential?.kind === 'typed' ? credential.code : ''
  return { kind: 'typing-code', session, digits, problem: null }
}

function backToChoiceOrTyping(step: StepOf<'confirming' | 'not-now'>): CheckInStep {
  const { session, credential, appointments } = step
  return appointments.length > 1
    ? { kind: 'choosing', session, credential, appointments, firstShown: 0 }
    : backToTyping(session, credential)
}
