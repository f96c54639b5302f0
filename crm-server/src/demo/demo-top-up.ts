import { randomInt } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { addDays, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { bookingIdsOfDays, bookingRows } from '../appointment/appointment.ts'
import { cancelInScope, rescheduleInScope } from '../appointment/booking-change.ts'
import { makeBooking } from '../appointment/booking-making.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { type DemoKind, demoSlot, demoWants, lastingStanding } from './demo-booking.ts'
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
  const before = await triableBookings(scope)
  for (const kind of kinds) {
    const there = before.filter(({ shows }) => shows === kind).length
    for (let at = there; at < demoWants[kind]; at += 1) await addDemoBooking(scope, keys, kind, at)
  }
  return await triableBookings(scope)
}

async function triableBookings(scope: TenantScope): Promise<TriableBooking[]> {
  const today = calendar.dayOf(scope.nowMs)
  const days = [today, addDays(today, 1)]
  const ids = await bookingIdsOfDays(scope.tx, scope.tenantId, { days, after: beforeAll, limit: mostBookings })
  const bookings = await bookingRows(scope.tx, scope.tenantId, { ids, days })
  bookings.sort((a, b) => a.slotStart - b.slotStart)
  const openPerPatient = new Map<string, number>()
  for (const booking of bookings) {
    const isOpen = booking.state === 'booked' && calendar.dayOf(booking.slotStart) === today
    if (isOpen) openPerPatient.set(booking.patientKey, (openPerPatient.get(booking.patientKey) ?? 0) + 1)
  }
  return bookings.flatMap((booking) => {
    const standing = lastingStanding(booking, calendar, scope.nowMs)
    if (standing === null || standing === 'checked-in') return []
    const hasTwo = standing === 'on-time' && (openPerPatient.get(booking.patientKey) ?? 0) > 1
    return [{ booking, shows: hasTwo ? ('two-appointments' as const) : standing }]
  })
}

async function addDemoBooking(scope: TenantScope, keys: KeyRing, kind: DemoKind, at: number): Promise<void> {
  const slot = demoSlot(kind, at, scope.nowMs)
  // Before one in the morning nothing of today can be over yet, and late at night nothing of today can be far off.
  const isToday = calendar.dayOf(slot.slotStart) === calendar.dayOf(scope.nowMs)
  if (isToday === (kind === 'other-day')) return
  const clinics = demoStructure.clinics.filter(
    ({ siteId }) => (siteId === demoStation.siteId) === (kind !== 'other-site'),
  )
  const person = drawPerson(at)
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
function drawPerson(at: number): { patientName: string; phone: string | null; birthDate: string | null } {
  const patientName = demoPatientNames[at % demoPatientNames.length] ?? ''
  const birthDate = `19${randomInt(50, 99)}-${String(randomInt(1, 13)).padStart(2, '0')}-${String(randomInt(1, 29)).padStart(2, '0')}`
  if (at % 5 === 4) return { patientName, phone: null, birthDate }
  return { patientName, phone: `100${String(randomInt(100_000_000)).padStart(8, '0')}`, birthDate }
}
