import type { ClinicRow, HospitalRow, SiteRow } from '@yizhan/contracts/tenant'
import type { Sql } from '../storage/sql.ts'

// Rows were parsed by their schemas when they came, and the file's own seal finds every byte that has changed since; they
// are read several times in each check-in, where parsing them again would be half of its work.

/** The hospital as configured; null before the first feed. */
export function readHospital(sql: Sql): HospitalRow | null {
  const row = sql.prepare<[], { row: string }>("SELECT row FROM reference_row WHERE kind = 'hospital' LIMIT 1").get()
  return row === undefined ? null : (JSON.parse(row.row) as HospitalRow)
}

/** One clinic with its rules; null when unknown here. */
export function readClinic(sql: Sql, clinicId: string): ClinicRow | null {
  const row = readReferenceRow(sql, 'clinic', clinicId)
  return row === null ? null : (row as ClinicRow)
}

/** All clinics of a site. */
export function readClinicsOf(sql: Sql, siteId: string): ClinicRow[] {
  return sql
    .prepare<[], { row: string }>("SELECT row FROM reference_row WHERE kind = 'clinic'")
    .all()
    .map(({ row }) => JSON.parse(row) as ClinicRow)
    .filter((clinic) => clinic.siteId === siteId)
}

/** One campus; null when unknown here. */
export function readSite(sql: Sql, siteId: string): SiteRow | null {
  const row = readReferenceRow(sql, 'site', siteId)
  return row === null ? null : (row as SiteRow)
}

function readReferenceRow(sql: Sql, kind: string, key: string): unknown {
  const row = sql
    .prepare<[string, string], { row: string }>('SELECT row FROM reference_row WHERE kind = ? AND key = ?')
    .get(kind, key)
  return row === undefined ? null : JSON.parse(row.row)
}

/** Keeps a row of the hospital's structure as the feed sent it, within the caller's transaction. */
export function putReferenceRow(sql: Sql, kind: string, key: string, row: unknown, generation: number): void {
  sql
    .prepare(
      `INSERT INTO reference_row (kind, key, row, generation) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET row = excluded.row, generation = excluded.generation`,
    )
    .run(kind, key, JSON.stringify(row), generation)
}

/** Forgets a row of the hospital's structure that the feed has taken back, within the caller's transaction. */
export function dropReferenceRow(sql: Sql, kind: string, key: string): void {
  sql.prepare('DELETE FROM reference_row WHERE kind = ? AND key = ?').run(kind, key)
}
