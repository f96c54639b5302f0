import { expect, test } from 'vitest'
import { fakeNow, fakeStations } from '../shell/fake-centre.ts'
import { adminDates } from '../working-time/admin-dates.ts'
import { cutOffStations } from './cut-off.ts'

const dates = adminDates('Asia/Shanghai', 'zh-CN')
const hourMs = 3_600_000
const cutOff = (day: string, stations = fakeStations) =>
  cutOffStations(stations, day, dates).map(({ station, since }) => [station.letter, (since - fakeNow) / hourMs])

test('only a station that reported once and is silent now is cut off', () => {
  expect(cutOff('2026-11-22')).toEqual([['M', -2.25]])
})

test('the gap begins with what the station had not sent up at its last report', () => {
  const stations = fakeStations.map((station) => ({ ...station, oldestUnsentAt: fakeNow - 3 * hourMs }))
  expect(cutOff('2026-11-22', stations)).toEqual([['M', -3]])
})

test('a day before the station fell silent lacks nothing', () => {
  expect(cutOff('2026-11-21')).toEqual([])
})
