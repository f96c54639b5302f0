import { randomUUID } from 'node:crypto'
import { cancelBooking, createBooking, rescheduleBooking } from '@yizhan/crm-server/appointment/appointment'
import { enrolStation } from '@yizhan/crm-server/fleet/fleet'
import type { CentreDb } from '@yizhan/crm-server/postgres/database'
import type { KeyRing } from '@yizhan/crm-server/tenant/key-ring'
import { writeStructure } from '@yizhan/crm-server/tenant/tenant'
import { type Caller, inScope } from '@yizhan/crm-server/tenant/tenant-scope'
import type { PatientBooking } from './patients.ts'

/** The tenant of the drill's hospital, which does not exist. */
export const drilledTenant = '01985f00-0000-7000-8000-0000000000d1'

const siteId = '01985f00-0000-7000-8000-0000000000d2'
const clinicIds = ['01985f00-0000-7000-8000-0000000000d3', '01985f00-0000-7000-8000-0000000000d4']
const minuteMs = 60_000

/** What is done at the centre as its staff do it. */
export interface DeskDeps {
  db: CentreDb
  keys: KeyRing
}

/** Writes the hospital: one site, two clinics. */
export async function openDrilledHospital(db: CentreDb): Promise<void> {
  const text = (words: string) => ({ 'zh-CN': words, en: words })
  await inScope(db, clerk(), async (scope) => {
    await writeStructure(scope, {
      hospital: { tenantId: drilledTenant, name: text('试验医院'), zone: 'Asia/Shanghai', helpDesk: text('导诊台') },
      sites: [{ siteId, name: text('本部') }],
      clinics: clinicIds.map((clinicId, at) => ({
        clinicId,
        siteId,
        name: text(`${at + 1} 诊区`),
        place: text('二楼'),
        queueLetter: 'AB'[at] ?? '',
        opensBeforeMin: 600,
        lateAfterMin: 600,
        closesAfterMin: 600,
        minutesPerPatient: 5,
      })),
    })
    return { ok: true, value: null }
  })
}

/** Lets a machine in as the station of a letter. */
export async function enrolDrilled(db: CentreDb, letter: string, machine: { stationId: string; publicKey: string }) {
  const name = { 'zh-CN': `大厅 ${letter} 机`, en: `Lobby ${letter}` }
  const outcome = await enrolStation(db, clerk(), { ...machine, operationId: randomUUID(), siteId, name, letter })
  if (!outcome.ok) throw new Error(`not enrolled: ${outcome.error}`)
}

/** Makes so many bookings for now. */
export async function makeBookings(desk: DeskDeps, count: number, first: number): Promise<PatientBooking[]> {
  const made: PatientBooking[] = []
  for (let serial = first; serial < first + count; serial += 1) made.push(await makeBooking(desk, serial))
  return made
}

async function makeBooking(desk: DeskDeps, serial: number): Promise<PatientBooking> {
  const phone = `100${String(serial).padStart(8, '0')}`
  const slotStart = Math.floor(Date.now() / minuteMs) * minuteMs
  const outcome = await createBooking(desk, clerk(), {
    operationId: randomUUID(),
    siteId,
    clinicId: clinicIds[serial % clinicIds.length] ?? '',
    doctorName: '试医生',
    patientName: '张䶮',
    phone,
    birthDate: null,
    slotStart,
    slotEnd: slotStart + 30 * minuteMs,
  })
  if (!outcome.ok) throw new Error(`not booked: ${outcome.error}`)
  return { bookingId: outcome.value.bookingId, code: outcome.value.code, phoneLast4: phone.slice(-4) }
}

/** The desk goes on working: cancels one booking, moves another to tomorrow. */
export async function changeBookings(desk: DeskDeps, [cancelled, moved]: readonly PatientBooking[]): Promise<void> {
  const operationId = randomUUID()
  if (cancelled !== undefined) await cancelBooking(desk, clerk(), { bookingId: cancelled.bookingId, operationId })
  if (moved === undefined) return
  const slotStart = Math.floor(Date.now() / minuteMs) * minuteMs + 24 * 60 * minuteMs
  const slot = { slotStart, slotEnd: slotStart + 30 * minuteMs }
  await rescheduleBooking(desk, clerk(), { bookingId: moved.bookingId, operationId: randomUUID(), ...slot })
}

function clerk(): Caller {
  return { tenantId: drilledTenant, nowMs: Date.now(), actor: { kind: 'system', id: 'drill', requestId: 'drill' } }
}
