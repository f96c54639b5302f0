import type { BookingState, DayBoardRow } from '@yizhan/contracts/appointment'
import { isOverdue } from './overdue.ts'

/** A state of a booking, or `overdue`: those of the expected whose time is past. */
export type BoardState = BookingState | 'overdue'

/** The states in the order in which a desk asks for them. */
export const statesInOrder = [
  'booked',
  'overdue',
  'arrived',
  'rescheduled',
  'cancelled',
] as const satisfies readonly BoardState[]

/** What the day board shows, as its address says it; null leaves a choice open. */
export interface DayBoardFilter {
  /** Null is today, whatever day that is when the page is read. */
  day: string | null
  clinicId: string | null
  state: BoardState | null
  text: string
}

/** The filter of an address's query; anything that is no filter is left out. */
export function readDayBoardFilter(query: Readonly<Record<string, string>>): DayBoardFilter {
  const { day, clinic, state, q } = query
  return {
    day: day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null,
    clinicId: clinic || null,
    state: statesInOrder.find((known) => known === state) ?? null,
    text: q ?? '',
  }
}

/** The address of a filter; today without any filter is the bare page. */
export function dayBoardAddress(filter: DayBoardFilter): string {
  const query = new URLSearchParams()
  if (filter.day !== null) query.set('day', filter.day)
  if (filter.clinicId !== null) query.set('clinic', filter.clinicId)
  if (filter.state !== null) query.set('state', filter.state)
  if (filter.text !== '') query.set('q', filter.text)
  const text = query.toString()
  return text === '' ? '/admin/' : `/admin/?${text}`
}

/** Whether anything but the day is narrowed down. */
export function isNarrowed(filter: DayBoardFilter): boolean {
  return filter.clinicId !== null || filter.state !== null || filter.text !== ''
}

/** The rows that a filter leaves, in the order of their appointments; `asOf` is when the rows were true. */
export function rowsOf(filter: DayBoardFilter, rows: readonly DayBoardRow[], asOf: number): DayBoardRow[] {
  const wanted = folded(filter.text)
  return rows
    .filter((row) => filter.clinicId === null || row.clinicId === filter.clinicId)
    .filter((row) => isInState(row, filter.state, asOf))
    .filter((row) => wanted === '' || searchedTexts(row).some((text) => folded(text).includes(wanted)))
    .sort((one, other) => one.slotStart - other.slotStart || one.code.localeCompare(other.code))
}

function isInState(row: DayBoardRow, state: BoardState | null, asOf: number): boolean {
  return state === null || (state === 'overdue' ? isOverdue(row, asOf) : row.state === state)
}

function searchedTexts(row: DayBoardRow): string[] {
  return [row.patientNameMasked, row.code, row.arrival?.queueNumber ?? '']
}

/** Blanks and the dash inside codes do not matter, nor do case and full-width digits. */
function folded(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '')
}
