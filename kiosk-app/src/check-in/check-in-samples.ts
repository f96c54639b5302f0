import type { CardProblem } from '@yizhan/contracts/card'
import type { CheckInTicket, IdentifiedAppointment, Standing } from '@yizhan/contracts/check-in'
import type { PrintJobView } from '@yizhan/contracts/printing'
import { bookingCodeOf } from '@yizhan/rules/appointment/booking-code'
import { attract, type CheckInRefusal, type CheckInStep, type StepOf } from './check-in-step.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
const session = { sessionId: '6a3c4e9e-0d0f-4e6c-9d6b-0b6f6f0f0a01' }
const named = { ...session, identified: true } as const
const operationId = '6a3c4e9e-0d0f-4e6c-9d6b-0b6f6f0f0a02'
const code = bookingCodeOf('20261122')
const typed = { kind: 'typed', code, secondItem: '0308' } as const
const card = { kind: 'card', cardId: '019ac000-0000-7000-8000-0000000000b2' } as const
const everyCardProblem: { [Problem in CardProblem]: Problem } = {
  'removed-early': 'removed-early',
  'upside-down': 'upside-down',
  'unknown-card': 'unknown-card',
  unreadable: 'unreadable',
  'two-cards': 'two-cards',
  'reader-lost': 'reader-lost',
  'not-authorised': 'not-authorised',
}
const readingId = '019ac000-0000-7000-8000-0000000000b3'
const scanned = { kind: 'scanned', scanId: '019ac000-0000-7000-8000-0000000000b1' } as const

/** Samples of every step and every refusal, drawn around one moment; the names are shown in the gallery. */
export function checkInSamples(now: number): Readonly<Record<string, CheckInStep>> {
  return {
    attract,
    'typing-code': { kind: 'typing-code', session, digits: code.slice(0, 5), problem: null },
    'typing-code-incomplete': { kind: 'typing-code', session, digits: code.slice(0, 5), problem: 'incomplete' },
    'typing-code-mistyped': { kind: 'typing-code', session, digits: `${code.slice(0, 8)}0`, problem: 'mistyped' },
    'typing-second-item': { kind: 'typing-second-item', session, code, digits: '03', problem: null },
    'typing-second-item-incomplete': { kind: 'typing-second-item', session, code, digits: '03', problem: 'incomplete' },
    'reading-card': { kind: 'reading-card', session, readingId, kept: null },
    identifying: { kind: 'identifying', session, credential: scanned },
    ...appointmentSamples(now),
    ...ticketSamples(now),
    ...refusalSamples(now),
  }
}

/** A masked appointment half an hour ahead; every field may be replaced. */
export function sampleAppointment(now: number, changes: Partial<IdentifiedAppointment> = {}): IdentifiedAppointment {
  return {
    bookingId: '019ac000-0000-7000-8000-0000000000c1',
    maskedName: '王*明',
    clinicName: { 'zh-CN': '心血管内科门诊', en: 'Cardiology clinic' },
    place: { 'zh-CN': '2 楼 B 区 3 诊室', en: 'Floor 2, area B, room 3' },
    siteName: { 'zh-CN': '西院区', en: 'West campus' },
    doctorName: '陈示例',
    slotStart: now + 30 * minuteMs,
    slotEnd: now + 60 * minuteMs,
    standing: 'on-time',
    at: null,
    queueNumber: null,
    ...changes,
  }
}

/** A ticket that has just been given; every field may be replaced. */
export function sampleTicket(now: number, changes: Partial<CheckInTicket> = {}): CheckInTicket {
  const { bookingId, clinicName, place, doctorName, slotStart } = sampleAppointment(now)
  return {
    bookingId,
    queueNumber: 'A037',
    standing: 'on-time',
    clinicName,
    place,
    doctorName,
    slotStart,
    checkedInAt: now,
    already: false,
    ahead: { count: 3, asOf: now, fromMin: 10, toMin: 20 },
    print: samplePrint(now, 'confirmed'),
    reprintsLeft: 2,
    ...changes,
  }
}

/** A print job in a state, perhaps with its reason. */
export function samplePrint(
  now: number,
  state: PrintJobView['state'],
  reason?: NonNullable<PrintJobView['reason']>,
): PrintJobView {
  const job = { jobId: '019ac000-0000-7000-8000-0000000000d1', state, copy: 1, changedAt: now }
  return reason ? { ...job, reason } : job
}

function appointmentSamples(now: number): Record<string, CheckInStep> {
  const appointment = sampleAppointment(now)
  const second = sampleAppointment(now, {
    bookingId: '019ac000-0000-7000-8000-0000000000c2',
    clinicName: { 'zh-CN': '眼科门诊', en: 'Eye clinic' },
    doctorName: '李示例',
    slotStart: now + 300 * minuteMs,
    slotEnd: now + 330 * minuteMs,
    standing: 'too-early',
    at: now + 180 * minuteMs,
  })
  const third = {
    ...second,
    bookingId: '019ac000-0000-7000-8000-0000000000c3',
    slotStart: now + dayMs,
    standing: 'other-day' as const,
  }
  const fourth = { ...second, bookingId: '019ac000-0000-7000-8000-0000000000c4', standing: 'cancelled' as const }
  const confirming = { kind: 'confirming', session: named, appointments: [appointment], operationId } as const
  const committing = {
    kind: 'committing',
    session: named,
    credential: typed,
    appointment,
    operationId,
    locale: 'zh-CN',
  } as const
  const choosing = { kind: 'choosing', session: named, credential: typed, firstShown: 0 } as const
  return {
    'choosing-two': { ...choosing, appointments: [appointment, second] },
    'choosing-four': { ...choosing, appointments: [appointment, second, third, fourth] },
    'confirming-typed': { ...confirming, credential: typed, appointment },
    'confirming-scanned': { ...confirming, credential: scanned, appointment },
    'confirming-late': { ...confirming, credential: typed, appointment: { ...appointment, standing: 'late' } },
    'confirming-nameless': { ...confirming, credential: scanned, appointment: { ...appointment, maskedName: '' } },
    committing: { ...committing, unanswered: false },
    'committing-unanswered': { ...committing, unanswered: true },
  }
}

function ticketSamples(now: number): Record<string, CheckInStep> {
  const source = { call: 'commit', operationId, locale: 'zh-CN' } as const
  const ticket: StepOf<'ticket'> = {
    kind: 'ticket',
    session: named,
    ticket: sampleTicket(now),
    source,
    request: null,
    problem: null,
  }
  const withPrint = (print: PrintJobView | null, reprintsLeft = 2): CheckInStep => ({
    ...ticket,
    ticket: sampleTicket(now, { print, reprintsLeft }),
  })
  const appointment = sampleAppointment(now, { standing: 'checked-in', at: now - 28 * minuteMs, queueNumber: 'A037' })
  const already: CheckInStep = { kind: 'already-checked-in', session: named, appointment, request: null, problem: null }
  return {
    'ticket-printing': withPrint(samplePrint(now, 'sending')),
    'ticket-printed': ticket,
    'ticket-held': withPrint(samplePrint(now, 'held', 'link-lost')),
    'ticket-paper-out': withPrint(samplePrint(now, 'failed', 'paper-out')),
    'ticket-cover-open': withPrint(samplePrint(now, 'failed', 'cover-open'), 0),
    'ticket-not-printed': withPrint(samplePrint(now, 'failed', 'hung')),
    'ticket-no-job': withPrint(null),
    'ticket-reprints-spent': { ...ticket, problem: 'reprints-spent' },
    'ticket-print-undecided': { ...ticket, problem: 'print-undecided' },
    'ticket-late-fallback': {
      ...ticket,
      ticket: sampleTicket(now, { queueNumber: 'A-K07', standing: 'late', ahead: null }),
    },
    'ticket-none-ahead': {
      ...ticket,
      ticket: sampleTicket(now, { ahead: { count: 0, asOf: now, fromMin: 0, toMin: 5 } }),
    },
    'already-checked-in': already,
    'already-reprinting': { ...already, request: { call: 'reprint', operationId } },
    'already-session-over': { ...already, problem: 'session-over' },
  }
}

function refusalSamples(now: number): Record<string, CheckInStep> {
  const refused = (refusal: CheckInRefusal, credential: StepOf<'refused'>['credential'] = typed): CheckInStep => ({
    kind: 'refused',
    session,
    credential,
    refusal,
  })
  const notNow = (standing: Standing, at: number | null = null): CheckInStep => {
    const day = standing === 'other-day' ? 2 * dayMs : 0
    const appointment = sampleAppointment(now + day, { standing, at })
    return { kind: 'not-now', session: named, credential: typed, appointments: [appointment], appointment }
  }
  return {
    'not-found': refused({ why: 'not-found', centreReachable: true, triesLeft: 2 }),
    'not-found-offline': refused({ why: 'not-found', centreReachable: false, triesLeft: 4 }),
    'too-many-tries': refused({ why: 'too-many-tries', untilMs: now + 95_000 }),
    'too-many-tries-over': refused({ why: 'too-many-tries', untilMs: now - 1 }),
    'scan-unreadable': refused({ why: 'scan-refused', refusal: 'unreadable' }, null),
    'scan-too-long': refused({ why: 'scan-refused', refusal: 'too-long' }, null),
    'scan-control-characters': refused({ why: 'scan-refused', refusal: 'control-characters' }, null),
    'scan-forged': refused({ why: 'scan-forged' }, scanned),
    'scan-gone': refused({ why: 'scan-gone' }, scanned),
    'decoder-unreachable': refused({ why: 'decoder-unreachable' }, scanned),
    'card-gone': refused({ why: 'card-gone' }, card),
    'card-not-found': refused({ why: 'card-not-found', centreReachable: true }, card),
    'card-not-found-offline': refused({ why: 'card-not-found', centreReachable: false }, card),
    ...Object.fromEntries(
      Object.values(everyCardProblem).map((problem) => [
        `card-${problem}`,
        refused({ why: 'card-refused', problem }, null),
      ]),
    ),
    'station-unreachable': refused({ why: 'station-unreachable' }),
    'out-of-service': refused({ why: 'out-of-service' }),
    'storage-full': refused({ why: 'storage-full' }),
    'session-over': refused({ why: 'session-over' }),
    'outcome-unknown': refused({ why: 'outcome-unknown' }),
    'too-early': notNow('too-early', now + 15 * minuteMs),
    closed: notNow('closed'),
    'other-day': notNow('other-day'),
    'other-site': notNow('other-site'),
    cancelled: notNow('cancelled'),
    rescheduled: notNow('rescheduled', now + 3 * dayMs),
    'rescheduled-unknown': notNow('rescheduled'),
  }
}
