import type { DeviceHealth, DeviceKind, DeviceReason } from '@yizhan/contracts/device'
import type { CheckedPoint, ReadinessCheck, ReadinessReport } from '@yizhan/contracts/readiness'

/** What can happen to a run. Everything else that a run knows stands in its report. */
export type ReadinessEvent =
  | { kind: 'health'; health: DeviceHealth }
  /** Somebody scanned, put a card in, or pressed a key; what it said is nobody's business here. */
  | { kind: 'used'; deviceId: string; check: 'scan' | 'card' | 'key' }
  /** A test slip, or the call light, ended; `reason` tells why it failed, null that it did not. */
  | { kind: 'tried'; deviceId: string; check: 'test-print' | 'light'; reason: DeviceReason | null }
  | { kind: 'time' }
  | { kind: 'ended' }

type Verdict = Pick<CheckedPoint, 'result' | 'reason'>

/** The contract promises 60 s: long enough to find a card in one's pocket, and a forgotten run is over before the next patient. */
const usePatienceMs = 60_000
/** A driver process that loads on a busy box is given 15 s by its supervisor; a device still opening then is not there. */
const openingPatienceMs = 15_000

const checksOf: Record<DeviceKind, readonly ReadinessCheck[]> = {
  printer: ['found', 'answers', 'test-print'],
  scanner: ['found', 'answers', 'scan'],
  'card-reader': ['found', 'answers', 'card'],
  'id-reader': ['found', 'answers', 'card'],
  keypad: ['found', 'answers', 'key'],
  indicator: ['found', 'answers', 'light'],
  ups: ['found', 'answers', 'mains'],
}
const judgedByHealth: ReadonlySet<ReadinessCheck> = new Set(['found', 'answers', 'mains'])

/** Reasons that say: the device itself is not there, or what speaks to it does not run. */
const notThere: ReadonlySet<DeviceReason> = new Set(['link-lost', 'daemon-down', 'hung', 'quarantined'])
/** Reasons that say: it is there, and no sensible word came from it. With any other reason it told its trouble itself. */
const silent: ReadonlySet<DeviceReason> = new Set(['mute', 'protocol', 'config-mismatch', 'not-authorised'])
const powerTroubles: ReadonlySet<DeviceReason> = new Set(['on-battery', 'battery-low', 'battery-worn'])

/** The report at the begin of a run: what health tells is judged at once, the rest waits. A device switched off on purpose has no checks. */
export function beginReadiness(reportId: string, healths: readonly DeviceHealth[], now: number): ReadinessReport {
  const devices = healths.map((health) => ({
    deviceId: health.deviceId,
    kind: health.kind,
    points: health.phase === 'disabled' ? [] : checksOf[health.kind].map((check) => firstPoint(check, health, now)),
  }))
  return concluded({ reportId, startedAt: now, changedAt: now, verdict: 'incomplete', running: true, devices })
}

/** The report after an event; the same object when nothing changed, as nothing does once a run has ended. */
export function nextReadiness(report: ReadinessReport, event: ReadinessEvent, now: number): ReadinessReport {
  if (!report.running) return report
  let changed = false
  const devices = report.devices.map((device) => ({
    ...device,
    points: device.points.map((point) => {
      const verdict = verdictAfter(point, device.deviceId, event, now - report.startedAt)
      if (verdict === null || (verdict.result === point.result && verdict.reason === point.reason)) return point
      changed = true
      return { check: point.check, ...verdict, at: now }
    }),
  }))
  return changed ? concluded({ ...report, changedAt: now, devices }) : report
}

function firstPoint(check: ReadinessCheck, health: DeviceHealth, now: number): CheckedPoint {
  const verdict: Verdict = judgedByHealth.has(check) ? judge(check, health) : { result: 'waiting' }
  return { check, ...verdict, at: now }
}

/** What an event makes of one point; null when it says nothing about it. */
function verdictAfter(point: CheckedPoint, deviceId: string, event: ReadinessEvent, agedMs: number): Verdict | null {
  switch (event.kind) {
    case 'health':
      return event.health.deviceId === deviceId && judgedByHealth.has(point.check)
        ? judge(point.check, event.health)
        : null
    case 'used':
      return event.deviceId === deviceId && event.check === point.check ? { result: 'passed' } : null
    case 'tried':
      return event.deviceId === deviceId && event.check === point.check ? verdictOfTry(event.reason) : null
    case 'time':
      return point.result === 'waiting' ? verdictOfTime(point.check, agedMs) : null
    case 'ended':
      return point.result === 'waiting' ? { result: 'not-done' } : null
  }
}

function verdictOfTry(reason: DeviceReason | null): Verdict {
  return reason === null ? { result: 'passed' } : { result: 'failed', reason }
}

function verdictOfTime(check: ReadinessCheck, agedMs: number): Verdict | null {
  if (judgedByHealth.has(check) && agedMs >= openingPatienceMs) return { result: 'failed', reason: 'mute' }
  return agedMs >= usePatienceMs ? { result: 'not-done' } : null
}

function judge(check: ReadinessCheck, { phase, reasons }: DeviceHealth): Verdict {
  if (phase === 'opening') return { result: 'waiting' }
  const missing = reasons.find((reason) => notThere.has(reason)) ?? (phase === 'absent' ? 'link-lost' : undefined)
  if (missing !== undefined) return { result: 'failed', reason: missing }
  if (check === 'found') return { result: 'passed' }
  const dumb = phase === 'fault' ? reasons.find((reason) => silent.has(reason)) : undefined
  if (dumb !== undefined) return { result: 'failed', reason: dumb }
  const trouble = check === 'mains' ? reasons.find((reason) => powerTroubles.has(reason)) : undefined
  return trouble === undefined ? { result: 'passed' } : { result: 'failed', reason: trouble }
}

function concluded(report: ReadinessReport): ReadinessReport {
  const results = report.devices.flatMap(({ points }) => points.map(({ result }) => result))
  const running = results.includes('waiting')
  const incomplete = running || results.includes('not-done')
  return { ...report, running, verdict: results.includes('failed') ? 'not-ready' : incomplete ? 'incomplete' : 'ready' }
}
