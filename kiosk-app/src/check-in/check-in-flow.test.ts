import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { next } from './check-in-flow.ts'
import { patienceOf } from './check-in-patience.ts'
import { checkInSamples, sampleAppointment, samplePrint, sampleTicket } from './check-in-samples.ts'
import { attract, type CheckInEvent, type CheckInStep } from './check-in-step.ts'

const now = 1_795_300_800_000
const samples = checkInSamples(now)
const code = '202611225'
const session = { sessionId: 'session-1' }
const anotherScan = { type: 'scan-received', scanId: 'scan-2', sessionId: 'session-2' } as const
const readingId = '019ac000-0000-7000-8000-0000000000b3'
const appointment = sampleAppointment(now)
const ticket = sampleTicket(now)

function sample(name: string): CheckInStep {
  const step = samples[name]
  if (!step) throw new Error(`no sample ${name}`)
  return step
}

/** One of every event, with values that fit every step that listens to it. */
const everyEvent: { [Type in CheckInEvent['type']]: Extract<CheckInEvent, { type: Type }> } = {
  start: { type: 'start', sessionId: 'session-9' },
  digit: { type: 'digit', digit: '7' },
  erase: { type: 'erase' },
  clear: { type: 'clear' },
  submit: { type: 'submit' },
  choose: { type: 'choose', bookingId: appointment.bookingId, operationId: 'operation-9' },
  'show-more': { type: 'show-more' },
  'check-in': { type: 'check-in', locale: 'zh-CN' },
  back: { type: 'back' },
  retry: { type: 'retry' },
  retype: { type: 'retype' },
  leave: { type: 'leave' },
  reprint: { type: 'reprint', operationId: 'operation-9' },
  settle: { type: 'settle', operationId: 'operation-9', cameOut: true },
  'scan-received': anotherScan,
  'scan-refused': { type: 'scan-refused', refusal: 'unreadable', sessionId: 'session-3' },
  'card-inserted': { type: 'card-inserted', readingId: 'reading-2', sessionId: 'session-4' },
  'card-read': { type: 'card-read', readingId, cardId: 'card-1' },
  'card-refused': { type: 'card-refused', readingId, problem: 'upside-down' },
  identified: { type: 'identified', appointments: [appointment], operationId: 'operation-9' },
  refused: { type: 'refused', refusal: { why: 'session-over' } },
  'commit-unanswered': { type: 'commit-unanswered' },
  'commit-closed': { type: 'commit-closed', appointment: sampleAppointment(now, { standing: 'closed' }) },
  ticket: { type: 'ticket', ticket },
  'ticket-seen-again': { type: 'ticket-seen-again', ticket },
  'print-changed': { type: 'print-changed', print: { ...samplePrint(now, 'held'), changedAt: now + 1 } },
  'paper-refused': { type: 'paper-refused', problem: 'reprints-spent' },
}
const events = Object.values(everyEvent)

/** Where each step goes on each event; what is not named leaves the step as it is. */
const steps: Record<string, Partial<Record<CheckInEvent['type'], CheckInStep['kind']>>> = {
  attract: { start: 'typing-code', 'scan-received': 'identifying', 'scan-refused': 'refused' },
  'reading-card': { 'card-read': 'identifying', 'card-refused': 'refused', back: 'attract' },
  'typing-code': {
    digit: 'typing-code',
    erase: 'typing-code',
    clear: 'typing-code',
    submit: 'typing-code',
    back: 'attract',
  },
  'typing-second-item': {
    digit: 'typing-second-item',
    erase: 'typing-second-item',
    clear: 'typing-second-item',
    submit: 'typing-second-item',
    back: 'typing-code',
  },
  identifying: { identified: 'confirming', refused: 'refused', back: 'typing-code' },
  'choosing-four': { choose: 'confirming', 'show-more': 'choosing', back: 'typing-code' },
  'confirming-typed': { 'check-in': 'committing', back: 'typing-code' },
  committing: {
    ticket: 'ticket',
    'commit-unanswered': 'committing',
    'commit-closed': 'not-now',
    refused: 'refused',
    leave: 'committing',
    'scan-received': 'committing',
    'card-inserted': 'committing',
  },
  'ticket-held': {
    ticket: 'ticket',
    'print-changed': 'ticket',
    reprint: 'ticket',
    settle: 'ticket',
    'paper-refused': 'ticket',
    back: 'attract',
  },
  'already-checked-in': {
    reprint: 'already-checked-in',
    'paper-refused': 'already-checked-in',
    back: 'attract',
  },
  'already-reprinting': { ticket: 'ticket', 'paper-refused': 'already-checked-in', back: 'attract' },
  'too-early': { back: 'typing-code', retype: 'typing-code' },
  'not-found': { retry: 'identifying', retype: 'typing-code', back: 'typing-code', 'scan-refused': 'refused' },
}
const everywhere = { leave: 'attract', 'scan-received': 'identifying', 'card-inserted': 'reading-card' } as const

describe.each(Object.entries(steps))('%s', (name, goes) => {
  test.each(events)('on $type', (event) => {
    const step = sample(name)
    const after = next(step, event)
    const expected = { ...everywhere, ...goes }[event.type]
    if (expected === undefined) expect(after).toBe(step)
    else expect(after.kind).toBe(expected)
  })
})

test('the digits of a mistyped code stay, and the problem goes with the next touch', () => {
  const typed: CheckInStep = { kind: 'typing-code', session, digits: '202611226', problem: null }
  const told = next(typed, { type: 'submit' })
  expect(told).toEqual({ ...typed, problem: 'mistyped' })
  expect(next(told, { type: 'erase' })).toEqual({ ...typed, digits: '20261122', problem: null })
})

test('a code that can exist leads to the second item, and only four digits of it to the station', () => {
  const second = next({ kind: 'typing-code', session, digits: code, problem: null }, { type: 'submit' })
  expect(second).toMatchObject({ kind: 'typing-second-item', code })
  const short = ['0', '3', '0'].reduce((step, digit) => next(step, { type: 'digit', digit }), second)
  expect(next(short, { type: 'submit' })).toMatchObject({ problem: 'incomplete' })
  const whole = next(next(short, { type: 'digit', digit: '8' }), { type: 'submit' })
  expect(whole).toMatchObject({ kind: 'identifying', credential: { kind: 'typed', code, secondItem: '0308' } })
})

test('several appointments are offered with those that can be checked in first, then by time', () => {
  const cancelled = sampleAppointment(now, { bookingId: 'c', standing: 'cancelled', slotStart: now })
  const later = sampleAppointment(now, { bookingId: 'l', slotStart: now + 2 })
  const sooner = sampleAppointment(now, { bookingId: 's', slotStart: now + 1 })
  const step = next(sample('identifying'), {
    type: 'identified',
    appointments: [cancelled, later, sooner],
    operationId: 'o',
  })
  expect(step.kind === 'choosing' && step.appointments.map((one) => one.bookingId)).toEqual(['s', 'l', 'c'])
})

test('showing more comes round to the first again', () => {
  const second = next(sample('choosing-four'), { type: 'show-more' })
  expect(second).toMatchObject({ firstShown: 3 })
  expect(next(second, { type: 'show-more' })).toMatchObject({ firstShown: 0 })
})

test('a second tap on check in changes nothing', () => {
  const committing = next(sample('confirming-typed'), { type: 'check-in', locale: 'en' })
  expect(next(committing, { type: 'check-in', locale: 'en' })).toBe(committing)
})

test('a session that is over after a lost answer is told as unknown, before that as over', () => {
  const over = { type: 'refused', refusal: { why: 'session-over' } } as const
  expect(next(sample('committing'), over)).toMatchObject({ refusal: { why: 'session-over' } })
  expect(next(sample('committing-unanswered'), over)).toMatchObject({ refusal: { why: 'outcome-unknown' } })
})

test('only newer words about this very job change what the ticket says of its paper', () => {
  const held = sample('ticket-held')
  const news = (print: ReturnType<typeof samplePrint>) => next(held, { type: 'print-changed', print })
  expect(news(samplePrint(now - 1, 'confirmed'))).toBe(held)
  expect(news({ ...samplePrint(now + 1, 'confirmed'), jobId: 'another' })).toBe(held)
  expect(news(samplePrint(now + 1, 'confirmed'))).toMatchObject({ ticket: { print: { state: 'confirmed' } } })
})

test('a ticket never loses its number, whatever happens to its paper', () => {
  const onPaper = events.filter(
    ({ type }) => !['leave', 'back', 'scan-received', 'card-inserted', 'ticket'].includes(type),
  )
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...onPaper), { maxLength: 20 }), (happened) => {
      const step = happened.reduce(next, sample('ticket-held'))
      expect(step).toMatchObject({ kind: 'ticket', ticket: { queueNumber: ticket.queueNumber } })
    }),
  )
})

test('from anywhere, leaving once nothing is being recorded leaves nothing of the person', () => {
  const anyStep = fc.constantFrom(...Object.values(samples))
  fc.assert(
    fc.property(anyStep, fc.array(fc.constantFrom(...events), { maxLength: 30 }), (first, happened) => {
      const step = happened.reduce(next, first)
      const done = step.kind === 'committing' ? next(step, { type: 'ticket', ticket }) : step
      expect(next(done, { type: 'leave' })).toEqual({ kind: 'attract' })
    }),
  )
})

test('every step that shows something of a person runs out of patience', () => {
  for (const step of Object.values(samples)) {
    const endless = patienceOf(step).kind === 'endless'
    expect(endless).toBe(['attract', 'reading-card', 'identifying', 'committing'].includes(step.kind))
  }
  expect(patienceOf(sample('ticket-printed')).kind).toBe('clearing')
  expect(patienceOf(sample('ticket-held')).kind).toBe('asking')
})

test('the attract step is the only one without a session', () => {
  for (const step of Object.values(samples)) expect('session' in step).toBe(step !== attract)
})

test('a card that cannot be read, put in while a scan is looked up, does not have the spent scan asked about again', () => {
  const scanned = next(attract, { type: 'scan-received', scanId: 'scan', sessionId: 'one' })
  const reading = next(scanned, { type: 'card-inserted', readingId: 'reading', sessionId: 'two' })
  const refused = next(reading, { type: 'card-refused', readingId: 'reading', problem: 'upside-down' })
  expect(refused).toMatchObject({ kind: 'refused', refusal: { why: 'card-refused', problem: 'upside-down' } })
})
