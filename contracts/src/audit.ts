import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id } from './id.ts'
import { instantMs } from './time.ts'

/**
 * What can be wrong with the audit trail's chain (审计链): a row changed, removed or put in past the centre, one that claims to be older than
 * the block before it; a block whose order or content was changed, that is missing, that does not continue the one before, or that
 * another key signed; an end that was cut off or replaced, or whose witness is gone.
 */
export const auditFindingKinds = [
  'row-changed',
  'row-removed',
  'row-inserted',
  'row-backdated',
  'block-changed',
  'block-missing',
  'block-unlinked',
  'block-forged',
  'chain-cut',
  'witness-missing',
] as const

/** One thing that is wrong, with the block and the row where it shows. */
export const auditFinding = z.strictObject({
  kind: z.enum(auditFindingKinds),
  block: z.int().nullable(),
  auditId: id.nullable(),
})
export type AuditFinding = z.infer<typeof auditFinding>

/** One row of the audit trail (审计记录): ids only, never a patient's name or number. */
export const auditRow = z.strictObject({
  auditId: id,
  at: instantMs,
  /** When it happened by the station's own clock. */
  stationAt: instantMs.nullable(),
  actorKind: z.enum(['user', 'station', 'system']),
  actorId: z.string(),
  /** The person's name as the hospital knows it now; null for machines and for accounts that are gone. */
  actorName: z.string().nullable(),
  roles: z.array(z.string()),
  verb: z.enum(['read', 'write']),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string(),
  /** How many records a list showed; null for what was no list. */
  shownCount: z.int().nullable(),
  reason: z.string().nullable(),
  stationId: id.nullable(),
  requestId: z.string(),
  /** False for the seconds until the next block is sealed. */
  sealed: z.boolean(),
})
export type AuditRow = z.infer<typeof auditRow>

/** Where the last row of a page stands; the next page begins behind it. */
const auditPlace = z.strictObject({ at: instantMs, auditId: id })

/** What is asked of the trail; everything narrows. */
export const auditQuestion = z.strictObject({
  actorId: z.string().min(1).max(100).optional(),
  /** An object itself, and every list that showed it. */
  objectId: z.string().min(1).max(100).optional(),
  action: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/)
    .optional(),
  verb: z.enum(['read', 'write']).optional(),
  from: instantMs.optional(),
  /** Not included. */
  to: instantMs.optional(),
  after: auditPlace.optional(),
})
export type AuditQuestion = z.infer<typeof auditQuestion>

/** How the chain stands. */
export const auditState = z.strictObject({
  /** Everything written before is sealed; null while nothing ever was. */
  sealedUntil: instantMs.nullable(),
  sealedRows: z.int(),
  waitingRows: z.int(),
  /** The last walk over the whole chain; null before the first. */
  check: z.strictObject({ at: instantMs, rows: z.int(), findings: z.array(auditFinding) }).nullable(),
  /** Sealed values that did not open in the last thirty days: somebody changed or moved them. */
  damagedFields: z.int(),
  /** Every person who did something in the last thirty days, and every action of that time, for choosing. */
  people: z.array(z.strictObject({ actorId: z.string(), name: z.string() })),
  actions: z.array(z.string()),
  asOf: instantMs,
})
export type AuditState = z.infer<typeof auditState>

/** The calls about the audit trail; who may make them is in the policy table. */
export const auditContract = {
  list: oc
    .input(auditQuestion)
    .output(z.strictObject({ rows: z.array(auditRow), next: auditPlace.nullable(), asOf: instantMs })),
  state: oc.output(auditState),
}
