import type { CardHash } from '@yizhan/contracts/card'
import type { NewDetail } from '@yizhan/contracts/customer-record'
import { type RawBuilder, sql } from 'kysely'
import type { KeyRing } from '../tenant/key-ring.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { openFile } from './customer.ts'
import { type DetailKeys, detailIndexField, detailKeysOf, indexText } from './person-detail.ts'

/** What a booking says of whom it is for. */
export interface BookedPerson {
  patientName: string
  phone: string | null
  birthDate: string | null
  cardHashes: readonly CardHash[]
  siteId: string
}

/**
 * The person whom a booking is for: the one of this name with one of the cards, else with the phone, else with the birth date;
 * where there is none, a new file of somebody heard of. The caller holds the booking's person, so that two bookings made at once
 * find one file. Names and numbers of files that were merged still lead to the file they went to.
 */
export async function personOfBooking(scope: TenantScope, keys: KeyRing, booked: BookedPerson): Promise<string> {
  const detailKeys = await detailKeysOf(keys, scope)
  const known = await findBooked(scope, detailKeys, booked)
  const personId = known ?? (await openBookedFile(scope, detailKeys, booked))
  await keepCardHashes(scope, personId, booked.cardHashes)
  return personId
}

async function findBooked(scope: TenantScope, keys: DetailKeys, booked: BookedPerson): Promise<string | null> {
  const { patientName, phone, birthDate, cardHashes } = booked
  const conditions: RawBuilder<unknown>[] = []
  if (cardHashes.length > 0) conditions.push(detailWhere(sql`d.card_hash = any (${[...cardHashes]}::text[])`))
  const phoneText = phone === null ? null : indexText('phone', phone)
  if (phoneText !== null) {
    const indexes = keys.fields.blindIndexes(detailIndexField, phoneText)
    conditions.push(detailWhere(sql`d.blind_index = any (${indexes}::bytea[])`))
  } else if (birthDate !== null) conditions.push(sql`p.birth_date = ${birthDate}`)
  for (const condition of conditions) {
    const { rows } = await sql<{ person_id: string }>`
      select p.person_id from person p
      where p.tenant_id = ${scope.tenantId} and p.merged_into is null and p.state <> 'erased' and ${condition}
        and p.person_id in (
          with recursive named as (
            select n.person_id, n.merged_into from person n
              where n.tenant_id = ${scope.tenantId} and n.name = ${patientName.normalize('NFC')}
            union
            select n.person_id, n.merged_into from named a join person n
              on n.tenant_id = ${scope.tenantId} and n.person_id = a.merged_into)
          select person_id from named)
      order by p.person_id limit 1`.execute(scope.tx)
    const [found] = rows
    if (found !== undefined) return found.person_id
  }
  return null
}

function detailWhere(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (select from person_detail d
    where d.tenant_id = p.tenant_id and d.person_id = p.person_id and d.ended_at is null and ${condition})`
}

async function openBookedFile(scope: TenantScope, keys: DetailKeys, booked: BookedPerson): Promise<string> {
  const details: NewDetail[] = booked.phone === null ? [] : [{ kind: 'phone', value: booked.phone, label: null }]
  return await openFile(scope, keys, {
    name: booked.patientName,
    birthDate: booked.birthDate,
    siteId: booked.siteId,
    source: 'booking',
    state: 'prospect',
    details,
  })
}

/** Of a booking's cards only the hashes are known: kept with the person, they find them by card from now on. */
async function keepCardHashes(scope: TenantScope, personId: string, hashes: readonly CardHash[]): Promise<void> {
  for (const hash of hashes) {
    await sql`
      insert into person_detail (tenant_id, detail_id, person_id, kind, card_hash, since)
      select ${scope.tenantId}, ${newId(scope.nowMs)}, ${personId}, 'card', ${hash}, ${new Date(scope.nowMs)}
      where not exists (select from person_detail d where d.tenant_id = ${scope.tenantId} and d.person_id = ${personId}
        and d.card_hash = ${hash} and d.ended_at is null)`.execute(scope.tx)
  }
}
