import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { isDefinedError, safe } from '@orpc/client'
import { bookingRow } from '@yizhan/contracts/appointment'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBooking } from '../appointment/appointment.ts'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, goodReport, stationWith } from '../fixture/enrolled-station.ts'
import {
  acceptedValue,
  type HospitalFixture,
  horizonPassed,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { revokeStation } from '../fleet/fleet.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'

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

const greeting = { appVersion: '0.1.0', epoch: 1, lastSeq: 0, at: morningMs }

function someEvent(seq: number, changes: Partial<EventEnvelope> = {}): EventEnvelope {
  return {
    eventId: newId(morningMs),
    seq,
    type: 'patient-arrived',
    schemaVersion: 1,
    occurredAt: morningMs,
    body: {},
    ...changes,
  }
}

test('an enrolled station is greeted with its name, letter, place in the upload and the key of the QRs', async () => {
  const station = await enrolFixtureStation(hospital, 'K')
  const answer = await station.client(centre.url).hello(greeting)
  expect(answer).toMatchObject({ stationLetter: 'K', ackedSeq: 0, now: morningMs })
  expect(answer.qrKeys.map(({ keyId }) => keyId)).toEqual(['01'])
})

test('a station reports, leases, uploads and pulls with its own signature', async () => {
  const station = await enrolFixtureStation(hospital, 'L')
  const client = station.client(centre.url)
  await client.report(goodReport(morningMs))
  const [clinic] = hospital.structure.clinics
  const lease = { blockId: newId(1), clinicId: clinic?.clinicId ?? '', day: morningDay, count: 20 }
  expect(await client.leaseNumbers(lease)).toMatchObject({ first: 1, last: 20 })
  expect(await client.upload({ epoch: 1, events: [someEvent(1), someEvent(2)] })).toEqual({ ackedSeq: 2 })
  await horizonPassed(hospital.db)
  const page = await client.pull({ cursor: null, max: 500 })
  expect(page.changes.map(({ kind }) => kind)).toEqual(['hospital', 'site', 'site', 'clinic', 'clinic', 'clinic'])
  const created = acceptedValue(await createBooking(hospital, hospital.staff(), hospital.newBooking()))
  await horizonPassed(hospital.db)
  const next = await client.pull({ cursor: page.cursor, max: 500 })
  expect(next.changes).toMatchObject([{ kind: 'booking', key: created.bookingId, op: 'put' }])
  expect(bookingRow.parse(next.changes[0]?.row)).toMatchObject({
    code: created.code,
    phoneLast4: '1234',
    birthMonthDay: '0229',
  })
})

test('a greeting names the last event of the run that is durable, even one that was first stored under an older epoch', async () => {
  const station = await enrolFixtureStation(hospital, 'T')
  const client = station.client(centre.url)
  const [first, second] = [someEvent(1), someEvent(2)]
  await client.upload({ epoch: 1, events: [first, second] })
  expect(await client.hello(greeting)).toMatchObject({ ackedSeq: 2, ackedEventId: second.eventId })
  expect(await client.hello({ ...greeting, epoch: 2 })).toMatchObject({ ackedSeq: 0, ackedEventId: null })
  await client.upload({ epoch: 2, events: [{ ...second, seq: 1 }] })
  expect(await client.hello({ ...greeting, epoch: 2 })).toMatchObject({ ackedSeq: 1, ackedEventId: second.eventId })
  await client.upload({ epoch: 2, events: [someEvent(1)] })
  expect(await client.hello({ ...greeting, epoch: 2 })).toMatchObject({ ackedSeq: 1, ackedEventId: second.eventId })
})

test('a request whose counter was used before is refused', async () => {
  const station = await enrolFixtureStation(hospital, 'M')
  const body = Buffer.from(JSON.stringify({ json: greeting }))
  const proof = station.prove({ method: 'POST', path: '/sync/v1/hello', body })
  const send = () =>
    fetch(`${centre.url}/sync/v1/hello`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...proof },
    })
  expect((await send()).status).toBe(200)
  const replayed = await send()
  expect(replayed.status).toBe(401)
  expect(await replayed.json()).toMatchObject({ json: { code: 'request-replayed' } })
})

test('a changed body, path, key or an unknown station does not pass', async () => {
  const station = await enrolFixtureStation(hospital, 'N')
  const body = Buffer.from(JSON.stringify({ json: greeting }))
  const stranger = stationWith(hospital.tenantId, newId(1), generateKeyPairSync('ed25519').privateKey)
  const thief = stationWith(hospital.tenantId, station.stationId, generateKeyPairSync('ed25519').privateKey)
  const elsewhere = stationWith(newId(1), station.stationId, station.privateKey)
  const path = '/sync/v1/hello'
  const proofs = [
    station.prove({ method: 'POST', path, body: Buffer.from('other') }),
    station.prove({ method: 'POST', path: '/sync/v1/pull', body }),
    { ...station.prove({ method: 'POST', path, body }), 'yizhan-counter': '99' },
    { ...station.prove({ method: 'POST', path, body }), signature: 'yz=:AAAA:' },
    { ...station.prove({ method: 'POST', path, body }), 'content-digest': 'sha-256=:AAAA:' },
    stranger.prove({ method: 'POST', path, body }),
    thief.prove({ method: 'POST', path, body }),
    elsewhere.prove({ method: 'POST', path, body }),
  ]
  for (const proof of proofs) {
    const headers = { 'content-type': 'application/json', ...proof }
    const answer = await fetch(`${centre.url}${path}`, { method: 'POST', body, headers })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ json: { code: 'signature-invalid' } })
  }
})

test('who cannot sign does not wait for, or hold up, the requests of the station', async () => {
  const station = await enrolFixtureStation(hospital, 'V')
  const thief = stationWith(hospital.tenantId, station.stationId, generateKeyPairSync('ed25519').privateKey)
  await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    await tx.selectFrom('station').select('letter').where('station_id', '=', station.stationId).forUpdate().execute()
    const { error } = await safe(thief.client(centre.url).hello(greeting))
    expect(isDefinedError(error) && error.code).toBe('signature-invalid')
  })
  expect(await station.client(centre.url).hello(greeting)).toMatchObject({ stationLetter: 'V' })
})

test('of many copies of one request at the same moment one is served', async () => {
  const station = await enrolFixtureStation(hospital, 'W')
  const body = Buffer.from(JSON.stringify({ json: greeting }))
  const proof = station.prove({ method: 'POST', path: '/sync/v1/hello', body })
  const headers = { 'content-type': 'application/json', ...proof }
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => fetch(`${centre.url}/sync/v1/hello`, { method: 'POST', body, headers })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(401)])
})

test('a revoked station is told so and gets nothing', async () => {
  const station = await enrolFixtureStation(hospital, 'P')
  const reason = 'stolen'
  acceptedValue(
    await revokeStation(hospital.db, hospital.staff(), {
      stationId: station.stationId,
      operationId: randomUUID(),
      reason,
    }),
  )
  const { error } = await safe(station.client(centre.url).hello(greeting))
  expect(isDefinedError(error) && error.code).toBe('station-revoked')
})

test('a station whose clock is a year wrong is served all the same', async () => {
  const station = await enrolFixtureStation(hospital, 'Q')
  centre.clock.nowMs = morningMs + 366 * 86_400_000
  const answer = await station.client(centre.url).hello(greeting)
  centre.clock.nowMs = morningMs
  expect(answer.stationLetter).toBe('Q')
  expect(centre.logged.some((line) => line.includes('the clock of a station is wrong'))).toBe(true)
})

test('events with a gap before them are refused with the place to go on from', async () => {
  const station = await enrolFixtureStation(hospital, 'R')
  const client = station.client(centre.url)
  await client.upload({ epoch: 1, events: [someEvent(1)] })
  const { error } = await safe(client.upload({ epoch: 1, events: [someEvent(3)] }))
  expect(isDefinedError(error) && error.code === 'sequence-gap' && error.data).toEqual({ ackedSeq: 1 })
})

test('a lease that cannot be had is refused by name', async () => {
  const station = await enrolFixtureStation(hospital, 'U')
  const client = station.client(centre.url)
  const refusalOf = async (question: { clinicId: string; count: number }) => {
    const { error } = await safe(client.leaseNumbers({ blockId: newId(1), day: '2026-12-02', ...question }))
    return isDefinedError(error) && error.code
  }
  const [here, , elsewhere] = hospital.structure.clinics.map(({ clinicId }) => clinicId)
  expect(await refusalOf({ clinicId: elsewhere ?? '', count: 1 })).toBe('clinic-unknown')
  for (let leased = 0; leased < 9999; leased += 500) {
    expect(await refusalOf({ clinicId: here ?? '', count: 500 })).toBe(false)
  }
  expect(await refusalOf({ clinicId: here ?? '', count: 1 })).toBe('series-exhausted')
})

test('a station hears the doorbell when a booking is made, and one without proof hears nothing', async () => {
  const station = await enrolFixtureStation(hospital, 'S')
  const options = { path: '/doorbell', transports: ['websocket'], reconnection: false, forceNew: true }
  const proved = io(centre.url, { ...options, auth: { ...station.handshake() } })
  const stranger = io(centre.url, { ...options, auth: {} })
  const refused = new Promise<string>((resolve) => stranger.once('connect_error', ({ message }) => resolve(message)))
  await new Promise<void>((resolve) => proved.once('connect', () => resolve()))
  const rung = new Promise<void>((resolve) => proved.once('feed-changed', () => resolve()))
  await createBooking(hospital, hospital.staff(), hospital.newBooking({ operationId: randomUUID() }))
  await rung
  expect(await refused).toBe('refused')
  proved.close()
  stranger.close()
})
