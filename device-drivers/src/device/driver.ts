import type { DeviceKind, DevicePhase, DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'

/**
 * How a command ended. `not-started`: the device got nothing of it. `partial`: broken off, what it made is no whole.
 * `maybe`: nobody can tell from here; whoever asked must not simply ask again.
 */
export type Outcome<Proof> =
  | { ok: true; proof: Proof }
  | { ok: false; phase: 'not-started' | 'maybe' | 'partial'; reason: DeviceReason; detail: string }

/** What a driver sees of its device; the supervisor adds who and when. */
export interface DeviceSight {
  phase: DevicePhase
  reasons: DeviceReason[]
  evidence?: EvidenceLevel
}

/** What a driver tells without being asked. */
export type DriverEvent<News> = { kind: 'sight'; sight: DeviceSight } | { kind: 'news'; news: News }

/** What a running command may say before it ends. */
export interface CommandCalls<Progress> {
  signal: AbortSignal
  progress: (progress: Progress) => void
}

/**
 * One device in one process. The driver keeps its own link alive and reports every change of sight; commands come one at
 * a time, and an aborted one still ends with an outcome.
 */
export interface Driver<Command, Proof, Progress> {
  readonly kind: DeviceKind
  submit(command: Command, calls: CommandCalls<Progress>): Promise<Outcome<Proof>>
  close(): Promise<void>
}

/** The outcome of any command to a device that only tells. */
export function takesNoCommands(device: string): Promise<Outcome<never>> {
  return Promise.resolve({ ok: false, phase: 'not-started', reason: 'protocol', detail: `${device} takes no commands` })
}
