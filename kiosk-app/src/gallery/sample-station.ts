import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationView } from '@yizhan/contracts/station'

/** The moment at which every sample is drawn: 22 November 2026, 08:40 in Shanghai. */
export const sampleNow = Date.UTC(2026, 10, 22, 0, 40)

const printer: DeviceHealth = {
  deviceId: 'printer-1',
  kind: 'printer',
  phase: 'ready',
  reasons: [],
  since: sampleNow - 3_600_000,
  seq: 4,
  evidence: 'A',
}
const scanner: DeviceHealth = {
  deviceId: 'scanner-1',
  kind: 'scanner',
  phase: 'ready',
  reasons: [],
  since: sampleNow - 3_600_000,
  seq: 2,
}

const cardReader: DeviceHealth = { ...scanner, deviceId: 'card-reader-1', kind: 'card-reader' }
const idReader: DeviceHealth = { ...scanner, deviceId: 'id-reader-1', kind: 'id-reader' }

/** A healthy station of a plainly fictional hospital. */
export const sampleStation: StationView = {
  stationId: '019ac000-0000-7000-8000-00000000000a',
  stationName: { 'zh-CN': '门诊大厅 K 机', en: 'Outpatient lobby K' },
  hospitalName: { 'zh-CN': '云溪示范医院', en: 'Yunxi Demonstration Hospital' },
  siteName: { 'zh-CN': '东院区', en: 'East campus' },
  helpDesk: { 'zh-CN': '一楼大厅导诊台', en: 'the information desk on floor 1' },
  zone: 'Asia/Shanghai',
  now: sampleNow,
  day: '2026-11-22',
  printer,
  scanner,
  cardReader,
  idReader,
  centre: { reachable: true, since: sampleNow - 3_600_000, feedAsOf: sampleNow - 2_000 },
  outboxDepth: 0,
  outOfService: null,
  buildId: 'sample-build',
}

/** Stations that cannot do everything, by what is wrong. */
export const sampleTroubles = {
  'paper-out': { ...sampleStation, printer: { ...printer, phase: 'fault', reasons: ['paper-out'] } },
  'cover-open': { ...sampleStation, printer: { ...printer, phase: 'fault', reasons: ['cover-open'] } },
  'printer-broken': { ...sampleStation, printer: { ...printer, phase: 'fault', reasons: ['link-lost'] } },
  'paper-low': { ...sampleStation, printer: { ...printer, phase: 'degraded', reasons: ['paper-near-end'] } },
  'ticket-not-taken': { ...sampleStation, printer: { ...printer, phase: 'degraded', reasons: ['ticket-not-taken'] } },
  'bin-full': { ...sampleStation, printer: { ...printer, phase: 'fault', reasons: ['bin-full'] } },
  'without-readers': { ...sampleStation, cardReader: null, idReader: null },
  'chip-only': { ...sampleStation, idReader: null },
  'card-reader-away': {
    ...sampleStation,
    cardReader: { ...cardReader, phase: 'fault', reasons: ['daemon-down'] },
  },
  'readers-away': {
    ...sampleStation,
    cardReader: { ...cardReader, phase: 'absent', reasons: ['link-lost'] },
    idReader: { ...idReader, phase: 'fault', reasons: ['not-authorised'] },
  },
  'scanner-away': { ...sampleStation, scanner: { ...scanner, phase: 'absent', reasons: ['link-lost'] } },
  'centre-away': { ...sampleStation, centre: { ...sampleStation.centre, reachable: false } },
  'everything-away': {
    ...sampleStation,
    printer: { ...printer, phase: 'fault', reasons: ['paper-out'] },
    scanner: { ...scanner, phase: 'absent', reasons: ['link-lost'] },
    cardReader: { ...cardReader, phase: 'absent', reasons: ['link-lost'] },
    idReader: { ...idReader, phase: 'absent', reasons: ['link-lost'] },
    centre: { ...sampleStation.centre, reachable: false },
  },
} as const satisfies Record<string, StationView>

const keyFingerprint = '3f0a 91bc 77de 0412 a8c9 5560 be13 d27f'
const asked = { code: '40718265', keyFingerprint, expiresAt: sampleNow + 8 * 60_000, refused: false }
const away = { ...sampleStation.centre, reachable: false }

/** Machines that their centre does not let in, by what the screen says. */
export const sampleNotLetIn = {
  'pairing-code': { why: 'not-configured', view: { ...sampleStation, pairing: asked } },
  'pairing-refused': { why: 'not-configured', view: { ...sampleStation, pairing: { ...asked, refused: true } } },
  'pairing-away': {
    why: 'not-configured',
    view: { ...sampleStation, centre: away, pairing: { ...asked, code: null, expiresAt: null } },
  },
  quarantined: { why: 'quarantined', view: { ...sampleStation, pairing: asked } },
  revoked: { why: 'revoked', view: sampleStation },
  'awaiting-centre': { why: 'awaiting-centre', view: { ...sampleStation, centre: away } },
} as const satisfies Record<string, { why: string; view: StationView }>
