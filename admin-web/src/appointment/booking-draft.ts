import type { NewBooking } from '@yizhan/contracts/appointment'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { cardProblems, cardsOf, type PatientCards } from './patient-cards.ts'

/** A time as a desk enters it: day and wall clock of the hospital. */
export interface SlotDraft {
  day: string
  start: string
  end: string
}

/** A booking as a desk enters it. */
export interface BookingDraft extends SlotDraft, PatientCards {
  siteId: string | null
  clinicId: string | null
  doctorName: string
  patientName: string
  phone: string
  birthDate: string
}

/** What is wrong, field by field; a field with the text `required` is simply empty. */
export type DraftProblems<Field extends string> = Partial<Record<Field, AdminMessageKey | 'required'>>

/** The time that a booking has, as a desk would enter it. */
export function slotOf({ slotStart, slotEnd }: { slotStart: number; slotEnd: number }, dates: AdminDates): SlotDraft {
  return { day: dates.dayOf(slotStart), start: dates.clock(slotStart), end: dates.clock(slotEnd) }
}

/** Whether two times are one and the same. */
export function isSameSlot(one: SlotDraft, other: SlotDraft): boolean {
  return one.day === other.day && one.start === other.start && one.end === other.end
}

/** What is wrong with the time; nothing when it can be booked. */
export function slotProblems(slot: SlotDraft, dates: AdminDates, now: number): DraftProblems<keyof SlotDraft> {
  const problems: DraftProblems<keyof SlotDraft> = {}
  for (const field of ['day', 'start', 'end'] as const) if (slot[field] === '') problems[field] = 'required'
  if (Object.keys(problems).length > 0) return problems
  if (slot.end <= slot.start) problems.end = 'booking.form.slot.wrong'
  // Somebody who comes to the desk may be booked into the slot that is running.
  if (dates.instantOf(slot.day, slot.end) <= now) problems.start = 'booking.form.slot.past'
  return problems
}

/** What is wrong with a draft; nothing when it can be sent. */
export function draftProblems(draft: BookingDraft, dates: AdminDates, now: number): DraftProblems<keyof BookingDraft> {
  const problems: DraftProblems<keyof BookingDraft> = {}
  for (const field of ['siteId', 'clinicId'] as const) if (draft[field] === null) problems[field] = 'required'
  for (const field of ['doctorName', 'patientName'] as const)
    if (draft[field].trim() === '') problems[field] = 'required'
  const phone = bareNumber(draft.phone)
  if (phone !== '' && !isPhoneNumber(phone)) problems.phone = 'booking.form.phone.wrong'
  if (draft.birthDate !== '' && draft.birthDate > dates.dayOf(now)) problems.birthDate = 'booking.form.birth.wrong'
  if (phone === '' && draft.birthDate === '') problems.phone = 'booking.form.secondItem'
  return { ...problems, ...cardProblems(draft, draft.birthDate), ...slotProblems(draft, dates, now) }
}

/** The call that a draft without problems becomes; null while a choice is open. */
export function bookingOf(draft: BookingDraft, operationId: string, dates: AdminDates): NewBooking | null {
  if (draft.siteId === null || draft.clinicId === null) return null
  return {
    operationId,
    siteId: draft.siteId,
    clinicId: draft.clinicId,
    doctorName: draft.doctorName.trim(),
    patientName: draft.patientName.trim(),
    phone: bareNumber(draft.phone) || null,
    birthDate: draft.birthDate || null,
    cards: cardsOf(draft),
    slotStart: dates.instantOf(draft.day, draft.start),
    slotEnd: dates.instantOf(draft.day, draft.end),
  }
}

/**
 * Whether a bare number can be somebody's phone: a mainland mobile (11 digits beginning with 1), a landline with or
 * without its area code (7 to 12 digits, none of which begins with 1), or by ITU-T E.164 `+`, country code and number.
 */
export function isPhoneNumber(phone: string): boolean {
  return /^(?:1\d{10}|[02-9]\d{6,11}|\+[1-9]\d{6,14})$/.test(phone)
}

/** The four digits that a kiosk asks for beside a typed booking code. */
export interface AskedDigits {
  kind: 'phone' | 'birthday'
  digits: string
}

/** What the kiosk asks the patient of a booking for: the end of the phone, or without a phone the birthday; null for neither. */
export function askedDigits({ phone, birthDate }: Pick<NewBooking, 'phone' | 'birthDate'>): AskedDigits | null {
  if (phone !== null) return { kind: 'phone', digits: phone.slice(-4) }
  return birthDate === null ? null : { kind: 'birthday', digits: birthDate.slice(5).replace('-', '') }
}

/** A phone number without what people put between its digits. */
function bareNumber(phone: string): string {
  return phone.normalize('NFKC').replace(/[\s()-]/g, '')
}

/** The next slot of a desk: the coming full ten minutes, ten minutes long. */
export function nextSlot(day: string, dates: AdminDates, now: number): SlotDraft {
  if (day !== dates.dayOf(now)) return { day, start: '08:00', end: '08:10' }
  const tenMinutesMs = 600_000
  const start = Math.ceil(now / tenMinutesMs) * tenMinutesMs
  const end = start + tenMinutesMs
  if (dates.dayOf(end) !== day) return { day, start: '23:40', end: '23:50' }
  return { day, start: dates.clock(start), end: dates.clock(end) }
}

/** The times of day in steps of five minutes, with the one at hand where it falls between them. */
export function clockTimes(atHand: string): string[] {
  const times = Array.from({ length: 288 }, (_, at) => {
    const [hours, minutes] = [Math.floor(at / 12), (at % 12) * 5]
    return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  })
  return atHand === '' || times.includes(atHand) ? times : [...times, atHand].sort()
}
