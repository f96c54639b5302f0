import type { FoundBy } from '@yizhan/contracts/customer'
import { isIdNumber } from '@yizhan/rules/patient/id-number'
import { normalIdNumber } from '@yizhan/rules/patient/normal-identity'
import type { Expression } from 'kysely'
import { type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { hashCards } from '../appointment/card-hashing.ts'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import type { StoredPerson } from './customer-store.ts'
import { type DetailKeys, detailIndexField, indexText } from './person-detail.ts'

/** More would not be read; whoever gets so many types another character. */
const mostFound = 20

/** A way of looking: what it finds by, and the condition for it. */
interface Look {
  foundBy: FoundBy
  where: (row: ExpressionBuilder<CentreTables, 'person'>) => Expression<SqlBool>
}

/** The persons whom a typed text may mean; the surest way of looking first. */
export async function lookUp(
  tx: TenantTx,
  tenantId: string,
  keys: DetailKeys,
  text: string,
): Promise<{ person: StoredPerson; foundBy: FoundBy }[]> {
  const found = new Map<string, { person: StoredPerson; foundBy: FoundBy }>()
  for (const { foundBy, where } of looksFor(keys, tenantId, text)) {
    const rows = await tx
      .selectFrom('person')
      .selectAll()
      .where('person.tenant_id', '=', tenantId)
      .where('person.merged_into', 'is', null)
      .where(where)
      .orderBy('person.name')
      .orderBy('person.person_id')
      .limit(mostFound)
      .execute()
    for (const person of rows) if (!found.has(person.person_id)) found.set(person.person_id, { person, foundBy })
  }
  return [...found.values()].slice(0, mostFound)
}

function looksFor(keys: DetailKeys, tenantId: string, typed: string): Look[] {
  const text = typed.normalize('NFKC').trim()
  const plain = normalIdNumber(text)
  const looks: Look[] = []
  const byIndex = (foundBy: FoundBy, texts: readonly (string | null)[]) => {
    const indexes = texts.flatMap((one) => (one === null ? [] : keys.fields.blindIndexes(detailIndexField, one)))
    looks.push({
      foundBy,
      where: () => hasDetail(tenantId, sql<SqlBool>`d.blind_index = any (${indexes}::bytea[])`),
    })
  }
  if (/^\d{9}$/.test(plain)) looks.push({ foundBy: 'booking-code', where: () => hasBooking(tenantId, plain) })
  if (isIdNumber(plain)) byIndex('id-number', [indexText('id-number', plain)])
  if (/^\+?\d{5,15}$/.test(text.replace(/[\s()-]/g, ''))) byIndex('phone', [indexText('phone', text)])
  if (/^[0-9A-Z]{4,40}$/.test(plain) && /\d/.test(plain)) {
    const hashes = hashCards(keys.cardKey, [{ kind: 'card-number', value: plain }])
    looks.push({
      foundBy: 'card',
      where: () => hasDetail(tenantId, sql<SqlBool>`d.card_hash = any (${hashes}::text[])`),
    })
    byIndex('id-number', [indexText('passport', plain), indexText('other-document', plain)])
  }
  if (/^[A-Za-z]{1,30}$/.test(text))
    looks.push({ foundBy: 'initials', where: () => startsWith('name_initials', text.toUpperCase()) })
  if (!/\d/.test(text) && text !== '') looks.push({ foundBy: 'name', where: () => startsWith('name', text) })
  return looks
}

function startsWith(column: 'name' | 'name_initials', text: string): Expression<SqlBool> {
  const name = sql.ref(`person.${column}`)
  // Not `like`: under row-level security it may use no index. U+10FFFF is the last character there is.
  return sql<SqlBool>`(${name} >= ${text} and ${name} < ${`${text}\u{10ffff}`})`
}

function hasDetail(tenantId: string, condition: Expression<SqlBool>): Expression<SqlBool> {
  return sql<SqlBool>`person.person_id in (
    select d.person_id from person_detail d where d.tenant_id = ${tenantId} and d.ended_at is null and ${condition})`
}

function hasBooking(tenantId: string, code: string): Expression<SqlBool> {
  return sql<SqlBool>`person.person_id = (
    select b.person_id from booking b where b.tenant_id = ${tenantId} and b.code = ${code})`
}
