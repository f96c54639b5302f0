import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localText } from '@yizhan/contracts/local-text'
import { parseBookingQr } from '@yizhan/rules/appointment/booking-qr'
import { isIdNumber } from '@yizhan/rules/patient/id-number'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { hashCards } from '../appointment/card-hashing.ts'
import { readDayBoard } from '../appointment/day-board.ts'
import { type HospitalFixture, openHospital } from '../fixture/hospital-fixture.ts'
import { listStations } from '../fleet/fleet.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { type DemoKind, demoWants } from './demo-booking.ts'
import { demoCardHolders, identifiersOf } from './demo-card.ts'
import { demoTenantId } from './demo-hospital.ts'
import { startDemo } from './demo-seed.ts'

let centre: HospitalFixture
let folder: string
beforeAll(async () => {
  centre = await openHospital()
  folder = await mkdtemp(join(tmpdir(), 'yizhan-demo-'))
})
afterAll(async () => {
  await centre.close()
  await rm(folder, { recursive: true })
})

const sheet = z.strictObject({
  bookings: z.array(
    z.strictObject({
      code: z.string().regex(/^\d{9}$/),
      secondItem: z.string().regex(/^\d{4}$/),
      qr: z.string(),
      shows: z.string(),
      note: localText,
    }),
  ),
  cards: z.array(
    z.strictObject({
      label: localText,
      kind: z.enum(['social-security', 'hospital', 'id-card', 'contactless']),
      idNumber: z.string().optional(),
      cardNumber: z.string().optional(),
      uid: z.string().optional(),
      name: z.string(),
    }),
  ),
  admin: z.strictObject({ email: z.string(), oneTimePassword: z.string().nullable() }),
})
const kinds = Object.keys(demoWants) as DemoKind[]
const noonMs = Date.parse('2026-11-22T12:03:00+08:00')

async function seedAt(nowMs: number, stationKeyFile?: string) {
  const file = join(folder, 'demo.json')
  const demo = await startDemo({
    db: centre.db,
    keys: centre.keys,
    access: { ensureFirstAdministrator: async () => 'once-only-password' },
    now: () => nowMs,
    file,
    stationKeyFile,
    onFault: (error) => {
      throw error
    },
  })
  await demo.stop()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  return sheet.parse(JSON.parse(await readFile(file, 'utf8')))
}

test('a demo has some forty bookings, codes of every kind, and signed QRs', async () => {
  const demo = await seedAt(noonMs)
  expect(new Set(demo.bookings.map(({ shows }) => shows))).toEqual(new Set(kinds))
  for (const { qr, code } of demo.bookings) expect(parseBookingQr(qr)?.claim.code).toBe(code)
  expect(demo.admin).toEqual({ email: 'admin@demo.yizhan.example', oneTimePassword: 'once-only-password' })
  const { rows } = await readDayBoard(centre.db, demoTenantId, {}, noonMs)
  expect(rows.length).toBeGreaterThan(35)
  expect(rows.length).toBeLessThan(60)
})

test('a second start adds nothing where nothing is missing', async () => {
  const before = (await readDayBoard(centre.db, demoTenantId, {}, noonMs)).rows.length
  await seedAt(noonMs)
  expect((await readDayBoard(centre.db, demoTenantId, {}, noonMs)).rows).toHaveLength(before)
})

test('each card of the demo finds what it is for, hours and a day later too, and its number is nobody’s', async () => {
  const cardKey = await centre.keys.cardKey(demoTenantId)
  for (const laterMs of [noonMs, noonMs + 3_600_000, noonMs + 2 * 3_600_000, noonMs + 86_400_000]) {
    const { cards } = await seedAt(laterMs)
    expect(cards.flatMap(({ idNumber }) => idNumber ?? []).filter((number) => !isFictional(number))).toEqual([])
    for (const holder of demoCardHolders) {
      const found = await bookedFrom(laterMs, hashCards(cardKey, identifiersOf(holder)))
      const wanted = { 'two-appointments': 2, none: 0 }[String(holder.shows ?? 'none')] ?? 1
      expect(found, String(holder.shows)).toHaveLength(wanted)
    }
  }
})

function isFictional(idNumber: string): boolean {
  return isIdNumber(idNumber) && idNumber.startsWith('990000')
}

async function bookedFrom(nowMs: number, hashes: readonly string[]) {
  const today = hospitalCalendar('Asia/Shanghai').dayOf(nowMs)
  return await inTenant(centre.db, demoTenantId, (tx) =>
    tx
      .selectFrom('booking')
      .select('booking_id')
      .where('state', '=', 'booked')
      .where('day', '>=', today)
      .where(sql<boolean>`card_hashes && ${hashes}::text[]`)
      .execute(),
  )
}

test('two hours and a day later every kind is there again', async () => {
  for (const laterMs of [noonMs + 2 * 3_600_000, noonMs + 86_400_000]) {
    const demo = await seedAt(laterMs)
    expect(new Set(demo.bookings.map(({ shows }) => shows))).toEqual(new Set(kinds))
  }
})

test('at midnight it starts too, without the kinds that a new day cannot have yet', async () => {
  const demo = await seedAt(Date.parse('2026-11-25T00:01:00+08:00'))
  const shown = new Set(demo.bookings.map(({ shows }) => shows))
  expect(shown).toEqual(new Set(kinds.filter((kind) => kind !== 'late' && kind !== 'closed')))
})

test('the station of the key file is enrolled once, and one that was set up anew takes its place', async () => {
  const file = join(folder, 'identity-public.json')
  const writeIdentity = async () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const identity = {
      stationId: newId(noonMs),
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    }
    await writeFile(file, JSON.stringify(identity))
    return identity.stationId
  }
  await seedAt(noonMs, join(folder, 'not-there-yet.json'))
  const first = await writeIdentity()
  await seedAt(noonMs, file)
  await seedAt(noonMs, file)
  const second = await writeIdentity()
  await seedAt(noonMs, file)
  const third = await writeIdentity()
  await seedAt(noonMs, file)
  await seedAt(noonMs, file)
  const stations = await listStations(centre.db, demoTenantId, noonMs)
  const stateOf = Object.fromEntries(stations.map(({ stationId, letter, link }) => [stationId, `${letter} ${link}`]))
  expect(stateOf).toEqual({ [first]: 'K revoked', [second]: 'L revoked', [third]: 'M never-seen' })
})
