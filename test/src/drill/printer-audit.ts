import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import type { CutSlip } from '@yizhan/device-drivers/sim/sim-printer-body'
import type { Sql } from '@yizhan/station-server/storage/sql'
import type { AuditFindings } from './kill-audit.ts'
import type { Acknowledged } from './patients.ts'

/**
 * Holds the paper of a printer that proves nothing against the ledger. Such a printer may lose a slip with its power and
 * nobody can know; but what may have been printed must not be sent again by itself, every ticket stays recorded, and a person
 * is asked whenever the station knows that it does not know.
 */
export function auditUnprovenPrints(
  sql: Sql,
  acknowledged: readonly Acknowledged[],
  paper: readonly CutSlip[],
): AuditFindings {
  return {
    lost: [...findForgottenTickets(sql, acknowledged), ...findUndecided(sql)],
    duplicated: findNumbersPrintedTwice(paper),
    torn: [],
  }
}

function findForgottenTickets(sql: Sql, acknowledged: readonly Acknowledged[]): string[] {
  const read = sql.prepare<[string], { queueNumber: string }>(
    'SELECT queue_number AS queueNumber FROM arrival WHERE booking_id = ?',
  )
  return acknowledged
    .filter(({ bookingId, queueNumber }) => read.get(bookingId)?.queueNumber !== queueNumber)
    .map(({ queueNumber }) => `acknowledged ${queueNumber} is not recorded`)
}

/** After everybody was asked no job is open, and every one that came to nothing has a copy after it. */
function findUndecided(sql: Sql): string[] {
  return sql
    .prepare<[], { jobId: string; state: string }>(
      `SELECT job_id AS jobId, state FROM print_job AS job WHERE state NOT IN ('confirmed', 'void')
        OR state = 'void' AND NOT EXISTS (
          SELECT 1 FROM print_job AS later WHERE later.booking_id = job.booking_id AND later.copy > job.copy)`,
    )
    .all()
    .map(({ jobId, state }) => `print job ${jobId} ended ${state}`)
}

/**
 * Every piece of paper is searched for heads of tickets with a number below, whole or broken off: a number that stands twice
 * without a mark was sent twice.
 */
function findNumbersPrintedTwice(paper: readonly CutSlip[]): string[] {
  const unmarked = paper.flatMap(({ lines }) =>
    textOfSlip(lines)
      .split(/^(?=.*签到凭条)/m)
      .filter((part) => part.includes('签到凭条') && !part.includes('补打'))
      .flatMap((part) => /^[A-HJ-NP-Z](?:\d{3,4}|-[A-HJ-NP-Z]\d{2,4})$/m.exec(part)?.[0] ?? []),
  )
  const twice = new Set(unmarked.filter((number, at) => unmarked.indexOf(number) !== at))
  return [...twice].map((number) => `${number} was sent twice without a mark`)
}
