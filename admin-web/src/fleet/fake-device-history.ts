import type { DeviceChange } from '@yizhan/contracts/device'
import type { StationAlarm } from '@yizhan/contracts/fleet'
import type { CheckedPoint, ReadinessReport } from '@yizhan/contracts/readiness'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

function change(now: number, n: number, part: Partial<DeviceChange>): DeviceChange {
  return {
    changeId: uuid(600 + n),
    deviceId: 'card-reader-1',
    kind: 'card-reader',
    phase: 'ready',
    reasons: [],
    since: now - n * minuteMs,
    seq: 100 - n,
    source: 'driver',
    ...part,
  }
}

/** A morning of a station whose card reader has a loose plug: 16 changes, some left out between them. */
export function fakeDeviceHistory(now: number): DeviceChange[] {
  const flaps = Array.from({ length: 12 }, (_, n) =>
    change(now, 10 + n, n % 2 === 0 ? { phase: 'fault', reasons: ['link-lost'] } : {}),
  )
  return [
    change(now, 1, { deviceId: 'printer-1', kind: 'printer', phase: 'fault', reasons: ['paper-out', 'cover-open'] }),
    change(now, 2, { deviceId: 'printer-1', kind: 'printer', phase: 'degraded', reasons: ['paper-near-end'] }),
    change(now, 3, { phase: 'fault', reasons: ['quarantined'], source: 'supervisor', seq: 340 }),
    change(now, 4, { deviceId: 'ups-1', kind: 'ups', phase: 'degraded', reasons: ['on-battery'] }),
    ...flaps,
  ]
}

/** A readiness check in which the card reader was missing and nobody scanned. */
export function fakeReadiness(now: number): ReadinessReport {
  const at = now - 400 * minuteMs
  const point = (check: CheckedPoint['check'], part: Partial<CheckedPoint> = {}): CheckedPoint => ({
    check,
    result: 'passed',
    at,
    ...part,
  })
  const missing = { result: 'failed', reason: 'daemon-down' } as const
  return {
    reportId: uuid(700),
    startedAt: at,
    changedAt: at,
    verdict: 'not-ready',
    running: false,
    devices: [
      { deviceId: 'printer-1', kind: 'printer', points: [point('found'), point('answers'), point('test-print')] },
      {
        deviceId: 'scanner-1',
        kind: 'scanner',
        points: [point('found'), point('answers'), point('scan', { result: 'not-done' })],
      },
      {
        deviceId: 'card-reader-1',
        kind: 'card-reader',
        points: [point('found', missing), point('answers', missing), point('card', { result: 'not-done' })],
      },
    ],
  }
}

/** A station's database was rebuilt some minutes ago; one part of it could not be read. */
export function fakeAlarm(now: number): StationAlarm {
  const at = now - 20 * 60_000
  const alarmId = '019ab000-0000-7000-8000-0000000000aa'
  const detail = { at, kept: { outbox: 41, arrival: 12 }, fromCopy: 3, unreadable: 1 }
  return { alarmId, kind: 'storage-rebuilt', raisedAt: at, detail }
}
