import { oc } from '@orpc/contract'
import { z } from 'zod'
import { attachmentContract } from './attachment.ts'
import { cardProblems } from './card.ts'
import { checkInContract } from './check-in.ts'
import { deviceHealth } from './device.ts'
import { id } from './id.ts'
import { localText } from './local-text.ts'
import { keyFingerprint, pairingCode } from './pairing.ts'
import { printJobView } from './printing.ts'
import { readinessContract, readinessReport } from './readiness.ts'
import { hospitalDay, instantMs } from './time.ts'

/** What the station can do for a patient at this moment; the attract screen tells it. */
export const stationView = z.strictObject({
  stationId: id,
  stationName: localText,
  hospitalName: localText,
  siteName: localText,
  helpDesk: localText,
  zone: z.string(),
  now: instantMs,
  day: hospitalDay,
  /** The printer's last seen state; `null` before the first answer. */
  printer: deviceHealth.nullable(),
  scanner: deviceHealth.nullable(),
  /** The chip card readers, as one; `null` where the station has none. */
  cardReader: deviceHealth.nullable(),
  /** The reader of second-generation ID cards; `null` where the station has none. */
  idReader: deviceHealth.nullable(),
  centre: z.strictObject({ reachable: z.boolean(), since: instantMs, feedAsOf: instantMs.nullable() }),
  outboxDepth: z.int().min(0),
  /**
   * Set while no new check-in is taken: disk full, no configuration yet, revoked by the centre (停用), quarantined (another
   * machine has the same key), waiting for the centre's half of the database key, the mains failed (`power-failing`: a session that runs is finished on the battery, no new one begins), or the database was damaged and is being rebuilt.
   */
  outOfService: z
    .enum([
      'storage-full',
      'not-configured',
      'revoked',
      'power-failing',
      'quarantined',
      'awaiting-centre',
      'rebuilding',
    ])
    .nullable(),
  /** Set while the station waits to be paired (登记): what an administrator types and what both compare. */
  pairing: z
    .strictObject({
      /** Null while the centre has not taken the code, or cannot be reached. */
      code: pairingCode.nullable(),
      keyFingerprint,
      expiresAt: instantMs.nullable(),
      /** True after an administrator turned the last code down. */
      refused: z.boolean(),
    })
    .optional(),
  /** Changes when the page's files change; an idle page reloads itself then. */
  buildId: z.string(),
})
export type StationView = z.infer<typeof stationView>

/** Why a scan was not taken for a booking code; the screen says it in words. */
export const scanRefusals = ['unreadable', 'too-long', 'control-characters'] as const
export type ScanRefusal = (typeof scanRefusals)[number]

/** What a station pushes to its screens; each is only news, the truth is asked by call. */
export const stationPushes = {
  'station-changed': stationView,
  'print-job-changed': printJobView,
  /** A code was scanned; the page starts a new session and identifies with the handle. Valid for 60 seconds. */
  'scan-received': z.strictObject({ scanId: id }),
  'scan-refused': z.strictObject({ refusal: z.enum(scanRefusals) }),
  /** A card is in a reader and is being read; the page says so, and asks to leave it there. */
  'card-inserted': z.strictObject({ readingId: id }),
  /** The card was read; the page starts a new session and identifies with the handle. Valid for 60 seconds. */
  'card-read': z.strictObject({ readingId: id, cardId: id }),
  'card-refused': z.strictObject({ readingId: id, problem: z.enum(cardProblems) }),
  /** The card is out again. */
  'card-removed': z.strictObject({ readingId: id }),
  'readiness-changed': readinessReport,
} as const
export type StationPushName = keyof typeof stationPushes
export type StationPush<Name extends StationPushName> = z.infer<(typeof stationPushes)[Name]>

/** Every call that the kiosk may make to its station, served under `/rpc`. */
export const stationContract = {
  station: { view: oc.output(stationView) },
  checkIn: checkInContract,
  readiness: readinessContract,
  attachment: attachmentContract,
}
