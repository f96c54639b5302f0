import { personTexts } from '../appointment/appointment.ts'
import { detailIndexField, detailTexts } from '../customer/person-detail.ts'
import type { FieldKeys } from './field-keys.ts'
import type { TenantScope } from './tenant-scope.ts'

/** A column whose values are sealed. */
export interface SealedColumn {
  table: string
  column: string
  /** The word for the column in the place that a value is sealed for. */
  sealedAs: string
  /** The columns of the primary key behind the tenant; joined by `/` they are the row of the place. */
  rowKey: readonly string[]
}

/** A column of blind indexes, by which values are found that nobody can read. */
export interface IndexedColumn {
  table: string
  column: string
  /** The field of the index. */
  field: string
  /** A column that names one row of a hospital. */
  rowKey: string
  /** True when a row is nothing but the index, each once: it is dropped when it leads nowhere. Else only the index is cleared. */
  isWholeRow: boolean
  /** The values behind some rows, in their normal form; a row left out has none any more. */
  valuesOf(scope: Pick<TenantScope, 'tx' | 'tenantId'>, fields: FieldKeys, rows: string[]): Promise<Map<string, string>>
}

/**
 * Every sealed column; a change of the key seals them all anew. A feature with a new one adds its line here, and a test
 * refuses columns named `sealed` or `…_sealed` that have none.
 */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'booking', column: 'phone_sealed', sealedAs: 'phone', rowKey: ['booking_id'] },
  { table: 'booking', column: 'birth_date_sealed', sealedAs: 'birth_date', rowKey: ['booking_id'] },
  { table: 'station', column: 'boot_key_sealed', sealedAs: 'boot_key_sealed', rowKey: ['station_id'] },
  { table: 'person_detail', column: 'value_sealed', sealedAs: 'value_sealed', rowKey: ['detail_id'] },
  { table: 'person_relation', column: 'phone_sealed', sealedAs: 'phone_sealed', rowKey: ['relation_id'] },
  { table: 'group_contact', column: 'phone_sealed', sealedAs: 'phone_sealed', rowKey: ['contact_id'] },
  { table: 'attachment_part', column: 'sealed', sealedAs: 'sealed', rowKey: ['attachment_id', 'begins_at'] },
]

/** Every column of blind indexes; named `blind_index` or `…_index`, with a line each, as the sealed ones. */
export const indexedColumns: readonly IndexedColumn[] = [
  {
    table: 'patient_key',
    column: 'blind_index',
    field: 'person',
    rowKey: 'patient_key',
    isWholeRow: true,
    valuesOf: personTexts,
  },
  {
    table: 'person_detail',
    column: 'blind_index',
    field: detailIndexField,
    rowKey: 'detail_id',
    isWholeRow: false,
    valuesOf: detailTexts,
  },
]
