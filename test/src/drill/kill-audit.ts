import type { CutSlip } from '@yizhan/device-drivers/sim/sim-printer-body'
import type { Sql } from '@yizhan/station-server/storage/sql'
import type { Acknowledged } from './patients.ts'
import { type PaperSlip, readPaper } from './slip-paper.ts'

/** What is wrong after a drill, by kind, in words. */
export interface AuditFindings {
  lost: string[]
  duplicated: string[]
  torn: string[]
}

/** Holds what patients were told against the database and the paper, each against each. */
export function auditCheckIns(
  sql: Sql,
  acknowledged: readonly Acknowledged[],
  paper: readonly CutSlip[],
): AuditFindings {
  const arrivals = readArrivals(sql)
  const slips = paper.map(readPaper)
  return {
    lost: [
      ...findLostTickets(arrivals, acknowledged),
      ...findUnrecorded(sql, arrivals),
      ...findUnprinted(arrivals, slips),
    ],
    duplicated: [...findDoubleNumbers(arrivals), ...findChangedNumbers(acknowledged), ...findDoubleSlips(slips)],
    torn: [...findDamage(sql), ...findTornSlips(slips)],
  }
}

interface ArrivalFact {
  bookingId: string
  place: string
  queueNumber: string
}

function readArrivals(sql: Sql): ArrivalFact[] {
  return sql
    .prepare<[], ArrivalFact>(
      `SELECT booking_id AS bookingId, clinic_id || ' ' || day AS place, queue_number AS queueNumber FROM arrival`,
    )
    .all()
}

function findLostTickets(arrivals: readonly ArrivalFact[], acknowledged: readonly Acknowledged[]): string[] {
  const numbers = new Map(arrivals.map((arrival) => [arrival.bookingId, arrival.queueNumber]))
  return acknowledged
    .filter(({ bookingId, queueNumber }) => numbers.get(bookingId) !== queueNumber)
    .map(({ bookingId, queueNumber }) => `acknowledged ${queueNumber} of ${bookingId}, kept ${numbers.get(bookingId)}`)
}

/** An arrival, its event and its print job stand or fall together; every job ends confirmed and says so once. */
function findUnrecorded(sql: Sql, arrivals: readonly ArrivalFact[]): string[] {
  const events = sql
    .prepare<[], { localId: number; type: string; body: string }>(
      'SELECT local_id AS localId, type, body FROM outbox ORDER BY local_id',
    )
    .all()
  const jobs = sql
    .prepare<[], { jobId: string; bookingId: string; state: string }>(
      'SELECT job_id AS jobId, booking_id AS bookingId, state FROM print_job',
    )
    .all()
  const subjects = (type: string, name: string) =>
    events
      .filter((event) => event.type === type)
      .map(({ body }) => String((JSON.parse(body) as Record<string, unknown>)[name]))
  const bookings = arrivals.map(({ bookingId }) => bookingId)
  return [
    ...events
      .filter(({ localId }, at) => localId !== at + 1)
      .map(({ localId }) => `the outbox has a gap before ${localId}`),
    ...differences('arrivals and events', bookings, subjects('patient-arrived', 'bookingId')),
    ...differences(
      'arrivals and print jobs',
      bookings,
      jobs.map(({ bookingId }) => bookingId),
    ),
    ...differences(
      'print jobs and their settling',
      jobs.map(({ jobId }) => jobId),
      subjects('ticket-print-settled', 'jobId'),
    ),
    ...jobs.filter(({ state }) => state !== 'confirmed').map(({ jobId, state }) => `print job ${jobId} ended ${state}`),
  ]
}

function findUnprinted(arrivals: readonly ArrivalFact[], slips: readonly PaperSlip[]): string[] {
  const printed = new Set(slips.filter(({ kind }) => kind === 'ticket').map(({ queueNumber }) => queueNumber))
  return arrivals
    .filter(({ queueNumber }) => !printed.has(queueNumber))
    .map(({ queueNumber }) => `${queueNumber} has no slip`)
}

function findDoubleNumbers(arrivals: readonly ArrivalFact[]): string[] {
  return repeated(arrivals.map(({ place, queueNumber }) => `${place} ${queueNumber}`)).map(
    (number) => `two arrivals with ${number}`,
  )
}

function findChangedNumbers(acknowledged: readonly Acknowledged[]): string[] {
  const told = [...new Set(acknowledged.map(({ bookingId, queueNumber }) => `${bookingId} ${queueNumber}`))]
  return [
    ...repeated(told.map((pair) => pair.split(' ')[0] ?? '')).map(
      (booking) => `booking ${booking} was told two numbers`,
    ),
    ...repeated(told.map((pair) => pair.split(' ')[1] ?? '')).map((number) => `${number} was told to two bookings`),
  ]
}

function findDoubleSlips(slips: readonly PaperSlip[]): string[] {
  const unmarked = slips.filter(({ kind }) => kind === 'ticket').map(({ queueNumber }) => queueNumber)
  return repeated(unmarked).map((number) => `two whole slips of ${number} without a mark`)
}

function findDamage(sql: Sql): string[] {
  const told = sql.pragma('integrity_check', { simple: true })
  return told === 'ok' ? [] : [`integrity_check: ${String(told)}`]
}

function findTornSlips(slips: readonly PaperSlip[]): string[] {
  return slips.filter(({ kind }) => kind === 'torn').map(({ text }) => `a torn slip without a void mark: ${text}`)
}

function differences(what: string, one: readonly string[], other: readonly string[]): string[] {
  return [
    ...repeated(one).map((key) => `${what}: ${key} stands twice`),
    ...repeated(other).map((key) => `${what}: ${key} stands twice`),
    ...one.filter((key) => !other.includes(key)).map((key) => `${what}: ${key} stands on the first side only`),
    ...other.filter((key) => !one.includes(key)).map((key) => `${what}: ${key} stands on the second side only`),
  ]
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))]
}
