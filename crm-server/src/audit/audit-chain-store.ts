import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import { type BlockHeader, blockFormat } from './audit-block.ts'

/** A block as the table holds it. */
export interface StoredBlock extends BlockHeader {
  entries: Buffer | null
  head: Buffer
  signature: Buffer
}

/** Rows of one hospital in one transaction. */
export interface ChainReader {
  tx: TenantTx
  tenantId: string
}

/** Takes the right to seal until the transaction ends; false while another node has it. */
export async function takeSealing({ tx, tenantId }: ChainReader): Promise<boolean> {
  const name = `audit-sealing ${tenantId}`
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`.execute(tx)
  return rows[0]?.taken ?? false
}

/**
 * The next rows to be sealed, in the order of their transactions: only of those that no running one can come before any more.
 * A row of a transaction that is yet to be numbered was written before a dump was read back.
 */
export async function nextWaiting({ tx, tenantId }: ChainReader, limit: number): Promise<string[]> {
  const { rows } = await sql<{ auditId: string }>`
    select audit_id as "auditId" from audit_waiting, (select pg_current_snapshot() as now) s
    where tenant_id = ${tenantId} and (xid < pg_snapshot_xmin(s.now) or xid >= pg_snapshot_xmax(s.now))
    order by xid, audit_id limit ${limit}`.execute(tx)
  return rows.map(({ auditId }) => auditId)
}

/** Rows that a block has taken in wait no longer. */
export async function endWaiting({ tx, tenantId }: ChainReader, auditIds: readonly string[]): Promise<void> {
  await sql`delete from audit_waiting where tenant_id = ${tenantId} and audit_id = any (${[...auditIds]}::uuid[])`.execute(
    tx,
  )
}

/** The canonical texts of rows by their ids: every column of format 1, moments in microseconds. */
export async function contentsOf(
  { tx, tenantId }: ChainReader,
  auditIds: readonly string[],
): Promise<Map<string, { text: string; at: number }>> {
  const { rows } = await sql<{ auditId: string; text: string; at: number }>`
    select audit_id as "auditId", at, jsonb_build_array(tenant_id, audit_id, (extract(epoch from at) * 1000000)::bigint,
      actor_kind, actor_id, action, object_kind, object_id, request_id, verb, roles, reason, station_id,
      (extract(epoch from station_at) * 1000000)::bigint, shown_ids, shown_count, encode(before_hash, 'hex'),
      encode(after_hash, 'hex'))::text as text
    from audit where tenant_id = ${tenantId} and audit_id = any (${[...auditIds]}::uuid[])`.execute(tx)
  return new Map(rows.map(({ auditId, ...content }) => [auditId, content]))
}

/** Blocks from a number on, in order. */
export async function blocksFrom({ tx, tenantId }: ChainReader, block: number, limit: number): Promise<StoredBlock[]> {
  const rows = await tx
    .selectFrom('audit_block')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('block', '>=', block)
    .orderBy('block')
    .limit(limit)
    .execute()
  return rows.map(storedBlockOf)
}

/** The last block; undefined before the first. */
export async function lastBlock({ tx, tenantId }: ChainReader): Promise<StoredBlock | undefined> {
  const row = await tx
    .selectFrom('audit_block')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('block', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? undefined : storedBlockOf(row)
}

/** Appends a block. */
export async function insertBlock({ tx, tenantId }: ChainReader, block: StoredBlock): Promise<void> {
  await tx
    .insertInto('audit_block')
    .values({
      tenant_id: tenantId,
      block: block.block,
      format: blockFormat,
      first_row: block.firstRow,
      row_count: block.rowCount,
      entries: block.entries,
      sealed_at: new Date(block.sealedAt),
      previous_head: block.previousHead,
      head: block.head,
      signature: block.signature,
    })
    .execute()
}

/** How many rows the trail has, and how many of them wait to be sealed. */
export async function countRows({ tx, tenantId }: ChainReader): Promise<{ rows: number; waiting: number }> {
  const { rows } = await sql<{ rows: number; waiting: number }>`
    select (select count(*) from audit where tenant_id = ${tenantId}) as rows,
      (select count(*) from audit_waiting w join audit a using (tenant_id, audit_id) where w.tenant_id = ${tenantId}) as waiting`.execute(
    tx,
  )
  return rows[0] ?? { rows: 0, waiting: 0 }
}

/** Rows that are in no block and do not wait for one, at most so many. */
export async function rowsOutside({ tx, tenantId }: ChainReader, limit: number): Promise<string[]> {
  const { rows } = await sql<{ auditId: string }>`
    select audit_id as "auditId" from audit where tenant_id = ${tenantId}
    except select audit_id from audit_waiting where tenant_id = ${tenantId}
    except select encode(substring(entries from at * 48 + 1 for 16), 'hex')::uuid
      from audit_block, generate_series(0, length(entries) / 48 - 1) as at where tenant_id = ${tenantId}
    order by 1 limit ${limit}`.execute(tx)
  return rows.map(({ auditId }) => auditId)
}

function storedBlockOf(row: {
  tenant_id: string
  block: number
  first_row: number
  row_count: number
  entries: Buffer | null
  sealed_at: number
  previous_head: Buffer
  head: Buffer
  signature: Buffer
}): StoredBlock {
  return {
    tenantId: row.tenant_id,
    block: row.block,
    firstRow: row.first_row,
    rowCount: row.row_count,
    entries: row.entries,
    sealedAt: row.sealed_at,
    previousHead: row.previous_head,
    head: row.head,
    signature: row.signature,
  }
}
