import type { BookingRow } from '@yizhan/contracts/appointment'
import type { ClinicRow, HospitalRow, SiteRow } from '@yizhan/contracts/tenant'
import { bookingCodeOf } from '@yizhan/rules/appointment/booking-code'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import type { Chance } from './chance.ts'

const minuteMs = 60_000
const siteId = '01985f00-0000-7000-8000-0000000000a1'

/** A hospital that does not exist: one hall, two clinics, three stations. */
export const simulatedHospital = {
  tenantId: '01985f00-0000-7000-8000-0000000000f1',
  siteId,
  hospital: {
    tenantId: '01985f00-0000-7000-8000-0000000000f1',
    name: { 'zh-CN': '模拟医院', en: 'Simulated Hospital' },
    zone: 'Asia/Shanghai',
    helpDesk: { 'zh-CN': '导诊台', en: 'the desk' },
  } satisfies HospitalRow,
  site: { siteId, name: { 'zh-CN': '本部', en: 'Main' } } satisfies SiteRow,
  clinics: [clinic('01985f00-0000-7000-8000-0000000000c1', 'A'), clinic('01985f00-0000-7000-8000-0000000000c2', 'B')],
  stations: [
    { stationId: '01985f00-0000-7000-8000-0000000000b1', letter: 'K' },
    { stationId: '01985f00-0000-7000-8000-0000000000b2', letter: 'L' },
    { stationId: '01985f00-0000-7000-8000-0000000000b3', letter: 'M' },
  ],
} as const

/** The hospital's calendar; one for all runs, for making it is slow. */
export const simulatedCalendar = hospitalCalendar(simulatedHospital.hospital.zone)

function clinic(clinicId: string, queueLetter: string): ClinicRow {
  return {
    clinicId,
    siteId,
    name: { 'zh-CN': `${queueLetter} 诊区`, en: `Clinic ${queueLetter}` },
    place: { 'zh-CN': '二楼', en: 'Floor 2' },
    queueLetter,
    opensBeforeMin: 120,
    lateAfterMin: 15,
    closesAfterMin: 240,
    minutesPerPatient: 6,
  }
}

/** A new booking around a moment, of somebody who does not exist. */
export function drawBooking(chance: Chance, nowMs: number, serial: number): BookingRow {
  const slotStart = Math.floor(nowMs / minuteMs) * minuteMs + (chance.below(120) - 30) * minuteMs
  return {
    bookingId: uuidV7(nowMs, chance.bytes(10)),
    code: bookingCodeOf(String(10_000_000 + serial)),
    state: 'booked',
    siteId,
    clinicId: chance.pick(simulatedHospital.clinics).clinicId,
    doctorName: '甲医生',
    patientName: '张䶮',
    phoneLast4: String(serial % 10_000).padStart(4, '0'),
    birthMonthDay: '0229',
    patientKey: uuidV7(nowMs, chance.bytes(10)),
    cardHashes: [],
    slotStart,
    slotEnd: slotStart + 30 * minuteMs,
    movedTo: null,
    version: 1,
  }
}
