import type { TimelineEntry } from '@yizhan/contracts/customer'
import { fieldMask } from '../access/field-mask.ts'
import { bookingsOfPerson } from '../appointment/person-bookings.ts'
import { recordRead } from '../audit/audit.ts'
import { type CentreDb, inTenant, momentOf, type TenantTx } from '../postgres/database.ts'
import type { Caller, Outcome } from '../tenant/tenant-scope.ts'
import { readPersons } from './customer-store.ts'

/** A screen's worth. */
const entriesPerPage = 30

/** A part of what happened to a person, the latest first: before a moment, at most so many. */
interface Stretch {
  tx: TenantTx
  tenantId: string
  personId: string
  before: number
  limit: number
}

/**
 * What happened between a person and the hospital before a moment, the latest first; `next` is the moment to go on before. Kinds
 * that the reader may not see are left out.
 */
export async function readTimeline(
  db: CentreDb,
  caller: Caller,
  { personId, before = Number.MAX_SAFE_INTEGER }: { personId: string; before?: number | undefined },
): Promise<Outcome<{ entries: TimelineEntry[]; next: number | null }, 'person-unknown'>> {
  const { tenantId } = caller
  return await inTenant(db, caller, async (tx) => {
    const [person] = await readPersons(tx, tenantId, [personId])
    if (person === undefined) return { ok: false, error: 'person-unknown' } as const
    await recordRead(tx, caller, { action: 'timeline-read', objectKind: 'person', objectId: personId })
    // The year 9999 is the last moment there is.
    const until = Math.min(before, 253_402_300_799_999)
    const stretch = { tx, tenantId, personId, before: until, limit: entriesPerPage + 1 }
    const shown = fieldMask(caller, 'customer')
    const all = [
      ...(await visitEntries(stretch)),
      ...(await interactionEntries(stretch)),
      ...(await consentEntries(stretch)),
      ...(await mergeEntries(stretch, (name) => shown('name', name))),
      ...(await bookingsOfPerson(tx, tenantId, stretch)),
    ].sort((one, other) => other.at - one.at || other.entryId.localeCompare(one.entryId))
    const last = all[entriesPerPage - 1]
    if (last === undefined || all.length === entriesPerPage) return { ok: true, value: { entries: all, next: null } }
    // What happened at the very moment of the last entry is shown with it: the next page begins before.
    return { ok: true, value: { entries: all.filter(({ at }) => at >= last.at), next: last.at } }
  })
}

async function visitEntries({ tx, tenantId, personId, before, limit }: Stretch): Promise<TimelineEntry[]> {
  const rows = await tx
    .selectFrom('visit')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .where('started_at', '<', momentOf(before))
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: 'visit',
    entryId: row.visit_id,
    at: row.started_at,
    visit: {
      visitId: row.visit_id,
      kind: row.kind,
      siteId: row.site_id,
      departmentId: row.department_id,
      departmentName: row.department_name,
      doctorStaffId: row.doctor_staff_id,
      doctorName: row.doctor_name,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      icdCodes: row.icd_codes,
      diagnosis: row.diagnosis,
      orders: row.orders,
      feeFen: row.fee_fen,
      outcome: row.outcome,
    },
  }))
}

async function interactionEntries({ tx, tenantId, personId, before, limit }: Stretch): Promise<TimelineEntry[]> {
  const rows = await tx
    .selectFrom('person_interaction')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .where('at', '<', momentOf(before))
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: 'interaction',
    entryId: row.interaction_id,
    at: row.at,
    channel: row.channel,
    direction: row.direction,
    summary: row.summary,
    byName: row.by_name,
  }))
}

async function consentEntries({ tx, tenantId, personId, before, limit }: Stretch): Promise<TimelineEntry[]> {
  const rows = await tx
    .selectFrom('person_consent')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .where('at', '<', momentOf(before))
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: 'consent',
    entryId: row.consent_id,
    at: row.at,
    purpose: row.purpose,
    channel: row.channel,
    isGiven: row.is_given,
    textVersion: row.text_version,
    isByGuardian: row.guardian_relation_id !== null,
    byName: row.by_name,
  }))
}

async function mergeEntries(
  { tx, tenantId, personId, before, limit }: Stretch,
  shown: (name: string) => string,
): Promise<TimelineEntry[]> {
  const rows = await tx
    .selectFrom('merge_log')
    .innerJoin('person', (join) =>
      join.onRef('person.tenant_id', '=', 'merge_log.tenant_id').onRef('person.person_id', '=', 'merge_log.merged_id'),
    )
    .selectAll('merge_log')
    .select('person.name')
    .where('merge_log.tenant_id', '=', tenantId)
    .where('survivor_id', '=', personId)
    .where('merged_at', '<', momentOf(before))
    .orderBy('merged_at', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap((row): TimelineEntry[] => {
    const entryId = row.merge_id
    const nameShown = shown(row.name)
    const merge = { kind: 'merge' as const, entryId, at: row.merged_at, nameShown, byName: row.merged_by_name }
    if (row.undone_at === null || row.undone_at >= before) return [merge]
    return [merge, { kind: 'merge-undone', entryId, at: row.undone_at, nameShown, byName: row.undone_by_name ?? '' }]
  })
}
