import type { ColumnType } from 'kysely'

/** A moment: read as milliseconds since 1970, written as a Date. */
export type Moment = ColumnType<number, Date, Date>
/** A moment that may be missing. */
export type MomentOrNull = ColumnType<number | null, Date | null, Date | null>
/** A structured value, kept as jsonb: read parsed, written as its JSON text. */
export type Json<Value> = ColumnType<Value, string, string>
/** A value the database fills in when it is left out. */
export type Defaulted<Value> = ColumnType<Value, Value | undefined, Value>

/** What a row belongs to; the database works it out when it is left out. */
export type PlacedOrNull = ColumnType<string | null, string | null | undefined, string | null>
