import type { PersonFile } from '@yizhan/contracts/customer'
import type { ConsentStanding, HealthItem } from '@yizhan/contracts/customer-record'
import { needsGuardian, visitChecklist } from '@yizhan/rules/customer/visit-checklist'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { sql } from 'kysely'
import { type FieldMask, fieldMask } from '../access/field-mask.ts'
import { recordRead } from '../audit/audit.ts'
import { inTenant, type TenantTx } from '../postgres/database.ts'
import { type FieldKeys, fieldKeysOf } from '../tenant/field-keys.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import type { Caller, Outcome } from '../tenant/tenant-scope.ts'
import { readDetails, readPersons, readTags, type StoredPerson } from './customer-store.ts'
import { showDetail } from './person-detail.ts'
import { relationPhonePlace } from './person-entry-store.ts'
import { type CustomerDeps, reachesPersons } from './person-scope.ts'

/** Reads the whole file of a person, as its reader may see it, and notes that it was read. */
export async function readPersonFile(
  { db, keys }: CustomerDeps,
  caller: Caller,
  personId: string,
): Promise<Outcome<PersonFile, 'person-unknown'>> {
  const { tenantId } = caller
  return await inTenant(db, caller, async (tx): Promise<Outcome<PersonFile, 'person-unknown'>> => {
    const [person] = await readPersons(tx, tenantId, [personId])
    if (person === undefined) return { ok: false, error: 'person-unknown' }
    await recordRead(tx, caller, { action: 'person-read', objectKind: 'person', objectId: personId })
    const fields = await fieldKeysOf(keys, { tx, tenantId })
    const { zone } = await hospitalOf(tx, tenantId)
    const today = hospitalCalendar(zone).dayOf(caller.nowMs)
    return { ok: true, value: await fileOf({ tx, caller, fields, mask: fieldMask(caller, 'customer'), today }, person) }
  })
}

interface FileReader {
  tx: TenantTx
  caller: Caller
  fields: FieldKeys
  mask: FieldMask
  today: string
}

async function fileOf(reader: FileReader, person: StoredPerson): Promise<PersonFile> {
  const { tx, caller, fields, mask, today } = reader
  const { tenantId } = caller
  const personId = person.person_id
  const details = await readDetails(tx, tenantId, [personId])
  const relations = await readRelations(reader, personId)
  const consents = await readConsents(tx, tenantId, personId)
  const health = await readHealth(tx, tenantId, personId)
  const known = {
    name: person.name,
    sex: person.sex,
    birthDate: person.birth_date,
    occupation: person.occupation,
    detailKinds: details.map(({ kind }) => kind),
    relations,
    healthAsked: health?.items.map(({ kind }) => kind) ?? null,
    consents,
    // Whoever may not see visits is told by the state whether there were any.
    visitCount: health?.visitCount ?? (person.state === 'active' || person.state === 'dormant' ? 1 : 0),
    today,
  }
  return {
    personId,
    nameShown: mask('name', person.name),
    isNameOpen: mask('name', person.name) === person.name,
    sex: person.sex,
    birthDate: person.birth_date,
    occupation: person.occupation,
    interests: person.interests,
    habits: person.habits,
    siteId: person.site_id,
    carerStaffId: person.carer_staff_id,
    state: person.state,
    source: person.source,
    version: person.version,
    createdAt: person.created_at,
    updatedAt: person.updated_at,
    mergedInto: person.merged_into,
    tags: (await readTags(tx, tenantId, [personId])).map(({ tag_id: tagId, tag }) => ({ tagId, tag })),
    details: details.map((detail) => ({
      detailId: detail.detail_id,
      kind: detail.kind,
      shown: showDetail(fields, mask, detail),
      label: detail.label,
      since: detail.since,
    })),
    relations,
    consents,
    health,
    groups: await readGroups(tx, tenantId, personId),
    merges: await readMerges(reader, personId),
    checklist: visitChecklist(known),
    needsGuardian: needsGuardian(person.birth_date, today),
  }
}

async function readRelations({ tx, caller, fields, mask }: FileReader, personId: string) {
  const { tenantId } = caller
  const rows = await tx
    .selectFrom('person_relation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .orderBy('since')
    .orderBy('relation_id')
    .execute()
  return rows.map((row) => ({
    relationId: row.relation_id,
    kind: row.kind,
    nameShown: mask('name', row.name),
    relationship: row.relationship,
    phoneShown:
      row.phone_sealed === null
        ? null
        : mask('phone', fields.open(relationPhonePlace(tenantId, row.relation_id), row.phone_sealed)),
    otherPersonId: row.other_person_id,
    isGuardian: row.is_guardian,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
  }))
}

async function readConsents(tx: TenantTx, tenantId: string, personId: string): Promise<ConsentStanding[]> {
  const rows = await tx
    .selectFrom('person_consent')
    .selectAll()
    .distinctOn(['purpose', 'channel'])
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .orderBy('purpose')
    .orderBy('channel')
    .orderBy('at', 'desc')
    .orderBy('consent_id', 'desc')
    .execute()
  return rows.map((row) => ({
    consentId: row.consent_id,
    purpose: row.purpose,
    channel: row.channel,
    isGiven: row.is_given,
    textVersion: row.text_version,
    guardianRelationId: row.guardian_relation_id,
    at: row.at,
    byName: row.by_name,
  }))
}

async function readHealth(
  tx: TenantTx,
  tenantId: string,
  personId: string,
): Promise<{ items: HealthItem[]; visitCount: number } | null> {
  if (!(await reachesPersons(tx, tenantId, { resource: 'health-record', personIds: [personId] }))) return null
  const rows = await tx
    .selectFrom('person_health_item')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .orderBy('since')
    .orderBy('item_id')
    .execute()
  const { count } = await tx
    .selectFrom('visit')
    .select(sql<number>`count(*)`.as('count'))
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  const items = rows.map(({ item_id: itemId, kind, text, is_denied: isDenied, since }) => ({
    itemId,
    kind,
    text,
    isDenied,
    since,
  }))
  return { items, visitCount: count }
}

async function readGroups(tx: TenantTx, tenantId: string, personId: string) {
  return await tx
    .selectFrom('group_member')
    .innerJoin('group_customer', (join) =>
      join
        .onRef('group_customer.tenant_id', '=', 'group_member.tenant_id')
        .onRef('group_customer.group_id', '=', 'group_member.group_id'),
    )
    .select(['group_customer.group_id as groupId', 'group_customer.name'])
    .distinct()
    .where('group_member.tenant_id', '=', tenantId)
    .where('group_member.person_id', '=', personId)
    .where('group_member.ended_at', 'is', null)
    .orderBy('group_customer.name')
    .execute()
}

async function readMerges({ tx, caller, mask }: FileReader, personId: string) {
  const rows = await tx
    .selectFrom('merge_log')
    .innerJoin('person', (join) =>
      join.onRef('person.tenant_id', '=', 'merge_log.tenant_id').onRef('person.person_id', '=', 'merge_log.merged_id'),
    )
    .select(['merge_id', 'merged_id', 'merged_at', 'merged_by_name', 'person.name'])
    .where('merge_log.tenant_id', '=', caller.tenantId)
    .where('survivor_id', '=', personId)
    .where('undone_at', 'is', null)
    .orderBy('merged_at', 'desc')
    .execute()
  return rows.map((row) => ({
    mergeId: row.merge_id,
    personId: row.merged_id,
    nameShown: mask('name', row.name),
    at: row.merged_at,
    byName: row.merged_by_name,
  }))
}
