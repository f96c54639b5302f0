import { type ReadonlySignal, signal } from '@preact/signals'
import type { StationPush } from '@yizhan/contracts/station'
import { type CallDeps, callOf } from './check-in-calls.ts'
import { isDisturbedByBadScan, next } from './check-in-flow.ts'
import { attract, type CheckInEvent, type CheckInStep, type PatientSession } from './check-in-step.ts'

/** The check-in at one screen: its step, and the ways in for touches and for the station's news. */
export interface CheckInSession {
  readonly step: ReadonlySignal<CheckInStep>
  act(event: CheckInEvent): void
  scanReceived(push: StationPush<'scan-received'>): void
  scanRefused(push: StationPush<'scan-refused'>): void
  cardInserted(push: StationPush<'card-inserted'>): void
  stop(): void
}

/** What a check-in is given; `sessionEnded` is told after every session, and whether
 * somebody had been identified in it; `ignored` when a bad scan or card changed nothing. */
export interface CheckInDeps extends Omit<CallDeps, 'tell'> {
  sessionEnded(identified: boolean): void
  ignored(what: 'scan' | 'card'): void
}

/** Holds the step of the patient at the screen and runs the call that each step asks for, one at a time. */
export function startCheckInSession(deps: CheckInDeps): CheckInSession {
  const step = signal<CheckInStep>(attract)
  let running: { key: string; calls: AbortController } | null = null

  const act = (event: CheckInEvent) => {
    const before = step.peek()
    const after = next(before, event)
    if (after === before) return
    step.value = after
    const ended = sessionOf(before)
    if (ended !== null && ended.sessionId !== sessionOf(after)?.sessionId) {
      endAtStation(deps, ended.sessionId)
      deps.sessionEnded(ended.identified === true)
    }
    if (event.type === 'card-refused' && after.kind !== 'refused') deps.ignored('card')
    runCallOf(after)
  }
  const runCallOf = (current: CheckInStep) => {
    const call = callOf(current)
    if (call?.key === running?.key) return
    running?.calls.abort()
    running = null
    if (!call) return
    const calls = new AbortController()
    running = { key: call.key, calls }
    void call.run({ ...deps, tell: act }, calls.signal)
  }
  return {
    step,
    act,
    scanReceived: ({ scanId }) => act({ type: 'scan-received', scanId, sessionId: deps.newId() }),
    scanRefused({ refusal }) {
      if (isDisturbedByBadScan(step.peek())) act({ type: 'scan-refused', refusal, sessionId: deps.newId() })
      else deps.ignored('scan')
    },
    cardInserted: ({ readingId }) => act({ type: 'card-inserted', readingId, sessionId: deps.newId() }),
    stop() {
      running?.calls.abort()
      running = null
    },
  }
}

/** Whose session it is; a patient who is kept has it until the card is read. */
function sessionOf(step: CheckInStep): PatientSession | null {
  if (step.kind === 'reading-card' && step.kept) return step.kept.session
  return step.kind === 'attract' ? null : step.session
}

/** The station forgets on its own after a while; telling it is courtesy, so an unanswered call is let go. */
function endAtStation({ client }: CheckInDeps, sessionId: string): void {
  void client.checkIn.end({ sessionId }).catch(() => undefined)
}
