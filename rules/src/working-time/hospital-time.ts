/** The wall clock and the days of one hospital; whoever needs them often keeps one, for making it is slow. */
export interface HospitalCalendar {
  readonly zone: string
  /** The hospital's calendar day of a moment, `2026-11-22`. */
  dayOf(instantMs: number): string
  /** The hospital's wall clock at a moment, `08:05`. */
  clockOf(instantMs: number): string
}

const minuteMs = 60_000
/** A day's distinct appointment times and the minutes around now, with room to spare. */
const mostKeptMinutes = 256

/** The calendar of an IANA time zone. Throws a RangeError for a zone that does not exist. */
export function hospitalCalendar(zone: string): HospitalCalendar {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const formatMinute = (instantMs: number) => {
    const parts = new Map(format.formatToParts(instantMs).map((part) => [part.type, part.value]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
    return {
      day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
      clock: `${part('hour')}:${part('minute')}`,
    }
  }
  // The same few minutes are asked for again and again: now, and when the appointments begin. No zone's offset has held
  // seconds since 1972, so a minute of ours is a minute of the hospital.
  const kept = new Map<number, { day: string; clock: string }>()
  const minuteOf = (instantMs: number) => {
    const minute = Math.floor(instantMs / minuteMs)
    const known = kept.get(minute)
    if (known !== undefined) return known
    if (kept.size >= mostKeptMinutes) kept.clear()
    const formatted = formatMinute(instantMs)
    kept.set(minute, formatted)
    return formatted
  }
  return {
    zone,
    dayOf: (instantMs) => minuteOf(instantMs).day,
    clockOf: (instantMs) => minuteOf(instantMs).clock,
  }
}

/** The calendar day so many days after another (before, when negative); calendar arithmetic, no zone involved. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
