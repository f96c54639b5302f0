import type { Sql } from './sql.ts'

/** What kinds of operation a screen may repeat. */
export type OperationKind = 'reprint' | 'settle-print'

/** Whether an operation was carried out before; a retry after a lost answer must change nothing. */
export function wasCarriedOut(sql: Sql, operationId: string, kind: OperationKind): boolean {
  const row = sql
    .prepare<[string, string], { found: number }>(
      'SELECT 1 AS found FROM operation WHERE operation_id = ? AND kind = ?',
    )
    .get(operationId, kind)
  return row !== undefined
}

/** Notes an operation as carried out, within its own transaction. */
export function noteOperation(sql: Sql, operationId: string, kind: OperationKind, subject: string, now: number): void {
  sql
    .prepare('INSERT INTO operation (operation_id, kind, subject, at) VALUES (?, ?, ?, ?)')
    .run(operationId, kind, subject, now)
}
