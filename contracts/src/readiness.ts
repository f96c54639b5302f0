import { oc } from '@orpc/contract'
import { z } from 'zod'
import { deviceKinds, deviceReasons } from './device.ts'
import { id, operationId } from './id.ts'
import { receiptNumber } from './receipt-digits.ts'
import { instantMs } from './time.ts'

/** What is checked of a device. The first two need nobody; the others need a hand or a look. */
export const readinessChecks = ['found', 'answers', 'test-print', 'scan', 'card', 'key', 'light', 'mains'] as const
export type ReadinessCheck = (typeof readinessChecks)[number]

/** `waiting` while a scan, a card or a key is still asked for; `not-done` when nobody did it in time. */
export const readinessResults = ['passed', 'failed', 'waiting', 'not-done'] as const
export type ReadinessResult = (typeof readinessResults)[number]

/** One check of one device, with why it failed. */
export const checkedPoint = z.strictObject({
  check: z.enum(readinessChecks),
  result: z.enum(readinessResults),
  reason: z.enum(deviceReasons).optional(),
  at: instantMs,
})
export type CheckedPoint = z.infer<typeof checkedPoint>

/** The readiness report (就绪检查) of a station: every configured device with what was checked; nothing of any patient. */
export const readinessReport = z.strictObject({
  reportId: id,
  /** Given out when the run ends; a station that the centre has never greeted has none to give. */
  receiptNumber: receiptNumber.optional(),
  startedAt: instantMs,
  changedAt: instantMs,
  /** `incomplete` as long as something waits or was not done; `not-ready` once anything failed. */
  verdict: z.enum(['ready', 'not-ready', 'incomplete']),
  /** True while the run still waits for scans, cards and keys; then they go to it and not to a patient's session. */
  running: z.boolean(),
  devices: z
    .array(
      z.strictObject({
        deviceId: z.string().min(1).max(64),
        kind: z.enum(deviceKinds),
        points: z.array(checkedPoint).max(readinessChecks.length),
      }),
    )
    .max(16),
})
export type ReadinessReport = z.infer<typeof readinessReport>

/** The readiness calls of a station, for its own screen only; nothing in them is of a patient. */
export const readinessContract = {
  /** The last report, or null when none was made since the station started. */
  view: oc.output(readinessReport.nullable()),
  /** Starts a run: looks at every device, prints a test slip, then waits 60 s for a scan, a card, a key. */
  start: oc
    .errors({
      'tested-just-now': {
        status: 429,
        message: 'A test slip was printed a moment ago',
        data: z.strictObject({ retryAfterMs: z.int().min(0) }),
      },
      'session-running': { status: 409, message: 'A patient is being served' },
    })
    .input(z.strictObject({ operationId }))
    .output(readinessReport),
  /** Prints the last report as a slip. */
  print: oc
    .errors({
      'report-missing': { status: 404, message: 'No report was made yet' },
      'printer-not-ready': { status: 409, message: 'The printer cannot print now' },
    })
    .input(z.strictObject({ operationId }))
    .output(readinessReport),
  /** Ends the run: what still waits is not done, and scans and cards are for patients again. */
  end: oc.output(readinessReport.nullable()),
}
