import type { CheckedPoint, ReadinessReport } from '@yizhan/contracts/readiness'
import type { ReadinessSight } from './readiness-run.ts'

type Device = ReadinessReport['devices'][number]

/** A report of a station with every kind of device, drawn around one moment. */
export function sampleReport(now: number, changes: Partial<ReadinessReport> = {}): ReadinessReport {
  const devices = sampleDevices(now)
  return {
    reportId: '019ac000-0000-7000-8000-0000000000e1',
    startedAt: now,
    changedAt: now,
    verdict: 'ready',
    running: false,
    devices,
    ...changes,
  }
}

/** Samples of the readiness screen by name. */
export function readinessSamples(now: number): Readonly<Record<string, ReadinessSight>> {
  const calm = { busy: null, problem: null } as const
  const passed = sampleReport(now, { receiptNumber: '261122113200017' })
  const waiting = sampleReport(now, {
    verdict: 'incomplete',
    running: true,
    devices: passed.devices.map((device) => withResults(device, ['scan', 'card', 'key'], 'waiting')),
  })
  const cardsWait = {
    ...waiting,
    devices: waiting.devices.map((device) => (device.kind === 'scanner' ? passedAll(device) : device)),
  }
  const failed = sampleReport(now, {
    receiptNumber: '261122113200025',
    verdict: 'not-ready',
    devices: passed.devices.map((device) => failedOf(device)),
  })
  return {
    'readiness-none': { report: null, ...calm },
    'readiness-looking': { report: null, busy: 'looking', problem: null },
    'readiness-ready': { report: passed, ...calm },
    'readiness-waiting-scan': { report: waiting, ...calm },
    'readiness-waiting-card': { report: cardsWait, ...calm },
    'readiness-failed': { report: failed, ...calm },
    'readiness-tested-just-now': {
      report: passed,
      busy: null,
      problem: { why: 'tested-just-now', untilMs: now + 20_000 },
    },
    'readiness-printer-not-ready': { report: failed, busy: null, problem: { why: 'printer-not-ready' } },
    'readiness-session-running': { report: null, busy: null, problem: { why: 'session-running' } },
  }
}

function sampleDevices(now: number): Device[] {
  const passed = (check: CheckedPoint['check']): CheckedPoint => ({ check, result: 'passed', at: now })
  const device = (kind: Device['kind'], ...more: CheckedPoint['check'][]): Device => ({
    deviceId: `${kind}-1`,
    kind,
    points: [passed('found'), passed('answers'), ...more.map(passed)],
  })
  return [
    device('printer', 'test-print'),
    device('scanner', 'scan'),
    device('card-reader', 'card'),
    device('id-reader', 'card'),
    device('keypad', 'key'),
    device('indicator', 'light'),
    device('ups', 'mains'),
  ]
}

function withResults(device: Device, checks: readonly CheckedPoint['check'][], result: CheckedPoint['result']): Device {
  return {
    ...device,
    points: device.points.map((point) => (checks.includes(point.check) ? { ...point, result } : point)),
  }
}

function passedAll(device: Device): Device {
  return { ...device, points: device.points.map((point) => ({ ...point, result: 'passed' as const })) }
}

function failedOf(device: Device): Device {
  if (device.kind === 'printer') {
    const [found, answers] = device.points
    const point = { check: 'test-print', result: 'failed', reason: 'paper-out', at: found?.at ?? 0 } as const
    return { ...device, points: [...[found, answers].filter((one) => one !== undefined), point] }
  }
  if (device.kind === 'card-reader') {
    const points = device.points.slice(0, 1)
    return { ...device, points: points.map((one) => ({ ...one, result: 'failed' as const, reason: 'daemon-down' })) }
  }
  return device.kind === 'keypad' ? withResults(device, ['key'], 'not-done') : device
}
