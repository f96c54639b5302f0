import { z } from 'zod'
import { id } from './id.ts'
import { instantMs } from './time.ts'

/** The kinds of device a station drives. */
export const deviceKinds = ['printer', 'scanner', 'card-reader', 'id-reader', 'keypad', 'indicator', 'ups'] as const
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
  /** The device itself says that only switching it off and on, or a technician, helps. */
  'unrecoverable',
  /** The printer says that it is offline and gives no cause. */
  'offline',
  /** A slip waits in the mouth of the presenter (出票口) and nobody takes it. */
  'ticket-not-taken',
  /** The bin for slips that were drawn back is full. */
  'bin-full',
  'link-lost',
  'mute',
  'hung',
  'protocol',
  /** The security module in an ID reader refuses its service. */
  'not-authorised',
  /** The system's card service (pcscd) does not run. */
  'daemon-down',
  'on-battery',
  'battery-low',
  'battery-worn',
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

/** Who saw a change of health: the driver in its process, or the supervisor that found the process gone. */
export const deviceChangeSources = ['driver', 'supervisor'] as const
export type DeviceChangeSource = (typeof deviceChangeSources)[number]

/** One change of a device's health as the station's ring keeps it and the centre gets it: nothing of any patient. */
export const deviceChange = deviceHealth.extend({ changeId: id, source: z.enum(deviceChangeSources) })
export type DeviceChange = z.infer<typeof deviceChange>
