import { oc } from '@orpc/contract'
import { z } from 'zod'
import { stepUpNeeded } from './access.ts'
import { deviceChange, deviceHealth, deviceReasons } from './device.ts'
import { feedFile } from './feed-file.ts'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { printDecisions, printJobStates } from './printing.ts'
import { queueLetter, queueNumber } from './queue.ts'
import { readinessReport } from './readiness.ts'
import { outboxRewound, storageRebuilt } from './sync.ts'
import { instantMs } from './time.ts'

/**
 * A station is `online` while its last report is younger than 40 seconds, so that staff see its silence within 45 (it reports
 * each 15). `quarantined` (隔离): two machines have its key, and neither is served until an administrator pairs one of them anew.
 */
export const stationLinks = ['never-seen', 'online', 'offline', 'quarantined', 'revoked'] as const
export type StationLink = (typeof stationLinks)[number]

/** Whether patients can use it, apart from whether it is connected. */
export const usabilities = ['usable', 'degraded', 'down', 'unknown'] as const
export type Usability = (typeof usabilities)[number]

/** What can become of the identity of a station, as the audit trail names it. */
export const identityEvents = [
  'station-enrolled',
  'station-paired',
  'station-returned',
  'station-key-rotated',
  'station-quarantined',
  'station-revoked',
  'station-wiped',
] as const
export type IdentityEvent = (typeof identityEvents)[number]

const alarmFacts = {
  alarmId: id,
  /** When the centre heard of it; the station's own clock may be wrong. */
  raisedAt: instantMs,
}

/** Something that happened to a station's memory (告警): it stands until a member of staff has looked after it. */
export const stationAlarm = z.discriminatedUnion('kind', [
  z.strictObject({ ...alarmFacts, kind: z.literal('storage-rebuilt'), detail: storageRebuilt }),
  z.strictObject({ ...alarmFacts, kind: z.literal('outbox-rewound'), detail: outboxRewound }),
])
export type StationAlarm = z.infer<typeof stationAlarm>

const since = { since: instantMs }

/** What is wrong with a station now (持续告警): it ends by itself with its cause, and nobody acknowledges it. */
export const standingAlarm = z.discriminatedUnion('kind', [
  /** Events of it are stored at the centre and could not be applied; since the oldest of them. */
  z.strictObject({ ...since, kind: z.literal('events-set-aside'), parked: z.int().min(0), failed: z.int().min(0) }),
  /** It told of attachments whose bytes have not come for more than a day; since the oldest of them was told. */
  z.strictObject({ ...since, kind: z.literal('attachments-overdue'), count: z.int().min(1) }),
  /** Two machines have its key. */
  z.strictObject({ ...since, kind: z.literal('clone-quarantine') }),
  /** It has not been heard for long while the hospital was open: so many of those minutes. */
  z.strictObject({ ...since, kind: z.literal('long-silence'), openMinutes: z.int().min(0) }),
  /** A new key has been due since then. */
  z.strictObject({ ...since, kind: z.literal('key-rotation-overdue') }),
])
export type StandingAlarm = z.infer<typeof standingAlarm>

/** An event of a station that the centre stored and could not apply (死信): what is known of it without its content. */
export const setAsideEvent = z.strictObject({
  eventId: id,
  type: z.string(),
  schemaVersion: z.int(),
  occurredAt: instantMs,
  receivedAt: instantMs,
  /** `parked`: this release does not understand it; `failed`: every try ended in a fault. */
  state: z.enum(['parked', 'failed']),
  /** Names the field or the fault, never the content. */
  reason: z.string().nullable(),
  /** The queue number that it tells of, where it tells of one. */
  queueNumber: queueNumber.nullable(),
})
export type SetAsideEvent = z.infer<typeof setAsideEvent>

/** One station (自助机) as the fleet page shows it. */
export const stationRow = z.strictObject({
  stationId: id,
  name: localText,
  siteName: localText,
  letter: queueLetter,
  link: z.enum(stationLinks),
  usability: z.enum(usabilities),
  lastReportAt: instantMs.nullable(),
  appVersion: z.string().nullable(),
  devices: z.array(deviceHealth),
  outboxDepth: z.int().nullable(),
  oldestUnsentAt: instantMs.nullable(),
  undecidedPrints: z.int().nullable(),
  failedPrints: z.int().nullable(),
  diskFreeBytes: z.int().nullable(),
  /** The newest readiness report that the station told. */
  readiness: readinessReport.nullable(),
  /** Events of this station that the centre stored but does not understand yet. */
  parkedEvents: z.int(),
  /** Alarms that nobody has acknowledged yet, the oldest first. */
  alarms: z.array(stationAlarm),
  /** What is wrong with it at this moment, the most urgent first. */
  standing: z.array(standingAlarm),
  keyFingerprint: z.string(),
  /** Since when it has this key. */
  keySince: instantMs,
  /** The station whose place it took over, and the one that took over its own. */
  replaces: id.nullable(),
  replacedBy: id.nullable(),
  /** Where an order to wipe stands; null when there is none. */
  wipe: z.enum(['ordered', 'wiped']).nullable(),
})
export type StationRow = z.infer<typeof stationRow>

/** One slip (凭条) of today that staff may have to look after: not decided, or ended without paper. */
export const slipRow = z.strictObject({
  jobId: id,
  stationId: id,
  stationName: localText,
  bookingId: id,
  patientNameMasked: z.string(),
  queueNumber: queueNumber.nullable(),
  state: z.enum(printJobStates),
  reason: z.enum(deviceReasons).nullable(),
  copy: z.int().min(1),
  since: instantMs,
  /** What staff decided and the station has not yet carried out. */
  decision: z.enum(printDecisions).nullable(),
})
export type SlipRow = z.infer<typeof slipRow>

/** The fleet API of the centre. */
export const fleetContract = {
  list: oc
    .route({ method: 'GET', path: '/stations', summary: 'All stations with their true state', tags: ['fleet'] })
    .output(z.strictObject({ stations: z.array(stationRow), asOf: instantMs })),
  enrol: oc
    .route({ method: 'POST', path: '/stations', summary: 'Enrol a station by its public key', tags: ['fleet'] })
    .errors({
      'site-unknown': { status: 404, message: 'No such site' },
      'letter-taken': { status: 409, message: 'Another station of this hospital has this letter, or had it today' },
      'key-invalid': { status: 422, message: 'Not an Ed25519 public key in SPKI form' },
    })
    .input(
      z.strictObject({
        operationId,
        stationId: id,
        siteId: id,
        name: localText,
        letter: queueLetter,
        /** Ed25519, SPKI DER, base64. */
        publicKey: z.string().max(200),
      }),
    )
    .output(z.strictObject({ stationId: id, keyFingerprint: z.string() })),
  deviceHistory: oc
    .route({
      method: 'GET',
      path: '/stations/{stationId}/device-changes',
      summary: 'The newest changes of device health of a station',
      tags: ['fleet'],
    })
    .errors({ 'station-unknown': { status: 404, message: 'No such station' } })
    .input(z.strictObject({ stationId: id }))
    .output(z.strictObject({ changes: z.array(deviceChange).max(200), asOf: instantMs })),
  slips: oc
    .route({
      method: 'GET',
      path: '/slips',
      summary: 'Slips of today that wait, are held, or ended without paper',
      tags: ['fleet'],
    })
    .output(z.strictObject({ slips: z.array(slipRow).max(500), asOf: instantMs })),
  settleSlip: oc
    .route({
      method: 'POST',
      path: '/slips/{jobId}/settle',
      summary: 'Say what became of a slip, or give it up',
      tags: ['fleet'],
    })
    .errors({
      'slip-unknown': { status: 404, message: 'No such slip' },
      'slip-settled': { status: 409, message: 'This slip is settled already' },
    })
    .input(z.strictObject({ jobId: id, stationId: id, operationId, decision: z.enum(printDecisions) }))
    .output(z.strictObject({ decidedAt: instantMs })),
  acknowledgeAlarm: oc
    .route({
      method: 'POST',
      path: '/stations/{stationId}/alarms/{alarmId}/acknowledge',
      summary: 'Say that an alarm of a station has been looked after',
      tags: ['fleet'],
    })
    .errors({ 'alarm-unknown': { status: 404, message: 'No such alarm of this station' } })
    .input(z.strictObject({ stationId: id, alarmId: id, operationId }))
    .output(z.strictObject({ acknowledgedAt: instantMs })),
  setAsideEvents: oc
    .route({
      method: 'GET',
      path: '/stations/{stationId}/set-aside-events',
      summary: 'Events of a station that the centre stored and could not apply',
      tags: ['fleet'],
    })
    .errors({ 'station-unknown': { status: 404, message: 'No such station' } })
    .input(z.strictObject({ stationId: id }))
    .output(z.strictObject({ events: z.array(setAsideEvent).max(200) })),
  replayEvents: oc
    .route({
      method: 'POST',
      path: '/stations/{stationId}/set-aside-events/replay',
      summary: 'Try the events of a station that were set aside once more',
      tags: ['fleet'],
    })
    .errors({ 'station-unknown': { status: 404, message: 'No such station' } })
    .input(z.strictObject({ stationId: id, operationId }))
    .output(z.strictObject({ replayed: z.int().min(0) })),
  settleEvent: oc
    .route({
      method: 'POST',
      path: '/stations/{stationId}/set-aside-events/{eventId}/settle',
      summary: 'Say why an event that was set aside will not be applied',
      tags: ['fleet'],
    })
    .errors({ 'event-unknown': { status: 404, message: 'No such event of this station is set aside' } })
    .input(z.strictObject({ stationId: id, eventId: id, operationId, reason: z.string().min(1).max(200) }))
    .output(z.strictObject({ settledAt: instantMs })),
  revoke: oc
    .route({
      method: 'POST',
      path: '/stations/{stationId}/revoke',
      summary: 'Refuse a station from now on',
      tags: ['fleet'],
    })
    .errors({ ...stepUpNeeded, 'station-unknown': { status: 404, message: 'No such station' } })
    .input(
      z.strictObject({
        stationId: id,
        operationId,
        reason: z.string().min(1).max(200),
        /** Orders the station to destroy its data, at once or after its unsent events are up. */
        wipe: z.enum(['at-once', 'after-upload']).optional(),
      }),
    )
    .output(z.strictObject({ revokedAt: instantMs })),
  rotateKey: oc
    .route({
      method: 'POST',
      path: '/stations/{stationId}/rotate-key',
      summary: 'Ask a station for a new key',
      tags: ['fleet'],
    })
    .errors({ 'station-unknown': { status: 404, message: 'No such station, or it is revoked' } })
    .input(z.strictObject({ stationId: id, operationId }))
    .output(z.strictObject({ askedAt: instantMs })),
  identityHistory: oc
    .route({
      method: 'GET',
      path: '/stations/{stationId}/identity-history',
      summary: 'What became of the identity of a station and of those before it in its place',
      tags: ['fleet'],
    })
    .errors({ 'station-unknown': { status: 404, message: 'No such station' } })
    .input(z.strictObject({ stationId: id }))
    .output(
      z.strictObject({
        entries: z.array(z.strictObject({ at: instantMs, stationId: id, what: z.enum(identityEvents) })).max(100),
      }),
    ),
  feedFile: oc
    .route({
      method: 'POST',
      path: '/stations/feed-file',
      summary: 'Everything that a station keeps, as a sealed and signed file for one that cannot be reached',
      tags: ['fleet'],
    })
    .errors(stepUpNeeded)
    .output(feedFile),
}
