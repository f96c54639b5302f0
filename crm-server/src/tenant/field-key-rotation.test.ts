import { spawn } from 'node:child_process'
import { createCipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBooking, rescheduleBooking } from '../appointment/appointment.ts'
import { acceptedValue, type HospitalFixture, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { drawNewKey, settleKeys } from './field-key-rotation.ts'
import { fieldKeysOf } from './field-keys.ts'
import { blindIndex, type FieldPlace } from './field-seal.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import { newId } from './new-id.ts'

let hospital: HospitalFixture
let folder: string
let keys: KeyRing
beforeAll(async () => {
  hospital = await openHospital()
  folder = await mkdtemp(join(tmpdir(), 'yizhan-rotation-'))
  keys = await openKeyRing(folder)
})
afterAll(async () => {
  await hospital.close()
  await rm(folder, { recursive: true })
})

const inHospital = <Value>(work: Parameters<typeof inTenant<Value>>[2]) =>
  inTenant(hospital.db, hospital.tenantId, work)
const place = (rowId: string, column: string): FieldPlace => ({
  tenantId: hospital.tenantId,
  table: 'booking',
  column,
  rowId,
})

async function book(phone: string): Promise<string> {
  const draft = hospital.newBooking({ operationId: newId(1), phone })
  return acceptedValue(await createBooking({ db: hospital.db, keys }, hospital.staff(), draft)).bookingId
}

/** A booking's phone as it opens now, and the person it belongs to. */
async function stored(bookingId: string): Promise<{ phone: string; patientKey: string }> {
  return await inHospital(async (tx) => {
    const fields = await fieldKeysOf(keys, { tx, tenantId: hospital.tenantId })
    const row = await tx.selectFrom('booking').selectAll().where('booking_id', '=', bookingId).executeTakeFirstOrThrow()
    if (row.phone_sealed === null) expect.unreachable()
    return { phone: fields.open(place(bookingId, 'phone'), row.phone_sealed), patientKey: row.patient_key }
  })
}

const heldKeys = () =>
  inHospital((tx) =>
    tx.selectFrom('tenant_key').select(['purpose', 'key_id']).orderBy('purpose').orderBy('key_id').execute(),
  )

/** As values were sealed before keys had numbers. */
function sealUnnumbered(key: Buffer, at: FieldPlace, text: string): Buffer {
  const iv = randomBytes(12)
  const aad = Buffer.from(JSON.stringify([at.tenantId, at.table, at.column, at.rowId]))
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad)
  return Buffer.concat([Buffer.of(1), iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

test('what was sealed by the one key of the whole centre opens, comes under the hospital’s own key, and the person stays found', async () => {
  const bookingId = await book('10000000001')
  const { patientKey } = await stored(bookingId)
  const old = sealUnnumbered(keys.fieldKey, place(bookingId, 'phone'), '10000000001')
  const person = JSON.stringify(['张䶮', { phone: '10000000001' }])
  await inHospital(async (tx) => {
    for (const purpose of ['field', 'index'] as const) {
      await tx
        .insertInto('tenant_key')
        .values({ tenant_id: hospital.tenantId, purpose, key_id: 0, wrapped: null })
        .execute()
    }
    await tx.updateTable('booking').set({ phone_sealed: old }).where('booking_id', '=', bookingId).execute()
    const index = blindIndex(keys.blindIndexKey, hospital.tenantId, 'person', person)
    await tx.updateTable('patient_key').set({ blind_index: index }).where('patient_key', '=', patientKey).execute()
  })
  expect(await stored(bookingId)).toEqual({ phone: '10000000001', patientKey })
  expect((await stored(await book('+86 10000000001'))).patientKey).toBe(patientKey)
  await settleKeys({ db: hospital.db, keys, onBroken: () => expect.unreachable() }, hospital.tenantId)
  expect(await heldKeys()).toEqual([
    { purpose: 'field', key_id: 1 },
    { purpose: 'index', key_id: 1 },
  ])
  expect(await stored(bookingId)).toEqual({ phone: '10000000001', patientKey })
  expect((await stored(await book('10000000001'))).patientKey).toBe(patientKey)
})

async function rotateKilledAfter(steps: number): Promise<NodeJS.Signals | number | null> {
  const main = fileURLToPath(new URL('../fixture/rotation-trial-main.ts', import.meta.url))
  const args = [main, hospital.database.appUrl, folder, hospital.tenantId, String(steps)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code, signal] = await once(child, 'exit')
  return signal ?? code
}

test('a change of keys that is killed between any two of its steps loses nothing, and the next one finishes it', async () => {
  const phone = '10000000777'
  const bookingId = await book(phone)
  const { patientKey } = await stored(bookingId)
  let killed = 0
  for (let steps = 1; ; steps += 1) {
    const ended = await rotateKilledAfter(steps)
    expect(await stored(bookingId)).toEqual({ phone, patientKey })
    expect((await stored(await book(phone))).patientKey).toBe(patientKey)
    if (ended !== 'SIGKILL') {
      expect(ended).toBe(0)
      break
    }
    killed += 1
  }
  expect(killed).toBeGreaterThanOrEqual(6)
  const held = await heldKeys()
  expect(held.map(({ purpose }) => purpose)).toEqual(['field', 'index'])
  expect(held.every(({ key_id }) => key_id > killed)).toBe(true)
})

test('people go on booking while keys change, and every booking opens afterwards under the one key that is left', async () => {
  const deps = { db: hospital.db, keys, onBroken: () => expect.unreachable() }
  const rotate = async () => {
    for (const purpose of ['field', 'index', 'field'] as const) await drawNewKey(deps, hospital.tenantId, purpose)
    await settleKeys(deps, hospital.tenantId)
  }
  const phones = Array.from({ length: 12 }, (_, at) => `1000000${1000 + at}`)
  const [made] = await Promise.all([Promise.all(phones.map(book)), rotate()])
  await settleKeys(deps, hospital.tenantId)
  expect((await Promise.all(made.map(stored))).map(({ phone }) => phone)).toEqual(phones)
  expect(await heldKeys()).toHaveLength(2)
})

test('a value that was put there from another row stops nothing: it is told, its key stays, and its booking cannot be read', async () => {
  const [one, other] = [await book('10000000021'), await book('10000000022')]
  await inHospital(async (tx) => {
    const { phone_sealed } = await tx
      .selectFrom('booking')
      .select('phone_sealed')
      .where('booking_id', '=', one)
      .executeTakeFirstOrThrow()
    await tx.updateTable('booking').set({ phone_sealed }).where('booking_id', '=', other).execute()
  })
  const broken: FieldPlace[] = []
  const deps = { db: hospital.db, keys, onBroken: (places: readonly FieldPlace[]) => broken.push(...places) }
  await drawNewKey(deps, hospital.tenantId, 'field')
  await settleKeys(deps, hospital.tenantId)
  expect(broken).toEqual([place(other, 'phone')])
  expect((await heldKeys()).filter(({ purpose }) => purpose === 'field')).toHaveLength(2)
  expect((await stored(one)).phone).toBe('10000000021')
  const slot = { slotStart: hospital.staff().nowMs + 7_200_000, slotEnd: hospital.staff().nowMs + 8_100_000 }
  const move = rescheduleBooking({ db: hospital.db, keys }, hospital.staff(), {
    bookingId: other,
    operationId: newId(1),
    ...slot,
  })
  await expect(move).rejects.toThrow('booking.phone does not belong where it is')
})
