import { randomUUID } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { createBooking } from '@yizhan/crm-server/appointment/appointment'
import { demoStation, demoStructure } from '@yizhan/crm-server/demo/demo-hospital'
import { openDatabase } from '@yizhan/crm-server/postgres/database'
import { openKeyRing } from '@yizhan/crm-server/tenant/key-ring'
import type { BenchCentre } from './bench-centre.ts'

/** A booking as far as its patient knows it. */
export type BookedPatient = Pick<BookingRow, 'bookingId' | 'code' | 'phoneLast4'>

/** Bookings made at a time; the pool has as many connections. */
const atOnce = 8
const minuteMs = 60_000

/** Makes bookings at the centre that can be checked in at the station for the next hour, by the centre's own operation. */
export async function bookPatients(centre: BenchCentre, count: number): Promise<BookedPatient[]> {
  const database = openDatabase(centre.database.appUrl, { maxConnections: atOnce, onIdleError: () => undefined })
  const deps = { db: database.db, keys: await openKeyRing(centre.keysFolder) }
  const numbers = Array.from({ length: count }, (_, at) => at).values()
  const booked: BookedPatient[] = []
  const book = async () => {
    for (const at of numbers) booked.push(await bookOne(deps, centre.tenantId, at))
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, book))
    return booked
  } finally {
    await database.close()
  }
}

async function bookOne(
  deps: Parameters<typeof createBooking>[0],
  tenantId: string,
  at: number,
): Promise<BookedPatient> {
  const clinics = demoStructure.clinics.filter(({ siteId }) => siteId === demoStation.siteId)
  const phone = `1000000${String(at).padStart(4, '0')}`
  const slotStart = (Math.floor(Date.now() / minuteMs) + 30) * minuteMs
  const caller = { tenantId, nowMs: Date.now(), actor: { kind: 'system', id: 'bench', requestId: 'bench' } } as const
  const made = await createBooking(deps, caller, {
    operationId: randomUUID(),
    ...demoStation,
    clinicId: clinics[at % clinics.length]?.clinicId ?? '',
    doctorName: '甲医生',
    patientName: '张䶮',
    phone,
    birthDate: null,
    slotStart,
    slotEnd: slotStart + 15 * minuteMs,
  })
  if (!made.ok) throw new Error(`no booking was made: ${made.error}`)
  return { ...made.value, phoneLast4: phone.slice(-4) }
}
