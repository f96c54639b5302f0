import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { isDefinedError, safe } from '@orpc/client'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, goodReport } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'

let hospital: HospitalFixture
let centre: CentreFixture
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const newBooking = () => hospital.newBooking({ operationId: randomUUID() })

test('a booking made at the desk is on the day board, and can be moved and cancelled there', async () => {
  centre.signIn('front-desk')
  const created = await centre.staff.appointment.create(newBooking())
  const slot = { slotStart: morningMs + 7_200_000, slotEnd: morningMs + 8_100_000 }
  const moved = await centre.staff.appointment.reschedule({
    bookingId: created.bookingId,
    operationId: randomUUID(),
    ...slot,
  })
  await centre.staff.appointment.cancel({ bookingId: moved.bookingId, operationId: randomUUID() })
  const { rows } = await centre.staff.appointment.day({})
  expect(rows.map(({ bookingId, state }) => [bookingId, state])).toEqual([
    [created.bookingId, 'rescheduled'],
    [moved.bookingId, 'cancelled'],
  ])
})

test('refusals come by their names, and a wrong field is named', async () => {
  centre.signIn('front-desk')
  const unknown = await safe(
    centre.staff.appointment.cancel({ bookingId: hospital.tenantId, operationId: randomUUID() }),
  )
  expect(isDefinedError(unknown.error) && unknown.error.code).toBe('booking-unknown')
  const wrong = await safe(centre.staff.appointment.create({ ...newBooking(), doctorName: 'a\u0000b' }))
  expect(wrong.error).toMatchObject({ code: 'BAD_REQUEST', data: { issues: [{ path: ['doctorName'] }] } })
})

test('a sealed value that was put there from another row is a refusal and an alarm in the audit trail, not a fault', async () => {
  centre.signIn('front-desk')
  const [one, other] = [
    await centre.staff.appointment.create({ ...newBooking(), phone: '10000000031' }),
    await centre.staff.appointment.create({ ...newBooking(), phone: '10000000032' }),
  ]
  const inHospital = <Value>(work: Parameters<typeof inTenant<Value>>[2]) =>
    inTenant(hospital.db, hospital.tenantId, work)
  await inHospital(async (tx) => {
    const { phone_sealed } = await tx
      .selectFrom('booking')
      .select('phone_sealed')
      .where('booking_id', '=', one.bookingId)
      .executeTakeFirstOrThrow()
    await tx.updateTable('booking').set({ phone_sealed }).where('booking_id', '=', other.bookingId).execute()
  })
  const slot = { slotStart: morningMs + 7_200_000, slotEnd: morningMs + 8_100_000 }
  const move = { bookingId: other.bookingId, operationId: randomUUID(), ...slot }
  const refused = await safe(centre.staff.appointment.reschedule(move))
  expect(refused.error).toMatchObject({ code: 'PROTECTED_FIELD_DAMAGED', status: 409 })
  const alarms = await inHospital((tx) =>
    tx
      .selectFrom('audit')
      .select(['object_kind', 'object_id'])
      .where('action', '=', 'protected-field-damaged')
      .execute(),
  )
  expect(alarms).toEqual([{ object_kind: 'booking.phone', object_id: other.bookingId }])
  for (const { bookingId } of [one, other]) {
    await centre.staff.appointment.cancel({ bookingId, operationId: randomUUID() })
  }
})

test('text that the database cannot hold is refused by name, from staff and from stations', async () => {
  centre.signIn('administrator')
  const station = await enrolFixtureStation(hospital, 'Z')
  const reason = await safe(
    centre.staff.fleet.revoke({ stationId: station.stationId, operationId: randomUUID(), reason: 'a\u0000b' }),
  )
  expect(reason.error).toMatchObject({ code: 'BAD_REQUEST', data: { issues: [{ path: ['reason'] }] } })
  const report = { ...goodReport(morningMs), appVersion: '\u0000' }
  expect((await safe(station.client(centre.url).report(report))).error).toMatchObject({ code: 'BAD_REQUEST' })
  await centre.staff.fleet.revoke({ stationId: station.stationId, operationId: randomUUID(), reason: 'done' })
})

test('a role may make the calls of its table and no others; open duties come first', async () => {
  const revoke = () =>
    safe(centre.staff.fleet.revoke({ stationId: hospital.tenantId, operationId: randomUUID(), reason: 'x' }))
  centre.signIn('front-desk')
  expect((await centre.staff.fleet.list()).stations).toMatchObject([{ letter: 'Z', link: 'revoked' }])
  expect((await centre.staff.tenant.structure()).sites).toHaveLength(2)
  expect((await revoke()).error).toMatchObject({ code: 'FORBIDDEN' })
  centre.signIn('administrator')
  expect((await revoke()).error).toMatchObject({ code: 'station-unknown' })
  centre.signIn('administrator', [], {}, null)
  expect((await revoke()).error).toMatchObject({ code: 'step-up-needed', defined: true, status: 403 })
  expect((await centre.staff.fleet.list()).stations).toHaveLength(1)
  centre.signIn('administrator', ['set-up-second-factor'])
  expect((await revoke()).error).toMatchObject({ code: 'FORBIDDEN', message: 'duties-open' })
  expect(await centre.staff.access.whoAmI()).toMatchObject({ duties: ['set-up-second-factor'] })
  centre.signIn(null)
  expect((await revoke()).error).toMatchObject({ code: 'UNAUTHORIZED' })
  expect((await safe(centre.staff.access.whoAmI())).error).toMatchObject({ code: 'not-signed-in' })
})

test('the same calls answer as plain JSON under /api/v1, described by a document and a page from this server alone', async () => {
  centre.signIn('front-desk')
  const structure = await fetch(`${centre.url}/api/v1/structure`)
  expect(await structure.json()).toMatchObject({ hospital: { tenantId: hospital.tenantId } })
  const created = await fetch(`${centre.url}/api/v1/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(newBooking()),
  })
  expect(created.status).toBe(200)
  const wrong = await fetch(`${centre.url}/api/v1/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(wrong.status).toBe(400)
  expect(JSON.stringify(await wrong.json())).toContain('siteId')
  const document = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await (await fetch(`${centre.url}/api/v1/openapi.json`)).json())
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/bookings', '/bookings/{bookingId}/cancel', '/stations', '/staff', '/structure']),
  )
  // What belongs to signing in, and what makes other accounts, is for the console alone.
  expect(Object.keys(document.paths).filter((path) => /account|policy|who/i.test(path))).toEqual([])
  const page = await (await fetch(`${centre.url}/api/v1/reference`)).text()
  expect(page).toContain('/bookings/{bookingId}/cancel')
  expect(page.match(/(?:src|href)="[^"]*"/g)).toEqual(['href="/api/v1/reference.css"', 'href="/api/v1/openapi.json"'])
  expect(page).not.toMatch(/<script|https?:\/\/(?!json-schema)/)
})

test('every answer carries the security headers, refusals and pages that do not exist included', async () => {
  for (const path of ['/health/live', '/nothing', '/rpc/appointment/day', '/admin/', '/sync/v1/hello', '/auth/x']) {
    const { headers } = await fetch(`${centre.url}${path}`)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).not.toContain("script-src 'unsafe-inline'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test('another host, a write from another site and a body too large are refused; forwarded headers change nothing', async () => {
  centre.signIn('front-desk')
  const send = (headers: Record<string, string>, body = '{}') =>
    rawStatus(
      centre.url,
      `POST /rpc/tenant/structure HTTP/1.1`,
      { 'content-type': 'application/json', ...headers },
      body,
    )
  const host = new URL(centre.url).host
  expect(await send({ host })).toBe(200)
  expect(await send({ host: 'evil.example' })).toBe(421)
  expect(await send({ host: 'evil.example', 'x-forwarded-host': host })).toBe(421)
  expect(await send({ host, origin: 'https://evil.example' })).toBe(403)
  expect(await send({ host, origin: 'null' })).toBe(403)
  expect(await send({ host, origin: centre.url })).toBe(200)
  expect(await send({ host }, JSON.stringify({ json: 'x'.repeat(70_000) }))).toBe(413)
})

async function rawStatus(url: string, line: string, headers: Record<string, string>, body: string): Promise<number> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' })
  socket.write(`${line}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}

test('a station that reports is online with its devices, and a page of staff hears of it', async () => {
  const station = await enrolFixtureStation(hospital, 'K')
  centre.signIn('front-desk')
  const socket = io(centre.url, { path: '/live', transports: ['websocket'], reconnection: false })
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  const heard = new Promise<void>((resolve) => socket.once('stations-changed', () => resolve()))
  const report = goodReport(morningMs)
  const outOfPaper = { phase: 'fault' as const, reasons: ['paper-out' as const] }
  const devices = report.devices.map((device) => ({ ...device, ...outOfPaper }))
  await station.client(centre.url).report({ ...report, devices })
  await heard
  socket.close()
  const { stations } = await centre.staff.fleet.list()
  expect(stations.slice(0, 1)).toMatchObject([
    { letter: 'K', link: 'online', usability: 'degraded', outboxDepth: 0, lastReportAt: morningMs },
  ])
  centre.clock.nowMs = morningMs + 40_000
  const [later] = (await centre.staff.fleet.list()).stations
  expect(later).toMatchObject({ link: 'offline', usability: 'unknown' })
  centre.clock.nowMs = morningMs
})

test('nobody who is not signed in hears anything', async () => {
  centre.signIn(null)
  const socket = io(centre.url, { path: '/live', transports: ['websocket'], reconnection: false, forceNew: true })
  const refused = await new Promise<string>((resolve) =>
    socket.once('connect_error', ({ message }) => resolve(message)),
  )
  expect(refused).toBe('refused')
  socket.close()
})

test('the log names no patient and no code', async () => {
  centre.signIn('front-desk')
  const patientName = '罕见姓名测试'
  const created = await centre.staff.appointment.create({ ...newBooking(), patientName, phone: '10000009182' })
  await safe(centre.staff.appointment.create({ ...newBooking(), patientName: `${patientName}\u0000` }))
  const log = centre.logged.join('\n')
  expect(log.length).toBeGreaterThan(100)
  for (const secret of [patientName, created.code, '10000009182', '9182"']) expect(log).not.toContain(secret)
})
