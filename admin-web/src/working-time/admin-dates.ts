import type { Locale } from '@yizhan/contracts/local-text'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

/** Dates as the console writes them, in the hospital's zone whatever the browser's is. */
export interface AdminDates {
  /** `11-22 周日` */
  day(day: string): string
  /** `14:05` */
  clock(instantMs: number): string
  /** `11-22 周日 14:05` */
  dayAndClock(instantMs: number): string
  /** The hospital's calendar day of a moment, `2026-11-22`. */
  dayOf(instantMs: number): string
  /** The moment at which the hospital's wall clock shows `time` on `day`; in a skipped hour the moment just after it. */
  instantOf(day: string, time: string): number
}

const dayMs = 86_400_000

/** The dates of one hospital in one language. */
export function adminDates(zone: string, locale: Locale): AdminDates {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' })
  const wall = (instantMs: number) => {
    const read = new Map(parts.formatToParts(instantMs).map((part) => [part.type, part.value]))
    const of = (type: Intl.DateTimeFormatPartTypes) => read.get(type) ?? ''
    return { day: `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`, clock: `${of('hour')}:${of('minute')}` }
  }
  const day = (text: string) => `${text.slice(5)} ${weekday.format(Date.parse(`${text}T00:00:00Z`))}`
  const utcOfWall = (instantMs: number) => {
    const { day, clock } = wall(instantMs)
    return Date.parse(`${day}T${clock}:00Z`)
  }
  return {
    day,
    clock: (instantMs) => wall(instantMs).clock,
    dayAndClock: (instantMs) => `${day(wall(instantMs).day)} ${wall(instantMs).clock}`,
    dayOf: (instantMs) => wall(instantMs).day,
    instantOf(text, time) {
      const wanted = Date.parse(`${text}T${time}:00Z`)
      // The zone's distance from UTC the day before and after: one of the two holds at the wanted moment.
      const candidates = [wanted - dayMs, wanted + dayMs].map((near) => wanted - (utcOfWall(near) - near))
      return candidates.find((candidate) => utcOfWall(candidate) === wanted) ?? Math.max(...candidates)
    },
  }
}

/** How long ago something was, as a text of the catalogue with its number. */
export function ageText(ageMs: number): { key: AdminMessageKey; n: number } {
  const seconds = Math.max(0, Math.round(ageMs / 1000))
  if (seconds < 5) return { key: 'stations.age.now', n: 0 }
  if (seconds < 60) return { key: 'stations.age.seconds', n: seconds }
  if (seconds < 3600) return { key: 'stations.age.minutes', n: Math.floor(seconds / 60) }
  if (seconds < 86_400) return { key: 'stations.age.hours', n: Math.floor(seconds / 3600) }
  return { key: 'stations.age.days', n: Math.floor(seconds / 86_400) }
}
