import type { DeviceHealth } from '@yizhan/contracts/device'
import { deviceKinds, devicePhases, deviceReasons } from '@yizhan/contracts/device'
import { type ReadinessReport, readinessReport } from '@yizhan/contracts/readiness'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginReadiness, nextReadiness, type ReadinessEvent } from './readiness-run.ts'

const at = Date.parse('2026-11-22T07:00:00+08:00')
const reportId = '019ab000-0000-7000-8000-000000000001'
const health = (
  kind: DeviceHealth['kind'],
  phase: DeviceHealth['phase'],
  reasons: DeviceHealth['reasons'] = [],
): DeviceHealth => ({ deviceId: kind, kind, phase, reasons, since: at, seq: 1 })
const begin = (...healths: DeviceHealth[]) => beginReadiness(reportId, healths, at)
const after = (report: ReadinessReport, ...events: [ReadinessEvent, number][]) =>
  events.reduce((current, [event, ms]) => nextReadiness(current, event, at + ms), report)
const told = (report: ReadinessReport) =>
  report.devices.flatMap(({ points }) =>
    points.map(({ check, result, reason }) => [check, result, ...(reason === undefined ? [] : [reason])].join(' ')),
  )

test('a whole station is ready once every device was found, answered and was used', () => {
  const begun = begin(
    health('printer', 'ready'),
    health('scanner', 'ready'),
    health('card-reader', 'ready'),
    health('keypad', 'ready'),
    health('indicator', 'ready'),
    health('ups', 'ready'),
  )
  expect(begun).toMatchObject({ verdict: 'incomplete', running: true })
  expect(told(begun)).toContain('mains passed')
  const done = after(
    begun,
    [{ kind: 'tried', deviceId: 'printer', check: 'test-print', reason: null }, 1000],
    [{ kind: 'tried', deviceId: 'indicator', check: 'light', reason: null }, 2000],
    [{ kind: 'used', deviceId: 'scanner', check: 'scan' }, 5000],
    [{ kind: 'used', deviceId: 'keypad', check: 'key' }, 6000],
  )
  expect(done).toMatchObject({ verdict: 'incomplete', running: true })
  const ready = after(done, [{ kind: 'used', deviceId: 'card-reader', check: 'card' }, 7000])
  expect(ready).toMatchObject({ verdict: 'ready', running: false, changedAt: at + 7000 })
  expect(told(ready).every((point) => point.endsWith(' passed'))).toBe(true)
})

test('what nobody did within a minute is not done, and the report is incomplete', () => {
  const begun = begin(health('scanner', 'ready'))
  expect(after(begun, [{ kind: 'time' }, 59_999])).toBe(begun)
  expect(after(begun, [{ kind: 'time' }, 60_000])).toMatchObject({ verdict: 'incomplete', running: false })
  expect(told(after(begun, [{ kind: 'ended' }, 10]))).toEqual(['found passed', 'answers passed', 'scan not-done'])
})

test('found and answers are told apart: no paper is an answer, silence is none, a missing cable is not even found', () => {
  expect(told(begin(health('printer', 'fault', ['paper-out'])))).toEqual([
    'found passed',
    'answers passed',
    'test-print waiting',
  ])
  expect(told(begin(health('printer', 'fault', ['mute']))).slice(0, 2)).toEqual(['found passed', 'answers failed mute'])
  for (const [phase, reason] of [
    ['absent', 'link-lost'],
    ['fault', 'link-lost'],
    ['fault', 'daemon-down'],
    ['fault', 'quarantined'],
  ] as const) {
    const points = told(begin(health('card-reader', phase, [reason])))
    expect(points).toEqual([`found failed ${reason}`, `answers failed ${reason}`, 'card waiting'])
  }
  expect(told(begin(health('scanner', 'absent')))[0]).toBe('found failed link-lost')
})

test('a device that comes up during the run is found then, and one that is pulled out is missed', () => {
  const begun = begin(health('scanner', 'absent', ['link-lost']))
  expect(begun.verdict).toBe('not-ready')
  const plugged = after(begun, [{ kind: 'health', health: health('scanner', 'ready') }, 9000])
  expect(told(plugged)).toEqual(['found passed', 'answers passed', 'scan waiting'])
  const pulled = after(plugged, [{ kind: 'health', health: health('scanner', 'fault', ['link-lost']) }, 9500])
  expect(told(pulled)[0]).toBe('found failed link-lost')
})

test('a driver that is still opening is given fifteen seconds', () => {
  const begun = begin(health('ups', 'opening'))
  expect(told(begun)).toEqual(['found waiting', 'answers waiting', 'mains waiting'])
  expect(after(begun, [{ kind: 'time' }, 14_999])).toBe(begun)
  const late = after(begun, [{ kind: 'time' }, 15_000])
  expect(told(late)).toEqual(['found failed mute', 'answers failed mute', 'mains failed mute'])
  expect(late).toMatchObject({ verdict: 'not-ready', running: false })
})

test('a UPS on battery, with a low or a worn one is not ready', () => {
  for (const reason of ['on-battery', 'battery-low', 'battery-worn'] as const) {
    expect(told(begin(health('ups', 'degraded', [reason])))).toEqual([
      'found passed',
      'answers passed',
      `mains failed ${reason}`,
    ])
  }
})

test('a device that is switched off on purpose is not checked and does not count', () => {
  const begun = begin(health('scanner', 'disabled'), health('ups', 'ready'))
  expect(begun.devices[0]).toEqual({ deviceId: 'scanner', kind: 'scanner', points: [] })
  expect(begun).toMatchObject({ verdict: 'ready', running: false })
})

test('whatever happens, the report is one of the contract, its verdict follows from its points, and a run that ended stays', () => {
  const anyHealth = fc.record({
    deviceId: fc.constantFrom('one', 'two', 'three'),
    kind: fc.constantFrom(...deviceKinds),
    phase: fc.constantFrom(...devicePhases),
    reasons: fc.uniqueArray(fc.constantFrom(...deviceReasons), { maxLength: 3 }),
    since: fc.constant(at),
    seq: fc.nat(),
  })
  const deviceId = fc.constantFrom('one', 'two', 'three')
  const anyEvent: fc.Arbitrary<ReadinessEvent> = fc.oneof(
    anyHealth.map((one) => ({ kind: 'health' as const, health: one })),
    fc.record({ kind: fc.constant('used' as const), deviceId, check: fc.constantFrom('scan', 'card', 'key') }),
    fc.record({
      kind: fc.constant('tried' as const),
      deviceId,
      check: fc.constantFrom('test-print', 'light'),
      reason: fc.option(fc.constantFrom(...deviceReasons)),
    }),
    fc.constant({ kind: 'time' as const }),
    fc.constant({ kind: 'ended' as const }),
  )
  const healths = fc.uniqueArray(anyHealth, { selector: (one) => one.deviceId })
  fc.assert(
    fc.property(healths, fc.array(fc.tuple(anyEvent, fc.nat(20_000))), (devices, events) => {
      let report = beginReadiness(reportId, devices, at)
      let now = at
      for (const [event, laterMs] of events) {
        now += laterMs
        const next = nextReadiness(report, event, now)
        if (!report.running) expect(next).toBe(report)
        report = next
      }
      expect(readinessReport.parse(report)).toEqual(report)
      const results = report.devices.flatMap(({ points }) => points.map(({ result }) => result))
      expect(report.running).toBe(results.includes('waiting'))
      expect(report.verdict === 'not-ready').toBe(results.includes('failed'))
      expect(report.verdict === 'ready').toBe(results.every((result) => result === 'passed'))
      expect(nextReadiness(report, { kind: 'time' }, at + 60_000 + now).running).toBe(false)
    }),
  )
})
