import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adminDates, ageText } from './admin-dates.ts'

const shanghai = adminDates('Asia/Shanghai', 'zh-CN')

test('a moment is written as month, day, weekday and clock of the hospital', () => {
  expect(shanghai.dayAndClock(Date.parse('2026-11-22T06:05:00Z'))).toBe('11-22 周日 14:05')
  expect(adminDates('Asia/Shanghai', 'en').dayAndClock(Date.parse('2026-11-22T06:05:00Z'))).toBe('11-22 Sun 14:05')
})

test('the day is the hospital’s, also where the browser still has yesterday', () => {
  expect(shanghai.dayOf(Date.parse('2026-11-21T16:30:00Z'))).toBe('2026-11-22')
})

test('a wall clock time goes to its moment and back in every zone', () => {
  const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']
  const minute = fc.integer({ min: 25_000_000, max: 32_000_000 })
  fc.assert(
    fc.property(fc.constantFrom(...zones), minute, (zone, minutes) => {
      const dates = adminDates(zone, 'en')
      const at = dates.instantOf(dates.dayOf(minutes * 60_000), dates.clock(minutes * 60_000))
      expect(dates.dayAndClock(at)).toBe(dates.dayAndClock(minutes * 60_000))
    }),
  )
})

test('a time that the spring change leaves out becomes the moment an hour later', () => {
  const berlin = adminDates('Europe/Berlin', 'en')
  expect(berlin.clock(berlin.instantOf('2026-03-29', '02:30'))).toBe('03:30')
})

test('an age is told in its largest unit', () => {
  expect(ageText(2_000)).toEqual({ key: 'stations.age.now', n: 0 })
  expect(ageText(59_000)).toEqual({ key: 'stations.age.seconds', n: 59 })
  expect(ageText(61_000)).toEqual({ key: 'stations.age.minutes', n: 1 })
  expect(ageText(7_200_000)).toEqual({ key: 'stations.age.hours', n: 2 })
  expect(ageText(200_000_000)).toEqual({ key: 'stations.age.days', n: 2 })
})
