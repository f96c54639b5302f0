import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationRow } from '@yizhan/contracts/fleet'
import { expect, test } from 'vitest'
import { fakeAlarm, fakeReadiness } from './fake-device-history.ts'
import { byNeed, needsSomebody, worstDevice } from './station-words.ts'

const sound: StationRow = {
  stationId: 's',
  name: { 'zh-CN': '大厅 K', en: 'Lobby K' },
  siteName: { 'zh-CN': '主院区', en: 'Main' },
  letter: 'K',
  link: 'online',
  usability: 'usable',
  lastReportAt: 1,
  appVersion: '0.1.0',
  devices: [],
  outboxDepth: 0,
  oldestUnsentAt: null,
  undecidedPrints: 0,
  failedPrints: 0,
  diskFreeBytes: 1,
  readiness: null,
  parkedEvents: 0,
  alarms: [],
  standing: [],
  keyFingerprint: 'f',
  keySince: 1,
  replaces: null,
  replacedBy: null,
  wipe: null,
}

test('a sound station needs nobody; off line, in trouble, or with slips to settle it does', () => {
  expect(needsSomebody(sound)).toBe(false)
  expect(needsSomebody({ ...sound, link: 'offline' })).toBe(true)
  expect(needsSomebody({ ...sound, link: 'never-seen', usability: 'unknown' })).toBe(true)
  expect(needsSomebody({ ...sound, usability: 'degraded' })).toBe(true)
  expect(needsSomebody({ ...sound, undecidedPrints: 1 })).toBe(true)
  expect(needsSomebody({ ...sound, failedPrints: 1 })).toBe(true)
  expect(needsSomebody({ ...sound, alarms: [fakeAlarm(1)] })).toBe(true)
  expect(needsSomebody({ ...sound, link: 'revoked', usability: 'down' })).toBe(false)
})

test('a failed readiness check and a device that patients do not touch need somebody too', () => {
  const report = fakeReadiness(1e12)
  expect(needsSomebody({ ...sound, readiness: report })).toBe(true)
  expect(needsSomebody({ ...sound, readiness: { ...report, verdict: 'incomplete' } })).toBe(false)
  const lamp = { deviceId: 'lamp', kind: 'indicator' as const, reasons: [], since: 0, seq: 1 }
  expect(needsSomebody({ ...sound, devices: [{ ...lamp, phase: 'absent' }] })).toBe(true)
  expect(needsSomebody({ ...sound, devices: [{ ...lamp, phase: 'disabled' }] })).toBe(false)
})

test('stations that need somebody stand on top, revoked ones at the end', () => {
  const stations = [
    { ...sound, letter: 'A', link: 'revoked' as const },
    { ...sound, letter: 'B' },
    { ...sound, letter: 'D', link: 'offline' as const },
    { ...sound, letter: 'C', failedPrints: 2 },
  ]
  expect(byNeed(stations).map(({ letter }) => letter)).toEqual(['C', 'D', 'B', 'A'])
})

test('of two printers the broken one is told', () => {
  const device = (deviceId: string, phase: DeviceHealth['phase']): DeviceHealth => ({
    deviceId,
    kind: 'printer',
    phase,
    reasons: [],
    since: 0,
    seq: 0,
  })
  expect(worstDevice([device('one', 'ready'), device('two', 'fault')], 'printer')?.deviceId).toBe('two')
  expect(worstDevice([device('one', 'ready')], 'scanner')).toBeNull()
})
