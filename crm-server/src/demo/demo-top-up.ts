import { randomInt } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { addDays, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { bookingIdsOfDays, bookingRows } from '../appointment/appointment.ts'
import { cancelInScope, rescheduleInScope } from '../appointment/booking-change.ts'
import { type BookingDraft, makeBooking } from '../appointment/booking-making.ts'
import { hashCards } from '../appointment/card-hashing.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { type DemoKind, demoSlot, demoWants, lastingStanding } from './demo-booking.ts'
import { demoCardHolders, identifiersOf } from './demo-card.ts'
import { demoDoctorNames, demoPatientNames, demoStation, demoStructure } from './demo-hospital.ts'

/** A demo booking that can be tried now, with what it shows. */
export interface TriableBooking {
  booking: BookingRow
  shows: DemoKind
}

const calendar = hospitalCalendar(demoStructure.hospital.zone)
const beforeAll = '00000000-0000-0000-0000-000000000000'
/** Two days of a demo that tops itself up every few minutes stay far below this. */
const mostBookings = 10_000
const kinds = Object.keys(demoWants) as DemoKind[]

/** Makes the bookings that are missing for every kind to be there, and returns all that can be tried. */
export async function topUpDemo(scope: TenantScope, keys: KeyRing): Promise<TriableBooking[]> {
  await topUpCardHolders(scope, await keys.cardKey(scope.tenantId), keys)
  const before = await triableBookings(scope)
  for (const kind of kinds) {
    const there = before.filter(({ shows }) => shows === kind).length
    for (let at = there; at < demoWants[kind]; at += 1)
      await addDemoBooking(scope, keys, { kind, at, ...drawPerson(at) })
  }
  return await triableBookings(scope)
}

/**
 * Makes the bookings that the demo's cards are for, where they are missing or used up. What is left of earlier ones is
 * cancelled: these persons stay the same, and would soon have a dozen.
 */
async function topUpCardHolders(scope: TenantScope, cardKey: Buffer, keys: KeyRing): Promise<void> {
  const all = await keptBookings(scope)
  for (const [at, holder] of demoCardHolders.entries()) {
    const { patientName, phone, birthDate, shows } = holder
    if (shows === null) continue
    const cardHashes = hashCards(cardKey, identifiersOf(holder))
    const theirs = all.filter((booking) => booking.cardHashes.some((hash) => cardHashes.includes(hash)))
    if (triableOf(theirs, scope.nowMs).some((one) => one.shows === shows)) continue
    for (const { bookingId } of theirs.filter(({ state }) => state === 'booked')) await cancelInScope(scope, bookingId)
    await addDemoBooking(scope, keys, { kind: shows, at, patientName, phone, birthDate, cardHashes })
  }
}

async function triableBookings(scope: TenantScope): Promise<TriableBooking[]> {
  return triableOf(await keptBookings(scope), scope.nowMs)
}

/** The bookings of today and tomorrow, in the order of their time. */
async function keptBookings(scope: TenantScope): Promise<BookingRow[]> {
  const today = calendar.dayOf(scope.nowMs)
  const days = [today, addDays(today, 1)]
  const ids = await bookingIdsOfDays(scope.tx, scope.tenantId, { days, after: beforeAll, limit: mostBookings })
  const bookings = await bookingRows(scope.tx, scope.tenantId, { ids, days })
  return bookings.sort((a, b) => a.slotStart - b.slotStart)
}

function triableOf(bookings: readonly BookingRow[], nowMs: number): TriableBooking[] {
  const today = calendar.dayOf(nowMs)
  const openPerPatient = new Map<string, number>()
  for (const booking of bookings) {
    const isOpen = booking.state === 'booked' && calendar.dayOf(booking.slotStart) === today
    if (isOpen) openPerPatient.set(booking.patientKey, (openPerPatient.get(booking.patientKey) ?? 0) + 1)
  }
  return bookings.flatMap((booking) => {
    const standing = lastingStanding(booking, calendar, nowMs)
    if (standing === null || standing === 'checked-in') return []
    const hasTwo = standing === 'on-time' && (openPerPatient.get(booking.patientKey) ?? 0) > 1
    return [{ booking, shows: hasTwo ? ('two-appointments' as const) : standing }]
  })
}

type DemoPerson = Pick<BookingDraft, 'patientName' | 'phone' | 'birthDate' | 'cardHashes'>

async function addDemoBooking(
  scope: TenantScope,
  keys: KeyRing,
  { kind, at, ...person }: DemoPerson & { kind: DemoKind; at: number },
): Promise<void> {
  const slot = demoSlot(kind, at, scope.nowMs)
  // Before one in the morning nothing of today can be over yet, and late at night nothing of today can be far off.
  const isToday = calendar.dayOf(slot.slotStart) === calendar.dayOf(scope.nowMs)
  if (isToday === (kind === 'other-day')) return
  const clinics = demoStructure.clinics.filter(
    ({ siteId }) => (siteId === demoStation.siteId) === (kind !== 'other-site'),
  )
  const draftAt = (number: number) => {
    const clinic = clinics[number % clinics.length]
    if (clinic === undefined) throw new Error('the demo hospital has no clinic for this')
    const doctorName = demoDoctorNames[demoStructure.clinics.indexOf(clinic)] ?? ''
    return { siteId: clinic.siteId, clinicId: clinic.clinicId, doctorName, ...person, ...slot }
  }
  const { bookingId } = await makeBooking(scope, keys, draftAt(at))
  if (kind === 'two-appointments') await makeBooking(scope, keys, draftAt(at + 1))
  if (kind === 'cancelled') await cancelInScope(scope, bookingId)
  if (kind === 'rescheduled') {
    const dayMs = 86_400_000
    await rescheduleInScope(scope, keys, {
      bookingId,
      slotStart: slot.slotStart + dayMs,
      slotEnd: slot.slotEnd + dayMs,
    })
  }
}

/** A person with a fresh number (no Chinese mobile number begins with 100; eight random digits keep persons apart), or with a birthday where the number is unknown. */
function drawPerson(at: number): DemoPerson {
  const patientName = demoPatientNames[at % demoPatientNames.length] ?? ''
  const birthDate = `19${randomInt(50, 99)}-${String(randomInt(1, 13)).padStart(2, '0')}-${String(randomInt(1, 29)).padStart(2, '0')}`
  if (at % 5 === 4) return { patientName, phone: null, birthDate, cardHashes: [] }
  return { patientName, phone: `100${String(randomInt(100_000_000)).padStart(8, '0')}`, birthDate, cardHashes: [] }
}
