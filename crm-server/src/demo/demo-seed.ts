import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { LocalText } from '@yizhan/contracts/local-text'
import { z } from 'zod'
import { signBookingQr } from '../appointment/booking-issue.ts'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { enrolStation, listStations, revokeStation } from '../fleet/fleet.ts'
import type { CentreDb } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { lookUpHospital, readStructure, writeStructure } from '../tenant/tenant.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import { type DemoKind, demoWants } from './demo-booking.ts'
import { demoCardHolders } from './demo-card.ts'
import { seedDemoCustomers } from './demo-customer.ts'
import {
  demoAdministrator,
  demoStation,
  demoStationLetters,
  demoStationName,
  demoStructure,
  demoTenantId,
} from './demo-hospital.ts'
import { type TriableBooking, topUpDemo } from './demo-top-up.ts'

/** What the demo is made with. */
export interface DemoDeps {
  db: CentreDb
  keys: KeyRing
  access: {
    ensureFirstAdministrator(person: { tenantId: string; email: string; displayName: string }): Promise<string | null>
  }
  now: () => number
  /** Where codes and the one-time password are written for whoever starts the demo. */
  file?: string | undefined
  /** The public half of the demo station's identity, as the station wrote it. */
  stationKeyFile?: string | undefined
  onFault: (error: unknown) => void
}

/** Half of the time that what the file says is sure to hold. */
const topUpEveryMs = 5 * 60_000
/** How many codes of a kind the file offers. */
const offered: Partial<Record<DemoKind, number>> = { 'on-time': 4 }

const publicIdentity = z.object({ stationId: z.string(), publicKey: z.string() })

/**
 * Sets up the fictional hospital with its station and administrator, and keeps bookings of every kind around now.
 * Resolves when the first bookings are there.
 */
export async function startDemo(deps: DemoDeps): Promise<CentreLoop> {
  await seedStructure(deps)
  await seedDemoCustomers(deps, demoCaller(deps))
  await refreshDemo(deps)
  const { onFault } = deps
  return startCentreLoop({
    everyMs: topUpEveryMs,
    firstAfterMs: topUpEveryMs,
    work: () => refreshDemo(deps),
    onFault,
  })
}

async function refreshDemo(deps: DemoDeps): Promise<void> {
  await enrolDemoStation(deps)
  const outcome = await inScope(deps.db, demoCaller(deps), async (scope) => ({
    ok: true,
    value: await topUpDemo(scope, deps.keys),
  }))
  const password = await deps.access.ensureFirstAdministrator({ tenantId: demoTenantId, ...demoAdministrator })
  if (deps.file !== undefined && outcome.ok) await writeDemoFile(deps, deps.file, outcome.value, password)
}

async function seedStructure(deps: DemoDeps): Promise<void> {
  const hospital = await lookUpHospital(deps.db, demoTenantId)
  const before = hospital === null ? null : await readStructure(deps.db, demoTenantId)
  if (JSON.stringify(before) === JSON.stringify(demoStructure)) return
  await inScope(deps.db, demoCaller(deps), async (scope) => {
    await writeStructure(scope, demoStructure)
    return { ok: true, value: null }
  })
}

/** Enrols the station whose key lies in the file; one that was begun anew takes the place of the one before it. */
async function enrolDemoStation(deps: DemoDeps): Promise<void> {
  if (deps.stationKeyFile === undefined) return
  const text = await readFile(deps.stationKeyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return
  const { stationId, publicKey } = publicIdentity.parse(JSON.parse(text))
  const stations = await listStations(deps.db, demoTenantId, deps.now())
  if (stations.some((station) => station.stationId === stationId)) return
  const caller = demoCaller(deps)
  for (const station of stations) {
    if (station.name.en !== demoStationName(station.letter).en || station.link === 'revoked') continue
    const reason = 'the demo station was set up anew'
    await revokeStation(deps.db, caller, { stationId: station.stationId, operationId: randomUUID(), reason })
  }
  for (const letter of demoStationLetters) {
    const enrolment = {
      operationId: randomUUID(),
      stationId,
      publicKey,
      letter,
      name: demoStationName(letter),
      ...demoStation,
    }
    const outcome = await enrolStation(deps.db, caller, enrolment)
    if (outcome.ok) return
    if (outcome.error !== 'letter-taken') throw new Error(`the demo station cannot be enrolled: ${outcome.error}`)
  }
  throw new Error('the demo station cannot be enrolled: it was set up anew so often today that no letter is left')
}

function demoCaller({ now }: DemoDeps): Caller {
  return { tenantId: demoTenantId, nowMs: now(), actor: { kind: 'system', id: 'demo', requestId: 'demo' } }
}

const notes: Record<DemoKind, LocalText> = {
  'on-time': { 'zh-CN': '可以签到', en: 'can be checked in' },
  'two-appointments': { 'zh-CN': '今天有两个预约', en: 'two appointments today' },
  late: { 'zh-CN': '迟到，仍可签到', en: 'late, can still be checked in' },
  'too-early': { 'zh-CN': '还没到签到时间', en: 'too early' },
  closed: { 'zh-CN': '签到已截止', en: 'check-in is closed' },
  'other-day': { 'zh-CN': '预约在明天', en: 'tomorrow' },
  'other-site': { 'zh-CN': '预约在东院', en: 'at the other campus' },
  cancelled: { 'zh-CN': '已取消', en: 'cancelled' },
  rescheduled: { 'zh-CN': '已改期', en: 'moved to another time' },
}

async function writeDemoFile(
  { keys }: DemoDeps,
  file: string,
  triable: readonly TriableBooking[],
  oneTimePassword: string | null,
): Promise<void> {
  const qrKey = await keys.qrKey(demoTenantId)
  const kinds = Object.keys(demoWants) as DemoKind[]
  const bookings = kinds.flatMap((kind) =>
    triable
      .filter(({ shows }) => shows === kind)
      .slice(0, offered[kind] ?? 2)
      .map(({ booking }) => ({
        code: booking.code,
        secondItem: booking.phoneLast4 ?? booking.birthMonthDay,
        qr: signBookingQr(booking, qrKey),
        shows: kind,
        note: notes[kind],
      })),
  )
  const draft = `${file}.draft`
  const cards = demoCardHolders.flatMap((holder) => holder.cards)
  const content = { bookings, cards, admin: { email: demoAdministrator.email, oneTimePassword } }
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
}
