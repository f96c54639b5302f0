import type { NewConsent, NewInteraction, NewRelation } from '@yizhan/contracts/customer-record'
import { sql } from 'kysely'
import type { FieldKeys } from '../tenant/field-keys.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** The place for which the phone of a relation is sealed. */
export function relationPhonePlace(tenantId: string, relationId: string) {
  return { tenantId, table: 'person_relation', column: 'phone_sealed', rowId: relationId }
}

/** Writes a relation; its phone is sealed. */
export async function insertRelation(
  scope: TenantScope,
  fields: FieldKeys,
  personId: string,
  relation: NewRelation,
): Promise<string> {
  const relationId = newId(scope.nowMs)
  const { phone } = relation
  await scope.tx
    .insertInto('person_relation')
    .values({
      tenant_id: scope.tenantId,
      relation_id: relationId,
      person_id: personId,
      kind: relation.kind,
      name: relation.name,
      relationship: relation.relationship,
      phone_sealed: phone === null ? null : fields.seal(relationPhonePlace(scope.tenantId, relationId), phone),
      other_person_id: relation.otherPersonId,
      is_guardian: relation.isGuardian,
      valid_from: relation.validFrom,
      valid_until: relation.validUntil,
      since: new Date(scope.nowMs),
      ended_at: null,
    })
    .execute()
  return relationId
}

/** A relation of a person that is in force. */
export async function findRelation(scope: TenantScope, personId: string, relationId: string) {
  const row = await scope.tx
    .selectFrom('person_relation')
    .select(['is_guardian', 'valid_until'])
    .where('tenant_id', '=', scope.tenantId)
    .where('relation_id', '=', relationId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Adds an entry to the ledger of consents. */
export async function insertConsent(
  scope: TenantScope & { byName: string },
  personId: string,
  consentId: string,
  consent: NewConsent,
): Promise<void> {
  await scope.tx
    .insertInto('person_consent')
    .values({
      tenant_id: scope.tenantId,
      consent_id: consentId,
      person_id: personId,
      purpose: consent.purpose,
      channel: consent.channel,
      is_given: consent.isGiven,
      text_version: consent.textVersion,
      guardian_relation_id: consent.guardianRelationId,
      at: new Date(scope.nowMs),
      by_user: scope.actor.id,
      by_name: scope.byName,
    })
    .execute()
}

/** Writes an interaction down. */
export async function insertInteraction(
  scope: TenantScope & { byName: string },
  personId: string,
  interactionId: string,
  { channel, direction, at, summary }: NewInteraction,
): Promise<void> {
  await scope.tx
    .insertInto('person_interaction')
    .values({
      tenant_id: scope.tenantId,
      interaction_id: interactionId,
      person_id: personId,
      channel,
      direction,
      at: new Date(at),
      summary,
      by_user: scope.actor.id,
      by_name: scope.byName,
    })
    .execute()
}

/** Tags a person. */
export async function insertTag(scope: TenantScope, personId: string, tagId: string, tag: string): Promise<void> {
  await scope.tx
    .insertInto('person_tag')
    .values({
      tenant_id: scope.tenantId,
      tag_id: tagId,
      person_id: personId,
      tag,
      since: new Date(scope.nowMs),
      ended_at: null,
    })
    .execute()
}

const endable = {
  detail: { table: 'person_detail', key: 'detail_id' },
  relation: { table: 'person_relation', key: 'relation_id' },
  tag: { table: 'person_tag', key: 'tag_id' },
  health: { table: 'person_health_item', key: 'item_id' },
} as const

/** Ends an entry of a person; false when there is none in force. */
export async function endEntryRow(
  scope: TenantScope,
  personId: string,
  { entry, entryId }: { entry: keyof typeof endable; entryId: string },
): Promise<boolean> {
  const { table, key } = endable[entry]
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ended_at = ${new Date(scope.nowMs)}
    where tenant_id = ${scope.tenantId} and ${sql.ref(key)} = ${entryId} and person_id = ${personId}
      and ended_at is null`.execute(scope.tx)
  return numAffectedRows === 1n
}
