import type { CheckInTicket, Credential } from '@yizhan/contracts/check-in'
import type { KioskClock } from '../kit/kiosk-clock.ts'
import { callTimeoutMs, outcomeOf, type StationClient } from '../station/station-client.ts'
import type {
  CheckInEvent,
  CheckInRefusal,
  CheckInStep,
  PaperProblem,
  PaperRequest,
  StepOf,
  TicketSource,
} from './check-in-step.ts'

/** What a call needs, and whom it tells its end. */
export interface CallDeps {
  client: StationClient
  clock: KioskClock
  newId(): string
  tell(event: CheckInEvent): void
  notLaunched(): void
}

/** A call that a step asks for; two steps with the same key ask for the same call. */
export interface StepCall {
  readonly key: string
  run(deps: CallDeps, signal: AbortSignal): Promise<void>
}

/** Between two attempts whose end is unknown: short for the patient, long enough not to flood a starting station. */
const askAgainMs = 1_000
/** A ticket takes about a second to print; a word that got lost is fetched after three. */
const lookAgainMs = 3_000

/** A card is read within three seconds or given up (limit of the card profiles); later than this the word got lost. */
const cardSilentMs = 5_000

/** The call that this step is waiting for, if any. */
export function callOf(step: CheckInStep): StepCall | null {
  switch (step.kind) {
    case 'reading-card':
      return { key: `card ${step.readingId}`, run: (deps, signal) => awaitCard(step, deps, signal) }
    case 'identifying':
      return { key: `identify ${JSON.stringify(step.credential)}`, run: (deps, signal) => identify(step, deps, signal) }
    case 'committing':
      return { key: `commit ${step.operationId}`, run: (deps, signal) => commit(step, deps, signal) }
    case 'ticket':
      if (step.request) return paperCall(step.session.sessionId, step.ticket.bookingId, step.request)
      return isUndecided(step) ? lookAgainCall(step) : null
    case 'already-checked-in':
      return step.request ? paperCall(step.session.sessionId, step.appointment.bookingId, step.request) : null
    case 'attract':
    case 'typing-code':
    case 'typing-second-item':
    case 'choosing':
    case 'confirming':
    case 'not-now':
    case 'refused':
      return null
  }
}

function isUndecided(step: StepOf<'ticket'>): boolean {
  const state = step.ticket.print?.state
  return state === 'queued' || state === 'sending'
}

function attempt(signal: AbortSignal): { signal: AbortSignal } {
  return { signal: AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]) }
}

function pause(clock: KioskClock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const cancel = clock.after(delayMs, resolve)
    signal.addEventListener('abort', () => {
      cancel()
      resolve()
    })
  })
}

/** The station tells by itself what became of the card; when that word is lost, the patient is asked to put it in again. */
async function awaitCard({ readingId }: StepOf<'reading-card'>, deps: CallDeps, signal: AbortSignal): Promise<void> {
  await pause(deps.clock, cardSilentMs, signal)
  if (!signal.aborted) deps.tell({ type: 'card-refused', readingId, problem: 'unreadable' })
}

async function identify(step: StepOf<'identifying'>, deps: CallDeps, signal: AbortSignal): Promise<void> {
  const { session, credential } = step
  const outcome = await outcomeOf(
    deps.client.checkIn.identify({ sessionId: session.sessionId, credential }, attempt(signal)),
  )
  if (signal.aborted) return
  switch (outcome.kind) {
    case 'answer':
      return deps.tell({
        type: 'identified',
        appointments: outcome.answer.appointments,
        operationId: deps.newId(),
      })
    case 'refusal':
      return deps.tell({ type: 'refused', refusal: identifyRefusal(outcome.refusal, credential, deps.clock.now()) })
    case 'not-launched':
      return deps.notLaunched()
    case 'unanswered':
      return deps.tell({ type: 'refused', refusal: { why: 'station-unreachable' } })
  }
}

type RefusalOf<Call extends (...args: never[]) => unknown> = Extract<
  Awaited<ReturnType<typeof outcomeOf<unknown, ErrorOf<Call>>>>,
  { kind: 'refusal' }
>['refusal']
type ErrorOf<Call extends (...args: never[]) => unknown> =
  ReturnType<Call> extends Promise<unknown> & { __error?: { type: infer Failure } } ? Failure : never

function identifyRefusal(
  refusal: RefusalOf<StationClient['checkIn']['identify']>,
  credential: Credential,
  now: number,
): CheckInRefusal {
  switch (refusal.code) {
    case 'booking-unknown':
      return credential.kind === 'card'
        ? { why: 'card-not-found', centreReachable: refusal.data.centreReachable }
        : { why: 'not-found', ...refusal.data }
    case 'too-many-tries':
      return { why: 'too-many-tries', untilMs: now + refusal.data.retryAfterMs }
    case 'booking-code-mistyped':
    case 'scan-unreadable':
      return { why: 'scan-refused', refusal: 'unreadable' }
    case 'booking-qr-forged':
      return { why: 'scan-forged' }
    case 'scan-gone':
    case 'card-gone':
    case 'decoder-unreachable':
    case 'out-of-service':
    case 'storage-full':
      return { why: refusal.code }
  }
}

/** Asks with the same key until there is an answer: only the station knows whether the check-in was recorded. */
async function commit(step: StepOf<'committing'>, deps: CallDeps, signal: AbortSignal): Promise<void> {
  const { session, appointment, operationId, locale } = step
  const input = { sessionId: session.sessionId, bookingId: appointment.bookingId, operationId, locale }
  while (!signal.aborted) {
    const outcome = await outcomeOf(deps.client.checkIn.commit(input, attempt(signal)))
    if (signal.aborted) return
    switch (outcome.kind) {
      case 'answer':
        return deps.tell({ type: 'ticket', ticket: outcome.answer })
      case 'refusal':
        return deps.tell(
          outcome.refusal.code === 'check-in-closed'
            ? { type: 'commit-closed', appointment: outcome.refusal.data.appointment }
            : { type: 'refused', refusal: { why: outcome.refusal.code } },
        )
      case 'not-launched':
        deps.notLaunched()
        break
      case 'unanswered':
        deps.tell({ type: 'commit-unanswered' })
    }
    await pause(deps.clock, askAgainMs, signal)
  }
}

function paperCall(sessionId: string, bookingId: string, request: PaperRequest): StepCall {
  return {
    key: `${request.call} ${request.operationId}`,
    async run(deps, signal) {
      while (!signal.aborted) {
        const outcome = await askPaper(sessionId, bookingId, request, deps.client, signal)
        if (signal.aborted) return
        if (outcome.kind === 'answer') return deps.tell({ type: 'ticket', ticket: outcome.answer })
        if (outcome.kind === 'refusal') {
          return deps.tell({ type: 'paper-refused', problem: paperProblem(outcome.refusal.code) })
        }
        await pause(deps.clock, askAgainMs, signal)
      }
    },
  }
}

function askPaper(
  sessionId: string,
  bookingId: string,
  request: PaperRequest,
  client: StationClient,
  signal: AbortSignal,
) {
  const { operationId } = request
  if (request.call === 'reprint') {
    return outcomeOf(client.checkIn.reprint({ sessionId, bookingId, operationId }, attempt(signal)))
  }
  const { jobId, cameOut } = request
  return outcomeOf(client.checkIn.settlePrint({ sessionId, jobId, cameOut, operationId }, attempt(signal)))
}

function paperProblem(code: PaperProblem | 'print-job-unknown' | 'storage-full'): PaperProblem {
  if (code === 'print-job-unknown') return 'print-undecided'
  // A machine that can record nothing gives no more slips either; what to do is the same.
  return code === 'storage-full' ? 'reprints-spent' : code
}

function lookAgainCall(step: StepOf<'ticket'>): StepCall {
  const { source, ticket, session } = step
  return {
    key: `look ${source.operationId} ${ticket.print?.jobId}`,
    async run(deps, signal) {
      await pause(deps.clock, lookAgainMs, signal)
      while (!signal.aborted) {
        const seen = await seeAgain(session.sessionId, ticket.bookingId, source, deps.client, signal)
        if (signal.aborted) return
        if (seen) deps.tell({ type: 'ticket-seen-again', ticket: seen })
        await pause(deps.clock, lookAgainMs, signal)
      }
    },
  }
}

async function seeAgain(
  sessionId: string,
  bookingId: string,
  source: TicketSource,
  client: StationClient,
  signal: AbortSignal,
): Promise<CheckInTicket | null> {
  const outcome =
    source.call === 'commit'
      ? await outcomeOf(
          client.checkIn.commit(
            { sessionId, bookingId, operationId: source.operationId, locale: source.locale },
            attempt(signal),
          ),
        )
      : await askPaper(sessionId, bookingId, source, client, signal)
  return outcome.kind === 'answer' ? outcome.answer : null
}
