import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { expect, test } from 'vitest'
import { standingAlarms, usualSilenceRule, type WatchedStation } from './standing-alarm.ts'

const dayMs = 86_400_000
const noonMs = Date.parse('2026-11-22T12:00+08:00')
const quiet: WatchedStation = {
  link: 'online',
  lastReportAt: noonMs,
  quarantinedAt: null,
  keySince: noonMs - dayMs,
  rotationAskedAt: null,
  setAside: null,
  overdueAttachments: null,
}
const at = (station: Partial<WatchedStation>, nowMs = noonMs) =>
  standingAlarms(
    { ...quiet, ...station },
    { rule: usualSilenceRule, calendar: hospitalCalendar('Asia/Shanghai'), nowMs },
  )

test('a station that is well has no alarm', () => {
  expect(at({})).toEqual([])
})

test('a silence is alarmed after fifteen minutes of opening hours, not at night, and first thing in the morning', () => {
  const quarterAgo = noonMs - 15 * 60_000
  expect(at({ link: 'offline', lastReportAt: quarterAgo + 60_000 })).toEqual([])
  expect(at({ link: 'offline', lastReportAt: quarterAgo })).toEqual([
    { kind: 'long-silence', since: quarterAgo, openMinutes: 15 },
  ])
  const lastNight = Date.parse('2026-11-21T18:30+08:00')
  expect(at({ link: 'offline', lastReportAt: lastNight }, Date.parse('2026-11-22T07:14+08:00'))).toEqual([])
  expect(at({ link: 'offline', lastReportAt: lastNight }, Date.parse('2026-11-22T07:15+08:00'))).toHaveLength(1)
  expect(at({ link: 'never-seen', lastReportAt: null })).toEqual([])
})

test('a key that is a week overdue is alarmed, by age or since an administrator asked', () => {
  expect(at({ keySince: noonMs - 96 * dayMs })).toEqual([])
  expect(at({ keySince: noonMs - 97 * dayMs })).toEqual([{ kind: 'key-rotation-overdue', since: noonMs - 7 * dayMs }])
  expect(at({ rotationAskedAt: noonMs - 7 * dayMs })).toMatchObject([{ kind: 'key-rotation-overdue' }])
})

test('attachments whose bytes do not come are alarmed while the station is in use', () => {
  const overdueAttachments = { count: 2, since: 9 }
  expect(at({ overdueAttachments })).toEqual([{ kind: 'attachments-overdue', count: 2, since: 9 }])
  expect(at({ overdueAttachments, link: 'revoked' })).toEqual([])
})

test('two machines with one key are told first, and of a revoked station only what it left behind', () => {
  const setAside = { parked: 1, failed: 2, since: 5 }
  const old = { keySince: 0, lastReportAt: 0, setAside }
  expect(at({ ...old, link: 'quarantined', quarantinedAt: 7 })).toEqual([
    { kind: 'clone-quarantine', since: 7 },
    { kind: 'events-set-aside', parked: 1, failed: 2, since: 5 },
  ])
  expect(at({ ...old, link: 'revoked' }).map(({ kind }) => kind)).toEqual(['events-set-aside'])
  expect(at({ ...old, link: 'offline' }).map(({ kind }) => kind)).toEqual([
    'long-silence',
    'events-set-aside',
    'key-rotation-overdue',
  ])
})
