import type { BookingState, DayBoardRow } from '@yizhan/contracts/appointment'
import type { OpenStanding } from '@yizhan/contracts/check-in'
import type { LocalText } from '@yizhan/contracts/local-text'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { fieldMask } from '../access/field-mask.ts'
import { withinReach } from '../access/protected-table.ts'
import { tenantOf, type Who } from '../access/reach.ts'
import { type Reader, recordRead } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { hospitalOf } from '../tenant/tenant.ts'

/** Which part of a day is asked for. */
export interface DayQuestion {
  day?: string | undefined
  clinicId?: string | undefined
  state?: BookingState | undefined
}

/** The figures of one clinic's day: bookings still expected, arrived and cancelled. */
export interface ClinicDay {
  clinicId: string
  clinicName: string
  booked: number
  arrived: number
  cancelled: number
}

/** A day of the hospital as staff see it: its bookings with their arrivals, and every clinic's figures. */
export interface DayBoard {
  day: string
  zone: string
  rows: DayBoardRow[]
  clinics: ClinicDay[]
  asOf: number
}

/** Reads the board of a day, today in the hospital's zone when none is named. The figures cover the whole day. */
export async function readDayBoard(db: CentreDb, who: Reader, question: DayQuestion, nowMs: number): Promise<DayBoard> {
  const tenantId = tenantOf(who)
  return await inTenant(db, who, async (tx) => {
    const { zone } = await hospitalOf(tx, tenantId)
    const day = question.day ?? hospitalCalendar(zone).dayOf(nowMs)
    const rows = await readRows(tx, who, { ...question, day })
    const shown = rows.map(({ bookingId }) => bookingId)
    await recordRead(tx, who, { action: 'day-board-read', objectKind: 'day', objectId: day, shown })
    return { day, zone, rows, clinics: await readFigures(tx, who, day), asOf: nowMs }
  })
}

async function readRows(tx: TenantTx, who: Who, question: DayQuestion & { day: string }): Promise<DayBoardRow[]> {
  const shown = fieldMask(who, 'booking')
  let query = tx
    .selectFrom('booking')
    .innerJoin('clinic', (join) =>
      join.onRef('clinic.tenant_id', '=', 'booking.tenant_id').onRef('clinic.clinic_id', '=', 'booking.clinic_id'),
    )
    .leftJoin('arrival', (join) =>
      join
        .onRef('arrival.tenant_id', '=', 'booking.tenant_id')
        .onRef('arrival.booking_id', '=', 'booking.booking_id')
        .on('arrival.alias_of', 'is', null),
    )
    .leftJoin('station', (join) =>
      join.onRef('station.tenant_id', '=', 'arrival.tenant_id').onRef('station.station_id', '=', 'arrival.station_id'),
    )
    .select(['booking.booking_id', 'booking.code', 'booking.state', 'booking.clinic_id', 'booking.doctor_name'])
    .select(['booking.patient_name', 'booking.slot_start', 'booking.slot_end', 'clinic.name as clinic_name'])
    .select(['arrival.queue_number', 'arrival.arrived_at', 'arrival.standing', 'station.name as station_name'])
    .where('booking.tenant_id', '=', tenantOf(who))
    .where(withinReach(who, 'booking'))
    .where('booking.day', '=', question.day)
    .orderBy('booking.slot_start')
    .orderBy('booking.booking_id')
  if (question.clinicId !== undefined) query = query.where('booking.clinic_id', '=', question.clinicId)
  if (question.state !== undefined) query = query.where('booking.state', '=', question.state)
  const found = await query.execute()
  return found.map((row) => ({
    bookingId: row.booking_id,
    code: row.code,
    state: row.state,
    clinicId: row.clinic_id,
    clinicName: row.clinic_name['zh-CN'],
    doctorName: row.doctor_name,
    patientNameMasked: shown('name', row.patient_name),
    slotStart: row.slot_start,
    slotEnd: row.slot_end,
    arrival: arrivalOf(row),
  }))
}

function arrivalOf(row: {
  queue_number: string | null
  arrived_at: number | null
  standing: OpenStanding | null
  station_name: LocalText | null
}): DayBoardRow['arrival'] {
  const { queue_number: queueNumber, arrived_at: arrivedAt, standing } = row
  if (queueNumber === null || arrivedAt === null || standing === null) return null
  return { queueNumber, arrivedAt, standing, stationName: row.station_name?.['zh-CN'] ?? '' }
}

async function readFigures(tx: TenantTx, who: Who, day: string): Promise<ClinicDay[]> {
  const counts = await tx
    .selectFrom('clinic')
    .leftJoin('booking', (join) =>
      join
        .onRef('booking.tenant_id', '=', 'clinic.tenant_id')
        .onRef('booking.clinic_id', '=', 'clinic.clinic_id')
        .on('booking.day', '=', day)
        .on(withinReach(who, 'booking')),
    )
    .select(({ fn }) => [
      'clinic.clinic_id',
      'clinic.name',
      fn.count<number>('booking.booking_id').filterWhere('booking.state', '=', 'booked').as('booked'),
      fn.count<number>('booking.booking_id').filterWhere('booking.state', '=', 'arrived').as('arrived'),
      fn.count<number>('booking.booking_id').filterWhere('booking.state', '=', 'cancelled').as('cancelled'),
    ])
    .where('clinic.tenant_id', '=', tenantOf(who))
    .groupBy(['clinic.clinic_id', 'clinic.name', 'clinic.position'])
    .orderBy('clinic.position')
    .execute()
  return counts.map(({ clinic_id: clinicId, name, booked, arrived, cancelled }) => ({
    clinicId,
    clinicName: name['zh-CN'],
    booked,
    arrived,
    cancelled,
  }))
}
