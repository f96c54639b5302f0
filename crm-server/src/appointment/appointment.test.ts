import { createHmac, createPublicKey, randomUUID, verify } from 'node:crypto'
import { bookingRow } from '@yizhan/contracts/appointment'
import { isBookingCode } from '@yizhan/rules/appointment/booking-code'
import { parseBookingQr } from '@yizhan/rules/appointment/booking-qr'
import { idNumberCheckDigit } from '@yizhan/rules/patient/id-number'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acceptedValue,
  type HospitalFixture,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { bookingRows, cancelBooking, createBooking, rescheduleBooking } from './appointment.ts'
import { readDayBoard } from './day-board.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

async function stored(bookingId: string) {
  return await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('booking').selectAll().where('booking_id', '=', bookingId).executeTakeFirstOrThrow(),
  )
}

async function create(changes: Partial<ReturnType<HospitalFixture['newBooking']>> = {}) {
  const input = hospital.newBooking({ operationId: randomUUID(), ...changes })
  return await createBooking(hospital, hospital.staff(), input)
}

test('a booking gets a code with its check digit and a QR that the hospital’s key signed', async () => {
  const created = acceptedValue(await create())
  expect(isBookingCode(created.code)).toBe(true)
  const scanned = parseBookingQr(created.qr)
  expect(scanned?.claim).toMatchObject({
    bookingId: created.bookingId,
    code: created.code,
    slotStart: morningMs + 1_800_000,
  })
  const { keyId, publicKey } = await hospital.keys.qrKey(hospital.tenantId)
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  expect(scanned?.keyId).toBe(keyId)
  expect(verify(null, scanned?.signedBytes ?? Buffer.of(), key, scanned?.signature ?? Buffer.of())).toBe(true)
})

test('phone and birth date lie sealed in the table; only the second items are readable', async () => {
  const { bookingId } = acceptedValue(await create({ phone: '+8613800001234', birthDate: '1975-11-03' }))
  const row = await stored(bookingId)
  expect(row).toMatchObject({ phone_last4: '1234', birth_month_day: '1103', day: morningDay })
  expect(row.phone_sealed?.includes('8613800001234')).toBe(false)
  expect(row.birth_date_sealed?.includes('1975')).toBe(false)
})

test('of a booking’s cards only keyed hashes are kept, nowhere the numbers, and an ID number must have its check digit', async () => {
  const idNumber = `99000019800229001${idNumberCheckDigit('99000019800229001')}`
  const cards = [
    { kind: 'id-number' as const, value: idNumber },
    { kind: 'card-number' as const, value: '90000102' },
    { kind: 'card-number' as const, value: '90000102' },
  ]
  const mistyped = [{ kind: 'id-number' as const, value: `${idNumber.slice(0, 17)}${idNumber.endsWith('1') ? 2 : 1}` }]
  expect(await create({ cards: mistyped })).toEqual({ ok: false, error: 'id-number-invalid' })
  const { bookingId } = acceptedValue(await create({ cards }))
  const cardKey = await hospital.keys.cardKey(hospital.tenantId)
  const hash = (text: string) => createHmac('sha256', cardKey).update(text).digest('base64url')
  const { card_hashes: kept } = await stored(bookingId)
  expect(kept).toEqual([hash(`id-number:${idNumber}`), hash('card-number:90000102')])
  const days = [morningDay]
  const [row] = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    bookingRows(tx, hospital.tenantId, { ids: [bookingId], days }),
  )
  expect(bookingRow.parse(row).cardHashes).toEqual(kept)
  expect(await rowsHolding(idNumber)).toEqual([])
})

/** The tables that hold a text anywhere in any row. */
async function rowsHolding(text: string): Promise<string[]> {
  return await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const tables = ['booking', 'operation', 'audit', 'feed_change', 'patient_key'] as const
    const counts = await Promise.all(
      tables.map(async (table) => {
        const { rows } = await sql<{ n: number }>`
          select count(*)::int as n from ${sql.table(table)} t where t::text like ${`%${text}%`}`.execute(tx)
        return rows[0]?.n === 0 ? null : table
      }),
    )
    return counts.filter((table) => table !== null)
  })
}

test('a moved booking keeps its cards', async () => {
  const cards = [{ kind: 'card-uid' as const, value: '04A1B2C3' }]
  const booked = acceptedValue(await create({ cards, phone: '10000005556' }))
  const slot = { slotStart: morningMs + 7_200_000, slotEnd: morningMs + 8_100_000 }
  const operationId = randomUUID()
  const ask = { bookingId: booked.bookingId, operationId, ...slot }
  const moved = acceptedValue(await rescheduleBooking(hospital, hospital.staff(), ask))
  expect((await stored(moved.bookingId)).card_hashes).toEqual((await stored(booked.bookingId)).card_hashes)
})

test('the same operation again answers the same booking, also when both come at once', async () => {
  const input = hospital.newBooking({ operationId: randomUUID() })
  const outcomes = await Promise.all([1, 2, 3].map(() => createBooking(hospital, hospital.staff(), input)))
  const [first] = outcomes.map(acceptedValue)
  expect(outcomes.map(acceptedValue)).toEqual([first, first, first])
  const changed = await createBooking(hospital, hospital.staff(), { ...input, doctorName: '乙医生' })
  expect(changed).toEqual({ ok: false, error: 'operation-reused' })
})

test('what cannot be booked is refused and leaves nothing behind, so that the operation may be tried again', async () => {
  const operationId = randomUUID()
  const [, , eastClinic] = hospital.structure.clinics
  expect(await create({ clinicId: newId(1) })).toEqual({ ok: false, error: 'clinic-unknown' })
  expect(await create({ operationId, clinicId: eastClinic?.clinicId ?? '' })).toEqual({
    ok: false,
    error: 'clinic-unknown',
  })
  expect(await create({ slotEnd: morningMs })).toEqual({ ok: false, error: 'slot-invalid' })
  expect(await create({ slotStart: morningMs + 1 })).toEqual({ ok: false, error: 'slot-invalid' })
  expect(await create({ phone: null, birthDate: null })).toEqual({ ok: false, error: 'second-item-missing' })
  expect((await create({ operationId })).ok).toBe(true)
})

test('bookings of one person share a key; another phone is another person', async () => {
  const person = { patientName: '王小明', phone: '10000007777' }
  const [one, two, other] = [
    await create(person),
    await create(person),
    await create({ ...person, phone: '10000008888' }),
  ]
  const keys = await Promise.all(
    [one, two, other].map(async (outcome) => (await stored(acceptedValue(outcome).bookingId)).patient_key),
  )
  expect(keys[0]).toBe(keys[1])
  expect(keys[2]).not.toBe(keys[0])
})

test('a cancelled booking stays cancelled, a moved one points to its new time and the new one has a code of its own', async () => {
  const [cancelled, moved] = [acceptedValue(await create()), acceptedValue(await create({ phone: '10000005555' }))]
  const cancel = (bookingId: string) =>
    cancelBooking(hospital, hospital.staff(), { bookingId, operationId: randomUUID() })
  expect(acceptedValue(await cancel(cancelled.bookingId))).toEqual({ version: 2 })
  expect(acceptedValue(await cancel(cancelled.bookingId))).toEqual({ version: 2 })
  const slot = { slotStart: morningMs + 7_200_000, slotEnd: morningMs + 8_100_000 }
  const move = (bookingId: string) =>
    rescheduleBooking(hospital, hospital.staff(), { bookingId, operationId: randomUUID(), ...slot })
  const fresh = acceptedValue(await move(moved.bookingId))
  expect(fresh.code).not.toBe(moved.code)
  expect(await stored(moved.bookingId)).toMatchObject({ state: 'rescheduled', moved_to: slot.slotStart })
  expect(await stored(fresh.bookingId)).toMatchObject({ state: 'booked', phone_last4: '5555', birth_month_day: '0229' })
  expect(await move(moved.bookingId)).toEqual({ ok: false, error: 'booking-unknown' })
  expect(await move(cancelled.bookingId)).toEqual({ ok: false, error: 'booking-unknown' })
  expect(await cancel(newId(1))).toEqual({ ok: false, error: 'booking-unknown' })
})

test('a booking is not moved to the time that it already has, and its code stays good', async () => {
  const booked = acceptedValue(await create())
  const { slot_start: slotStart, slot_end: slotEnd } = await stored(booked.bookingId)
  const move = (slot: { slotStart: number; slotEnd: number }) =>
    rescheduleBooking(hospital, hospital.staff(), { bookingId: booked.bookingId, operationId: randomUUID(), ...slot })
  expect(await move({ slotStart, slotEnd })).toEqual({ ok: false, error: 'slot-invalid' })
  expect(await stored(booked.bookingId)).toMatchObject({ state: 'booked', code: booked.code, version: 1 })
  expect((await move({ slotStart, slotEnd: slotEnd + 300_000 })).ok).toBe(true)
})

test('the day board shows one day of the hospital’s own calendar, filtered by clinic and state, names masked', async () => {
  // 23:30 in Shanghai on the 24th is still the 24th there, though it is the 24th 15:30 in UTC; 00:30 is the 25th.
  const late = Date.parse('2026-11-24T23:30:00+08:00')
  await create({ slotStart: late, slotEnd: late + 900_000, patientName: '欧阳示范' })
  await create({ slotStart: late + 3_600_000, slotEnd: late + 4_500_000 })
  const board = await readDayBoard(hospital.db, hospital.tenantId, { day: '2026-11-24' }, morningMs)
  expect(board.rows).toMatchObject([{ patientNameMasked: '欧阳*范', clinicName: '心内科', arrival: null }])
  expect(board).toMatchObject({ zone: 'Asia/Shanghai', day: '2026-11-24' })
  const [, clinic] = hospital.structure.clinics
  const others = await readDayBoard(
    hospital.db,
    hospital.tenantId,
    { day: '2026-11-24', clinicId: clinic?.clinicId ?? '' },
    morningMs,
  )
  expect(others.rows).toEqual([])
  expect(others.clinics.map(({ booked }) => booked)).toEqual([1, 0, 0])
  const arrived = await readDayBoard(hospital.db, hospital.tenantId, { day: '2026-11-24', state: 'arrived' }, morningMs)
  expect(arrived.rows).toEqual([])
})
