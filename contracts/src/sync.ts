import { oc } from '@orpc/contract'
import { z } from 'zod'
import { bookingRow, qrKey } from './appointment.ts'
import { attachmentFacts, attachmentLost } from './attachment.ts'
import { attachmentSync } from './attachment-sync.ts'
import { openStandings } from './check-in.ts'
import { deviceChange, deviceHealth, deviceReasons } from './device.ts'
import { id } from './id.ts'
import { localText } from './local-text.ts'
import { printJobStates, printSettlementRow } from './printing.ts'
import { leaseRefusals, numberBlock, queueLetter, queueNumber, restoreId, toldNumbers } from './queue.ts'
import { readinessReport } from './readiness.ts'
import { staffCodeRow, staffPanelCredentialRow } from './staff.ts'
import { signedWipeOrder } from './station-order.ts'
import { stationRefusals } from './station-refusal.ts'
import { clinicRow, hospitalRow, siteRow } from './tenant.ts'
import { hospitalDay, instantMs } from './time.ts'

/** The count of a station's outbox histories (代次); the centre keeps it in 32 bits. */
const epoch = z.int().min(1).max(2_147_483_647)

/** What a rebuild of a station's database (存储重建) brought back. */
export const storageRebuilt = z.strictObject({
  at: instantMs,
  /** Rows put back, by table. */
  kept: z.record(z.string().max(40), z.int().min(0)),
  /** Events that only the second copy of the outbox still had. */
  fromCopy: z.int().min(0),
  /** Tables of which a part could not be read. */
  unreadable: z.int().min(0),
})

/** Which of the two is an older copy of itself: the station's disk was put back (磁盘回退), or the centre was restored. */
export const outboxRewound = z.strictObject({
  at: instantMs,
  cause: z.enum(['station-older', 'centre-older']),
  /** The epoch that was opened. */
  epoch,
})

/**
 * Every event that a station reports, by name and schema version. Names are past tense; a version only ever gains
 * optional fields. `eventId` of the envelope is the business idempotency key.
 */
export const stationEvents = {
  'patient-arrived': z.strictObject({
    bookingId: id,
    clinicId: id,
    day: hospitalDay,
    queueNumber,
    standing: z.enum(openStandings),
    arrivedAt: instantMs,
    /** `qr`: the booking was not known here, its signed QR vouched for it. */
    knownBy: z.enum(['feed', 'qr']),
  }),
  'ticket-print-settled': z.strictObject({
    jobId: id,
    bookingId: id,
    state: z.enum(printJobStates),
    copy: z.int().min(1),
    settledAt: instantMs,
    by: z.enum(['evidence', 'patient', 'staff', 'time']),
  }),
  /** A run of the readiness check has ended; the newest one is the station's. */
  'readiness-reported': readinessReport,
  /** The station's database was damaged and has been built anew from what still read; staff are alarmed. */
  'storage-rebuilt': storageRebuilt,
  /** Station and centre did not remember the same events, so the station opened a new epoch; staff are alarmed. */
  'outbox-rewound': outboxRewound,
  /** A patient has finished an attachment; its bytes follow by themselves. */
  'attachment-made': attachmentFacts,
  'attachment-lost': attachmentLost,
} as const
export type StationEventName = keyof typeof stationEvents
export type StationEvent = {
  [Name in StationEventName]: { type: Name; body: z.infer<(typeof stationEvents)[Name]> }
}[StationEventName]

/**
 * The lanes (通道) of a station's outbox, each with a sequence and a cursor of its own; an event's position in transport is
 * station, epoch, lane and sequence. `ops` carries what a patient or the desk waits for; `bulk` goes when nothing of `ops` waits.
 */
export const outboxLanes = ['ops', 'bulk'] as const
export type OutboxLane = (typeof outboxLanes)[number]

/** The lane by which a station sends each of its events; the centre takes any event by either. */
export const eventLanes: Record<StationEventName, OutboxLane> = {
  'patient-arrived': 'ops',
  'ticket-print-settled': 'ops',
  'readiness-reported': 'bulk',
  'storage-rebuilt': 'bulk',
  'outbox-rewound': 'bulk',
  'attachment-made': 'bulk',
  'attachment-lost': 'bulk',
}

/** An event as it travels. The body is checked by name only after it is safely stored: content is never refused. */
export const eventEnvelope = z.strictObject({
  eventId: id,
  seq: z.int().min(1),
  type: z.string().regex(/^[a-z][a-z-]{2,63}$/),
  schemaVersion: z.int().min(1).max(1000),
  occurredAt: instantMs,
  /** The same moment by the station's hybrid clock, which never goes back; a station of an earlier release tells none. */
  hlc: z
    .string()
    .regex(/^\d{13}\.\d{5}$/)
    .optional(),
  body: z.record(z.string(), z.unknown()),
})
export type EventEnvelope = z.infer<typeof eventEnvelope>

/** The kinds of row that the centre sends down to a station; a later feature adds its own here, at the end. */
export const feedRows = {
  hospital: hospitalRow,
  site: siteRow,
  clinic: clinicRow,
  booking: bookingRow,
  'print-settlement': printSettlementRow,
  'staff-code': staffCodeRow,
  'staff-panel-credential': staffPanelCredentialRow,
} as const
export type FeedKind = keyof typeof feedRows
/** In the order in which a snapshot tells them. */
export const feedKinds = Object.keys(feedRows) as readonly FeedKind[]

/** One change of the feed; a `del` row carries only its key. */
export const feedChange = z.strictObject({
  kind: z.string().max(64),
  key: z.string().max(64),
  op: z.enum(['put', 'del']),
  row: z.record(z.string(), z.unknown()).optional(),
})
export type FeedChange = z.infer<typeof feedChange>

/** How many rows there are of a kind, and the exclusive or of their 64-bit hashes as 16 hex digits. */
const feedChecksum = z.strictObject({ count: z.int().min(0), xor64: z.string().regex(/^[0-9a-f]{16}$/) })

/** An opaque place in the feed; only the centre reads it. */
export const feedCursor = z.string().min(1).max(500)

/** Drawn anew by every start of a station's program, never kept: two that are alive at once are two machines with one key. */
const bootId = z.uuid()
/** What the centre told the process that greeted last; a process that can say it was alive after that greeting. */
const bootChallenge = z.uuid()

/** What a station tells about itself every 15 seconds. Nothing of any patient. */
export const stationReport = z.strictObject({
  bootId: bootId.optional(),
  challenge: bootChallenge.optional(),
  at: instantMs,
  appVersion: z.string().max(40),
  startedAt: instantMs,
  devices: z.array(deviceHealth).max(16),
  outboxDepth: z.int().min(0),
  oldestUnsentAt: instantMs.nullable(),
  undecidedPrints: z.int().min(0),
  failedPrints: z.int().min(0),
  /** Slips that wait, print or are held at this moment, the oldest first: what staff may have to settle. */
  openPrints: z
    .array(
      z.strictObject({
        jobId: id,
        bookingId: id,
        state: z.enum(['queued', 'sending', 'held']),
        reason: z.enum(deviceReasons).nullable(),
        copy: z.int().min(1),
        since: instantMs,
      }),
    )
    .max(20),
  diskFreeBytes: z.int().min(0),
})
export type StationReport = z.infer<typeof stationReport>

const ackedPosition = {
  ackedSeq: z.int().min(0),
  /** The event that the centre holds at `ackedSeq`; another one there means that the disk is an older copy. */
  ackedEventId: id.nullable(),
}

/**
 * Over how long the stations of a centre spread their return after an outage of it, in milliseconds: each takes its own moment
 * in it, so that they do not all come at once. A station keeps the newest that it was told.
 */
const stormWindowMs = z.int().min(0).max(60_000)

/** The calls of an enrolled station to the centre, each signed; served under `/sync/v1`. */
export const syncContract = {
  /** First call after a start: who am I, where do I stand. */
  hello: oc
    .errors(stationRefusals)
    .input(
      z.strictObject({
        appVersion: z.string().max(40),
        epoch,
        lastSeq: z.int().min(0),
        at: instantMs,
        bootId: bootId.optional(),
        challenge: bootChallenge.optional(),
        numbers: toldNumbers.optional(),
      }),
    )
    .output(
      z.strictObject({
        stationName: localText,
        siteId: id,
        /** The letter of this station in fallback queue numbers. */
        stationLetter: queueLetter,
        /** Of the lane `ops`. */
        ...ackedPosition,
        /** A centre of an earlier release tells none; what goes by this lane then waits. */
        bulk: z.strictObject(ackedPosition).optional(),
        qrKeys: z.array(qrKey).max(8),
        /** The hospital's key of card hashes, 32 bytes in base64. */
        cardKey: z.string().length(44),
        now: instantMs,
        challenge: bootChallenge.optional(),
        /** The public key that signs the centre's orders, SPKI base64; a station keeps the first that it is told. */
        orderKey: z.string().max(200).optional(),
        /** The first epoch that this station may use: numbers of earlier ones were given out by the machine before it. */
        leastEpoch: z.int().min(1).optional(),
        /** The centre was put back: it asks to be greeted again, with the numbers that this station holds, under this name. */
        restore: restoreId.optional(),
        /** True when it is time for a new key. */
        rotateKey: z.boolean().optional(),
        stormWindowMs: stormWindowMs.optional(),
      }),
    ),
  /** Stores a run of events once; the answer is the last sequence that is durable. */
  upload: oc
    .errors({
      ...stationRefusals,
      'sequence-gap': {
        status: 409,
        message: 'Events are missing before this batch',
        data: z.strictObject({ ackedSeq: z.int().min(0) }),
      },
    })
    // A station of an earlier release names no lane. The signature covers the body's digest, and with it the lane.
    .input(
      z.strictObject({
        epoch,
        lane: z.enum(outboxLanes).default('ops'),
        events: z.array(eventEnvelope).min(1).max(2000),
      }),
    )
    .output(z.strictObject({ ackedSeq: z.int().min(0) })),
  /** Changes since a cursor; without one, a whole snapshot in pages. */
  pull: oc
    .errors({ ...stationRefusals, 'cursor-gone': { status: 410, message: 'Start again without a cursor' } })
    .input(
      z.strictObject({
        cursor: feedCursor.nullable(),
        max: z.int().min(1).max(2000),
        /** Asks for the checksums of what the station should hold when this page is the last. */
        check: z.boolean().optional(),
      }),
    )
    .output(
      z.strictObject({
        changes: z.array(feedChange),
        cursor: feedCursor,
        /** True while this page belongs to a snapshot: rows not named by it are dropped at its end. */
        snapshot: z.boolean(),
        more: z.boolean(),
        /** By kind, those that a station keeps row by row; left out while changes are under way that no page can tell yet. */
        checksums: z.record(z.string().max(64), feedChecksum).optional(),
      }),
    ),
  /** Leases queue numbers of one clinic and day; repeating `blockId` returns the same block. */
  leaseNumbers: oc
    .errors({ ...stationRefusals, ...leaseRefusals })
    .input(z.strictObject({ blockId: id, clinicId: id, day: hospitalDay, count: z.int().min(1).max(500) }))
    .output(numberBlock),
  /** Stores changes of device health once each, by their ids; telemetry, apart from the events that must not be lost. */
  tellDeviceChanges: oc
    .errors(stationRefusals)
    .input(z.strictObject({ changes: z.array(deviceChange).min(1).max(500) }))
    .output(z.strictObject({ stored: z.int().min(0) })),
  attachment: attachmentSync,
  report: oc
    .errors({
      ...stationRefusals,
      'greet-again': {
        status: 409,
        message: 'Another process of this station has greeted since; greet again with this challenge',
        data: z.strictObject({ challenge: bootChallenge }),
      },
    })
    .input(stationReport)
    .output(
      z.strictObject({
        now: instantMs,
        rotateKey: z.boolean().optional(),
        stormWindowMs: stormWindowMs.optional(),
        /** True when the centre was put back and has not heard since which numbers this station holds. */
        greetAnew: z.boolean().optional(),
      }),
    ),
  /** Makes a new key the station's own: the request is signed by the old key, `proof` by the new one. Repeating it is harmless. */
  rotateKey: oc
    .errors({ ...stationRefusals, 'key-invalid': { status: 422, message: 'The new key does not prove itself' } })
    .input(z.strictObject({ publicKey: z.string().max(200), proof: z.string().max(100) }))
    .output(z.strictObject({ oldKeyUntil: instantMs })),
  /** The order to wipe that waits for this station; answered to a revoked station too. */
  wipeOrder: oc.errors(stationRefusals).output(z.strictObject({ order: signedWipeOrder.nullable() })),
  /** The last word of a station: its data is destroyed. Answered to a revoked station too. */
  confirmWipe: oc
    .errors(stationRefusals)
    .input(z.strictObject({ orderId: id }))
    .output(z.strictObject({ wipedAt: instantMs })),
  /** The centre's half of the database key of a station of the *strict* profile, 32 bytes in base64; always the same one. */
  databaseKeyHalf: oc.errors(stationRefusals).output(z.strictObject({ half: z.string().length(44) })),
}
