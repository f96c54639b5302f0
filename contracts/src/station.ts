import { oc } from '@orpc/contract'
import { z } from 'zod'
import { checkInContract } from './check-in.ts'
import { deviceHealth } from './device.ts'
import { id } from './id.ts'
import { localText } from './local-text.ts'
import { printJobView } from './printing.ts'
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
  centre: z.strictObject({ reachable: z.boolean(), since: instantMs, feedAsOf: instantMs.nullable() }),
  outboxDepth: z.int().min(0),
  /** Set while no check-in can be recorded: disk full, no configuration yet, or revoked by the centre (停用). */
  outOfService: z.enum(['storage-full', 'not-configured', 'revoked']).nullable(),
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
} as const
export type StationPushName = keyof typeof stationPushes
export type StationPush<Name extends StationPushName> = z.infer<(typeof stationPushes)[Name]>

/** Every call that the kiosk may make to its station, served under `/rpc`. */
export const stationContract = {
  station: { view: oc.output(stationView) },
  checkIn: checkInContract,
}
