import { randomInt } from 'node:crypto'
import type { DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'
import { LinkFault } from '../device/byte-link.ts'
import type { CommandCalls, Outcome } from '../device/driver.ts'
import type { PresenterState } from './presenter-status.ts'
import { blockingReasons } from './printer-condition.ts'
import type { OrderedEnd, PrinterSession } from './printer-session.ts'

/** What is known to have happened: the level that was really reached, and the cut counter on both sides of the job. */
export type PrintProof = {
  level: EvidenceLevel
  cutsBefore: number | null
  cutsAfter: number | null
  /** What the presenter said of the slip, where there is one and it said anything by then. */
  presenter?: PresenterState
}

/** A compiled slip to print; `patienceMs` is how long its printing may take while nothing blocks the printer. */
export interface SlipCommand {
  kind: 'print'
  bytes: Uint8Array
  patienceMs: number
  /** The counter as whoever prints has just read it; left out, it is read before the first byte. */
  cutsBefore?: number
  /** The longest wait for paper or a closed cover, within which the printer keeps the slip and goes on by itself. */
  limitMs: number
}

/** What a print says while it runs. */
export type PrintProgress = { kind: 'first-byte' } | { kind: 'waiting'; reason: DeviceReason }

/** The counter answer of an idle printer takes milliseconds; a silent one must not hold up the patient's screen. */
const counterPatienceMs = 2000

/**
 * Prints one slip and says what is proved. Nothing is sent when the printer is blocked or silent; once a byte was sent, the
 * outcome is ok, `maybe` or `partial`, never `not-started`. Rejects with a LinkFault only before the first byte.
 */
export async function printSlip(
  session: PrinterSession,
  command: SlipCommand,
  calls: CommandCalls<PrintProgress>,
): Promise<Outcome<PrintProof>> {
  await session.lookIfUntold()
  const [blocked] = blockingReasons(session.condition)
  if (blocked !== undefined) return notStarted(blocked, 'the printer says that it cannot print')
  let cutsBefore = session.evidence === 'A' ? (command.cutsBefore ?? null) : null
  if (session.evidence === 'A' && cutsBefore === null) {
    cutsBefore = await session.readCuts({ patienceMs: counterPatienceMs, limitMs: counterPatienceMs })
    // A counter that went back has lowered the level; one that stayed away is a printer that is gone.
    if (cutsBefore === null && session.evidence === 'A') {
      session.end('mute')
      return notStarted('mute', 'the printer did not tell its cut counter')
    }
  }
  if (calls.signal.aborted) return notStarted('hung', 'cancelled before the first byte')
  try {
    return await sendSlip(session, command, calls, cutsBefore)
  } catch (fault) {
    if (!(fault instanceof LinkFault)) throw fault
    session.end('link-lost')
    return { ok: false, phase: 'maybe', reason: 'link-lost', detail: fault.message }
  }
}

async function sendSlip(
  session: PrinterSession,
  command: SlipCommand,
  calls: CommandCalls<PrintProgress>,
  cutsBefore: number | null,
): Promise<Outcome<PrintProof>> {
  const confirmation = session.confirmationFor(newProcessId())
  calls.progress({ kind: 'first-byte' })
  if (confirmation === null) {
    await session.write(command.bytes)
    return { ok: true, proof: { level: 'C', cutsBefore, cutsAfter: null } }
  }
  const end = await session.askInOrder(Buffer.concat([command.bytes, confirmation.question]), confirmation.matches, {
    patienceMs: command.patienceMs,
    limitMs: command.limitMs,
    signal: calls.signal,
    onBlocked: (reason) => calls.progress({ kind: 'waiting', reason }),
  })
  return settle(session, end, cutsBefore)
}

async function settle(
  session: PrinterSession,
  end: OrderedEnd,
  cutsBefore: number | null,
): Promise<Outcome<PrintProof>> {
  switch (end.kind) {
    case 'answered':
      return await provenOutcome(session, cutsBefore)
    case 'closed':
      return { ok: false, phase: 'maybe', reason: 'link-lost', detail: 'the link ended before the printer confirmed' }
    case 'silent':
      return strangeOrMute(session)
    case 'cancelled':
    case 'limit': {
      const [reason = 'hung'] = blockingReasons(session.condition)
      const cleared = await session.clear()
      session.end()
      const detail = end.kind === 'limit' ? 'given up after the longest wait' : 'cancelled by hand'
      // A printer that cannot be told to forget the slip may still print it once it can.
      return { ok: false, phase: cleared ? 'partial' : 'maybe', reason, detail }
    }
    default:
      throw new TypeError(`unknown end ${JSON.stringify(end satisfies never)}`)
  }
}

function strangeOrMute(session: PrinterSession): Outcome<PrintProof> {
  if (session.answeredStrangely) {
    session.end('protocol')
    return { ok: false, phase: 'maybe', reason: 'protocol', detail: 'the printer confirmed something else' }
  }
  session.end('mute')
  return { ok: false, phase: 'maybe', reason: 'mute', detail: 'the printer did not confirm in time' }
}

/**
 * Level A proves itself. At level B the answer only says that the printer got past the slip: with an open cover or an error
 * at that moment it may have dropped some of it.
 */
async function provenOutcome(session: PrinterSession, cutsBefore: number | null): Promise<Outcome<PrintProof>> {
  if (session.evidence === 'A') return { ok: true, proof: await proofAfter(session, cutsBefore) }
  await session.look()
  const [reason] = blockingReasons(session.condition)
  if (reason === undefined) return { ok: true, proof: { level: session.evidence, cutsBefore, cutsAfter: null } }
  return { ok: false, phase: 'maybe', reason, detail: 'the printer answered, and is not able to print' }
}

/** A counter that did not grow with a confirmed cut proves nothing after a crash either: the level falls to B. */
async function proofAfter(session: PrinterSession, cutsBefore: number | null): Promise<PrintProof> {
  const cutsAfter = await session.readCuts({ patienceMs: counterPatienceMs, limitMs: counterPatienceMs })
  if (cutsAfter !== null && cutsBefore !== null && cutsAfter <= cutsBefore) session.evidence = 'B'
  return { level: session.evidence, cutsBefore, cutsAfter }
}

function notStarted(reason: DeviceReason, detail: string): Outcome<PrintProof> {
  return { ok: false, phase: 'not-started', reason, detail }
}

/** Four characters of 0–9 and a–z, new each time: an answer to an earlier job, still on its way, must not confirm this one. */
export function newProcessId(): string {
  return randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0')
}
