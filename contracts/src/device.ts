import { z } from 'zod'
import { instantMs } from './time.ts'

/** The kinds of device a station drives. */
export const deviceKinds = ['printer', 'scanner'] as const
export type DeviceKind = (typeof deviceKinds)[number]

/** Where a device is in its life; `degraded` still works, `fault` does not, `absent` was never found. */
export const devicePhases = ['absent', 'opening', 'ready', 'busy', 'degraded', 'fault', 'disabled'] as const
export type DevicePhase = (typeof devicePhases)[number]

/** Why a device is not simply ready. One word per cause, so that a screen can say what to do. */
export const deviceReasons = [
  'paper-near-end',
  'paper-out',
  'cover-open',
  'cutter-jammed',
  'overheated',
  'link-lost',
  'mute',
  'hung',
  'protocol',
  'config-mismatch',
  'quarantined',
] as const
export type DeviceReason = (typeof deviceReasons)[number]

/**
 * What a printer can prove about a job.
 * A: process-ID answer and cut counter. B: ordered status answer and a clean automatic status. C: the link only.
 */
export const evidenceLevels = ['A', 'B', 'C'] as const
export type EvidenceLevel = (typeof evidenceLevels)[number]

/** The state of one device, with the time it was seen and a sequence that only grows while the station runs. */
export const deviceHealth = z.strictObject({
  deviceId: z.string().min(1).max(64),
  kind: z.enum(deviceKinds),
  phase: z.enum(devicePhases),
  reasons: z.array(z.enum(deviceReasons)).max(deviceReasons.length),
  since: instantMs,
  seq: z.int().min(0),
  evidence: z.enum(evidenceLevels).optional(),
})
export type DeviceHealth = z.infer<typeof deviceHealth>
