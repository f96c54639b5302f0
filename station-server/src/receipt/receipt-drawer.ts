import { randomUUID } from 'node:crypto'
import { mostInSeries, receiptNumberOf, seriesMarkAt } from '@yizhan/rules/receipt/receipt-number'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { readStationPlace } from '../station/station-place.ts'
import type { Sql } from '../storage/sql.ts'
import { readOutboxHead } from '../sync/outbox.ts'

/** A mark has three digits. */
const markCount = 1000

interface Series {
  seriesNo: number
  day: string
  mark: number
  epoch: number
  openedBy: string
  last: number
}

/**
 * Gives out receipt numbers (回执号) of this process. On one disk the sequence of a day has no gap and repeats nothing; a disk that
 * was put back forgets numbers, so every process and every epoch begins a series with a mark of its own time. Within one
 * such time a series is carried on: marks that ran ahead of the clock would be met again by a disk that forgot them.
 */
export class ReceiptDrawer {
  readonly #process = randomUUID()

  /** The next number, within the caller's transaction; null on a machine that no centre has ever told who it is. */
  draw(sql: Sql, now: number): string | null {
    const place = readStationPlace(sql)
    if (place === null) return null
    const calendar = hospitalCalendar(place.hospital.zone)
    const day = calendar.dayOf(now)
    const newest = newestSeries(sql, day)
    const { epoch } = readOutboxHead(sql, 'ops')
    const goesOn = newest?.openedBy === this.#process && newest.epoch === epoch && newest.last < mostInSeries
    const last = newest?.last ?? 0
    const sequence = (last % mostInSeries) + 1
    if (goesOn) {
      sql.prepare('UPDATE receipt_series SET last = ? WHERE series_no = ?').run(sequence, newest.seriesNo)
      return receiptNumberOf({ day, stationLetter: place.stationLetter, mark: newest.mark, sequence })
    }
    const wanted = seriesMarkAt(calendar.clockOf(now))
    if (newest?.mark === wanted && newest.last < mostInSeries) {
      sql
        .prepare('UPDATE receipt_series SET last = ?, epoch = ?, opened_by = ? WHERE series_no = ?')
        .run(sequence, epoch, this.#process, newest.seriesNo)
      return receiptNumberOf({ day, stationLetter: place.stationLetter, mark: wanted, sequence })
    }
    const mark = freeMark(sql, day, wanted)
    sql
      .prepare('INSERT INTO receipt_series (day, mark, epoch, opened_by, last) VALUES (?, ?, ?, ?, ?)')
      .run(day, mark, epoch, this.#process, sequence)
    return receiptNumberOf({ day, stationLetter: place.stationLetter, mark, sequence })
  }
}

function newestSeries(sql: Sql, day: string): Series | undefined {
  return sql
    .prepare<[string], Series>(
      `SELECT series_no AS seriesNo, day, mark, epoch, opened_by AS openedBy, last FROM receipt_series
       WHERE day = ? ORDER BY series_no DESC LIMIT 1`,
    )
    .get(day)
}

/** The mark of the moment; the next one that this disk has not used today when the clock went back or a thousand came at once. */
function freeMark(sql: Sql, day: string, wanted: number): number {
  const used = new Set(
    sql
      .prepare<[string], { mark: number }>('SELECT mark FROM receipt_series WHERE day = ?')
      .all(day)
      .map(({ mark }) => mark),
  )
  for (let step = 0; step < markCount; step += 1) {
    const mark = (wanted + step) % markCount
    if (!used.has(mark)) return mark
  }
  throw new Error('every series of receipt numbers of this day has been begun')
}
