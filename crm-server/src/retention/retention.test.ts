import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBooking } from '../appointment/appointment.ts'
import { recordAudit } from '../audit/audit.ts'
import { checkAudit } from '../audit/audit-check.ts'
import { sealAudit } from '../audit/audit-sealing.ts'
import { auditWitness } from '../audit/audit-witness.ts'
import { acceptedValue, type HospitalFixture, horizonPassed, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { erasePerson, replayErasures } from './erasure.ts'
import { erasureList } from './erasure-list.ts'
import { liftHolds, placeHold } from './legal-hold.ts'
import { carryOutRetention } from './retention.ts'

const yearMs = 366 * 24 * 3_600_000

let hospital: HospitalFixture
let folder: string
beforeAll(async () => {
  hospital = await openHospital()
  folder = await mkdtemp(join(tmpdir(), 'yizhan-erasures-'))
})
afterAll(async () => {
  await hospital.close()
  await rm(folder, { recursive: true })
})

const inHospital = <Value>(work: Parameters<typeof inTenant<Value>>[2]) =>
  inTenant(hospital.db, hospital.tenantId, work)

async function book(phone: string, slotStart = hospital.newBooking().slotStart): Promise<string> {
  const slot = { slotStart, slotEnd: slotStart + 900_000 }
  const draft = hospital.newBooking({ operationId: newId(1), phone, ...slot })
  return acceptedValue(await createBooking(hospital, hospital.staff(slotStart - 3_600_000), draft)).bookingId
}

const stored = (bookingId: string) =>
  inHospital((tx) => tx.selectFrom('booking').selectAll().where('booking_id', '=', bookingId).executeTakeFirstOrThrow())

test('who is erased is nobody any more, in bookings and to stations, and is erased again when an older copy comes back', async () => {
  const list = erasureList(join(folder, 'erasures.jsonl'))
  const [gone, other] = [await book('10000000061'), await book('10000000062')]
  const { patient_key: patientKey } = await stored(gone)
  const deps = { db: hospital.db, list }
  const reason = '本人要求'
  expect(await erasePerson(deps, hospital.staff(), { patientKey, reason })).toEqual({ ok: true, value: { rows: 2 } })
  const nobody = {
    patient_name: '***',
    phone_sealed: null,
    phone_last4: null,
    birth_date_sealed: null,
    card_hashes: [],
  }
  expect(await stored(gone)).toMatchObject(nobody)
  expect((await stored(other)).patient_name).toBe('张䶮')
  const files = await inHospital((tx) => tx.selectFrom('person').select(['name', 'state']).orderBy('state').execute())
  expect(files).toContainEqual({ name: '***', state: 'erased' })
  expect(files.filter(({ state }) => state !== 'erased')).toMatchObject([{ name: '张䶮' }])
  const details = await inHospital((tx) => tx.selectFrom('person_detail').select('last4').execute())
  expect(details).toHaveLength(1)
  const told = await inHospital((tx) => tx.selectFrom('feed_change').select('key').where('key', '=', gone).execute())
  expect(told).toHaveLength(2)
  expect((await stored(await book('10000000061'))).patient_key).not.toBe(patientKey)
  expect(await erasePerson(deps, hospital.staff(), { patientKey, reason })).toEqual({
    ok: false,
    error: 'person-unknown',
  })
  // A copy from before: the booking has its name again, and the database knows of no erasure.
  const owner = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await owner.connect()
  await owner.query("select set_config('app.tenant_id', $1, false)", [hospital.tenantId])
  await owner.query('delete from erasure')
  await owner.end()
  await inHospital((tx) =>
    tx
      .updateTable('booking')
      .set({ patient_name: '张䶮', contact_erased_at: null })
      .where('booking_id', '=', gone)
      .execute(),
  )
  expect(await replayErasures(deps, hospital.staff().nowMs)).toBe(1)
  expect(await stored(gone)).toMatchObject(nobody)
  expect(await replayErasures(deps, hospital.staff().nowMs)).toBe(0)
})

test('a standing legal hold wins over erasure and over age, until it is lifted', async () => {
  const nowMs = hospital.staff().nowMs
  const [held, free] = [await book('10000000071', nowMs - 4 * yearMs), await book('10000000072', nowMs - 4 * yearMs)]
  const young = await book('10000000073')
  const { patient_key: patientKey } = await stored(held)
  const subject = { patientKey, reason: '诉讼' }
  acceptedValue(await placeHold(hospital.db, hospital.staff(), subject))
  const list = erasureList(join(folder, 'held.jsonl'))
  const refused = await erasePerson({ db: hospital.db, list }, hospital.staff(), subject)
  expect(refused).toEqual({ ok: false, error: 'under-hold' })
  const deps = { db: hospital.db, now: () => nowMs }
  await carryOutRetention(deps, hospital.tenantId)
  expect((await stored(held)).patient_name).toBe('张䶮')
  expect((await stored(free)).patient_name).toBe('***')
  expect((await stored(young)).patient_name).toBe('张䶮')
  acceptedValue(await liftHolds(hospital.db, hospital.staff(), subject))
  await carryOutRetention(deps, hospital.tenantId)
  expect((await stored(held)).patient_name).toBe('***')
  const trail = await inHospital((tx) =>
    tx.selectFrom('audit').select(['object_id', 'reason']).where('action', '=', 'retention-carried-out').execute(),
  )
  expect(trail.filter(({ object_id }) => object_id === 'booking-contact')).toHaveLength(2)
  expect(trail.every(({ reason }) => /^\d+ older than \d+ days$/.test(reason ?? ''))).toBe(true)
})

test('the audit trail lets whole blocks go after three years, and what is left is still one chain', async () => {
  const witness = auditWitness(folder)
  let nowMs = Date.now() - 5 * yearMs
  const deps = { db: hospital.db, keys: hospital.keys, witness, now: () => nowMs }
  await inHospital((tx) => sql`delete from audit_waiting`.execute(tx))
  const write = async () => {
    const caller = {
      ...hospital.staff(nowMs),
      reach: undefined,
      actor: { kind: 'system' as const, id: 'x', requestId: 'y' },
    }
    await inHospital((tx) => recordAudit({ ...caller, tx }, { action: 'tried', objectKind: 'thing', objectId: 'old' }))
    await horizonPassed(hospital.db)
    expect(await sealAudit(deps, hospital.tenantId)).toBeGreaterThan(0)
  }
  await write()
  nowMs = Date.now()
  await write()
  const before = await checkAudit(deps, hospital.tenantId)
  const gone = await carryOutRetention({ db: hospital.db, now: () => nowMs }, hospital.tenantId)
  expect(gone.find(({ rule }) => rule === 'audit')).toEqual({ rule: 'audit', count: 1 })
  await horizonPassed(hospital.db)
  await sealAudit(deps, hospital.tenantId)
  const after = await checkAudit(deps, hospital.tenantId)
  expect(after.findings).toEqual(before.findings)
  expect(after.blocks).toBe(3)
})
