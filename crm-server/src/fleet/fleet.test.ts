import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { DeviceHealth } from '@yizhan/contracts/device'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goodReport } from '../fixture/enrolled-station.ts'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { newId } from '../tenant/new-id.ts'
import { type Enrolment, enrolStation, listStations, revokeStation } from './fleet.ts'
import { stationLink, stationUsability } from './station-usability.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

function enrolment(letter: string, changes: Partial<Enrolment> = {}): Enrolment {
  const { publicKey } = generateKeyPairSync('ed25519')
  return {
    operationId: randomUUID(),
    stationId: newId(1),
    siteId: hospital.structure.sites[0]?.siteId ?? '',
    name: { 'zh-CN': `${letter} 机`, en: letter },
    letter,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    ...changes,
  }
}

const enrol = (input: Enrolment, nowMs = morningMs) => enrolStation(hospital.db, hospital.staff(nowMs), input)

test('a station is enrolled with the fingerprint of its key; a letter is free again on the day after its station was revoked', async () => {
  const input = enrolment('K')
  const { keyFingerprint } = acceptedValue(await enrol(input))
  expect(keyFingerprint).toMatch(/^(?:[0-9a-f]{4} ){7}[0-9a-f]{4}$/)
  expect(await enrol(enrolment('K'))).toEqual({ ok: false, error: 'letter-taken' })
  const revoke = () =>
    revokeStation(hospital.db, hospital.staff(morningMs), {
      stationId: input.stationId,
      operationId: randomUUID(),
      reason: 'lost',
    })
  expect(acceptedValue(await revoke())).toEqual({ revokedAt: morningMs })
  // Fallback numbers of that morning bear the letter: the same one again would give them out twice.
  const midnightMs = Date.parse('2026-11-23T00:00:00+08:00')
  for (const sameDayMs of [morningMs, midnightMs - 1]) {
    expect(await enrol(enrolment('K'), sameDayMs)).toEqual({ ok: false, error: 'letter-taken' })
  }
  expect((await enrol(enrolment('K'), midnightMs)).ok).toBe(true)
  const links = (await listStations(hospital.db, hospital.tenantId, morningMs)).map(({ link }) => link)
  expect(links.sort()).toEqual(['never-seen', 'revoked'])
})

test('what is no Ed25519 key, no site or no station is refused', async () => {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' })
  for (const publicKey of ['', 'AAAA', '!!', p256.toString('base64')]) {
    expect(await enrol(enrolment('L', { publicKey }))).toEqual({ ok: false, error: 'key-invalid' })
  }
  expect(await enrol(enrolment('L', { siteId: newId(1) }))).toEqual({ ok: false, error: 'site-unknown' })
  const unknown = { stationId: newId(1), operationId: randomUUID(), reason: 'x' }
  expect(await revokeStation(hospital.db, hospital.staff(), unknown)).toEqual({ ok: false, error: 'station-unknown' })
})

test('a station is online until 40 seconds after its last report', () => {
  const seen = { lastReportAt: morningMs, revokedAt: null, quarantinedAt: null }
  expect(stationLink(seen, morningMs + 39_999)).toBe('online')
  expect(stationLink(seen, morningMs + 40_000)).toBe('offline')
  expect(stationLink({ ...seen, lastReportAt: null }, morningMs)).toBe('never-seen')
  expect(stationLink({ ...seen, quarantinedAt: 1 }, morningMs)).toBe('quarantined')
  expect(stationLink({ ...seen, revokedAt: 1, quarantinedAt: 1 }, morningMs)).toBe('revoked')
})

test('usability follows what the station says of itself, and an offline one is unknown', () => {
  const report = goodReport(morningMs)
  const withDevice = (kind: DeviceHealth['kind'], phase: DeviceHealth['phase']) => ({
    ...report,
    devices: report.devices.map((device) => (device.kind === kind ? { ...device, phase } : device)),
  })
  expect(stationUsability('online', report)).toBe('usable')
  expect(stationUsability('online', withDevice('printer', 'busy'))).toBe('usable')
  expect(stationUsability('online', withDevice('printer', 'fault'))).toBe('degraded')
  expect(stationUsability('online', withDevice('scanner', 'absent'))).toBe('degraded')
  expect(stationUsability('online', { ...report, devices: [] })).toBe('degraded')
  expect(stationUsability('online', { ...report, diskFreeBytes: 0 })).toBe('down')
  expect(stationUsability('offline', report)).toBe('unknown')
})

test('a card reader that is down degrades a station; a lamp, or a device switched off on purpose, does not; on battery no new patient is taken', () => {
  const report = goodReport(morningMs)
  const reportWith = (
    kind: DeviceHealth['kind'],
    phase: DeviceHealth['phase'],
    reasons: DeviceHealth['reasons'] = [],
  ) => ({
    ...report,
    devices: [...report.devices, { deviceId: 'other', kind, phase, reasons, since: morningMs, seq: 1 }],
  })
  for (const kind of ['card-reader', 'id-reader', 'keypad'] as const) {
    expect(stationUsability('online', reportWith(kind, 'fault', ['link-lost']))).toBe('degraded')
    expect(stationUsability('online', reportWith(kind, 'disabled'))).toBe('usable')
  }
  for (const kind of ['indicator', 'ups'] as const) {
    expect(stationUsability('online', reportWith(kind, 'absent', ['link-lost']))).toBe('usable')
  }
  expect(stationUsability('online', reportWith('ups', 'degraded', ['on-battery']))).toBe('down')
  const printerOff = report.devices.map((device) => ({ ...device, phase: 'disabled' as const }))
  expect(stationUsability('online', { ...report, devices: printerOff })).toBe('degraded')
})
