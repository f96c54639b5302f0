import type { HospitalCalendar } from './hospital-time.ts'

/** When a hospital receives patients (开诊时间), every day alike, in minutes after midnight. */
export interface OpeningHours {
  opensMin: number
  closesMin: number
}

const dayMs = 86_400_000
const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/**
 * How many minutes of a hospital's opening hours lie between two moments, whole minutes of its wall clock; 0 when `toMs` is not
 * the later one. On the day on which clocks are changed it may be an hour off.
 */
export function openMinutesBetween(
  { opensMin, closesMin }: OpeningHours,
  calendar: HospitalCalendar,
  fromMs: number,
  toMs: number,
): number {
  if (toMs <= fromMs) return 0
  const openUntil = (instantMs: number) =>
    Math.min(Math.max(minutesOf(calendar.clockOf(instantMs)), opensMin), closesMin) - opensMin
  const [fromDay, toDay] = [calendar.dayOf(fromMs), calendar.dayOf(toMs)]
  const days = (Date.parse(toDay) - Date.parse(fromDay)) / dayMs
  return Math.max(0, days * (closesMin - opensMin) + openUntil(toMs) - openUntil(fromMs))
}

/** Reads hours as `07:00-18:00`; null when they are none, or close before they open. */
export function readOpeningHours(text: string): OpeningHours | null {
  const match = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text)
  if (match === null) return null
  const [opensMin, closesMin] = [minutesOf(match[1] ?? ''), minutesOf(match[2] ?? '')]
  return opensMin < closesMin ? { opensMin, closesMin } : null
}
