/** The wall clock and the days of one hospital; whoever needs them often keeps one, for making it is slow. */
export interface HospitalCalendar {
  readonly zone: string
  /** The hospital's calendar day of a moment, `2026-11-22`. */
  dayOf(instantMs: number): string
  /** The hospital's wall clock at a moment, `08:05`. */
  clockOf(instantMs: number): string
}

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
  const partsOf = (instantMs: number) => {
    const parts = new Map(format.formatToParts(instantMs).map((part) => [part.type, part.value]))
    return (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  }
  return {
    zone,
    dayOf(instantMs) {
      const part = partsOf(instantMs)
      return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
    },
    clockOf(instantMs) {
      const part = partsOf(instantMs)
      return `${part('hour')}:${part('minute')}`
    },
  }
}

/** The calendar day so many days after another (before, when negative); calendar arithmetic, no zone involved. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
