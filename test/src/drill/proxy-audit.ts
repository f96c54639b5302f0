import { inTenant } from '@yizhan/crm-server/postgres/database'
import { pullStationFeed } from '@yizhan/crm-server/sync/station-feed'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { laneTables } from '@yizhan/station-server/storage/salvage'
import type { Sql } from '@yizhan/station-server/storage/sql'
import { driftedKinds } from '@yizhan/station-server/sync/feed-changes'
import { measureOutbox } from '@yizhan/station-server/sync/outbox'
import { drilledTenant } from './drilled-hospital.ts'
import type { AuditFindings } from './kill-audit.ts'
import type { Acknowledged } from './patients.ts'
import type { HallStation, ProxyHall } from './proxy-hall.ts'
import { readPaper } from './slip-paper.ts'

/** A ticket that a patient was shown, and where. */
export interface ToldTicket extends Acknowledged {
  stationId: string
}

/** What the centre holds. */
interface CentreFacts {
  arrivals: { arrivalId: string; bookingId: string; queueNumber: string; day: string; stationId: string }[]
  inbox: Map<string, string>
}

/** What is still under way in the hall, in words; nothing when everybody has come to rest and agrees. */
export async function findOpenEnds(hall: ProxyHall): Promise<string[]> {
  const centre = await readCentre(hall)
  const pending = [...centre.inbox.values()].filter((state) => state === 'pending').length
  const open = pending > 0 ? [`${pending} events at the centre wait to be applied`] : []
  for (const station of hall.stations) open.push(...(await findOpenEndsOf(hall, station)))
  return open
}

async function findOpenEndsOf(hall: ProxyHall, station: HallStation): Promise<string[]> {
  const db = openFixtureDb(station.folder)
  try {
    const unsent = measureOutbox(db.sql).depth
    const unprinted = count(db.sql, "SELECT count(*) AS n FROM print_job WHERE state IN ('queued', 'sending')")
    const drifted = await findDrift(hall, db.sql)
    const words = (what: string) => `station ${station.letter}: ${what}`
    return [
      ...(unsent > 0 ? [words(`${unsent} events are not sent`)] : []),
      ...(unprinted > 0 ? [words(`${unprinted} slips are not printed`)] : []),
      ...(drifted.length > 0 ? [words(`kept rows differ from the centre's: ${drifted.join(', ')}`)] : []),
    ]
  } finally {
    await db.close()
  }
}

/** The kinds of rows that a station keeps otherwise than the centre has them, by the checksums of the feed itself. */
async function findDrift({ atDesk }: ProxyHall, sql: Sql): Promise<string[]> {
  const cursor = sql.prepare<[], { value: string }>("SELECT value FROM meta WHERE name = 'feed-cursor'").get()
  if (cursor === undefined) return ['everything, without a place in the feed']
  const question = { cursor: cursor.value, max: 500, check: true }
  const page = await atDesk(({ db }) => pullStationFeed(db, drilledTenant, question, Date.now()))
  if (!page.ok) return [`everything, the feed says ${page.error}`]
  if (page.value.checksums === undefined || page.value.changes.length > 0) return ['changes that it has not pulled']
  return driftedKinds(sql, page.value.checksums)
}

/** Holds what patients were told against the centre, and the paper of every printer against both. */
export async function auditHall(hall: ProxyHall, told: readonly ToldTicket[]): Promise<AuditFindings> {
  const centre = await readCentre(hall)
  const found: AuditFindings = {
    lost: findLost(centre, told),
    duplicated: findDoubles(centre, told),
    torn: [...centre.inbox]
      .filter(([, state]) => state !== 'applied')
      .map(([eventId, state]) => `event ${eventId} ended ${state} at the centre`),
  }
  for (const station of hall.stations) {
    const ofStation = told.filter(({ stationId }) => stationId === station.stationId)
    const more = await auditStation(station, centre, ofStation)
    found.lost.push(...more.lost)
    found.duplicated.push(...more.duplicated)
    found.torn.push(...more.torn)
  }
  return found
}

function findLost({ arrivals }: CentreFacts, told: readonly ToldTicket[]): string[] {
  const held = Map.groupBy(arrivals, ticketKey)
  const keys = new Set(told.map(ticketKey))
  return [...keys].filter((key) => held.get(key)?.length !== 1).map((key) => `${key} is not at the centre exactly once`)
}

function findDoubles({ arrivals }: CentreFacts, told: readonly ToldTicket[]): string[] {
  const numbers = Map.groupBy(arrivals, ({ day, queueNumber }) => `${day} ${queueNumber}`)
  const tellings = Map.groupBy(told, ({ queueNumber }) => queueNumber)
  return [
    ...[...numbers].filter(([, same]) => same.length > 1).map(([number]) => `two arrivals with ${number}`),
    ...[...tellings]
      .filter(([, same]) => new Set(same.map(({ bookingId }) => bookingId)).size > 1)
      .map(([number]) => `${number} was told to two patients`),
  ]
}

async function auditStation(
  { letter, folder, printer }: HallStation,
  centre: CentreFacts,
  told: readonly ToldTicket[],
): Promise<AuditFindings> {
  const db = openFixtureDb(folder)
  try {
    const paper = printer.journal().map(readPaper)
    const slips = Map.groupBy(
      paper.filter(({ kind }) => kind === 'ticket'),
      ({ queueNumber }) => queueNumber,
    )
    const stated = statedOpen(db.sql)
    const events = laneTables.flatMap((lane) =>
      db.sql.prepare<[], { id: string }>(`SELECT event_id AS id FROM ${lane}`).all(),
    )
    const missing = events.filter(({ id }) => !centre.inbox.has(id))
    const unprinted = new Set(
      told
        .filter(({ bookingId, queueNumber }) => !slips.has(queueNumber) && !stated.has(bookingId))
        .map(({ queueNumber }) => queueNumber),
    )
    const damage = db.sql.pragma('integrity_check', { simple: true })
    return {
      lost: [
        ...missing.map(({ id }) => `event ${id} of station ${letter} is not at the centre`),
        ...[...unprinted].map((number) => `${number} has no slip, and station ${letter} says nothing of it`),
      ],
      duplicated: [...slips]
        .filter(([, same]) => same.length > 1)
        .map(([number, same]) => `${number} was printed ${same.length} times without a mark`),
      torn: [
        ...paper.filter(({ kind }) => kind === 'torn').map(({ text }) => `a torn slip without a void mark: ${text}`),
        ...(damage === 'ok' ? [] : [`integrity_check of station ${letter}: ${String(damage)}`]),
      ],
    }
  } finally {
    await db.close()
  }
}

/** The bookings whose slip the station itself says did not come out, or may not have. */
function statedOpen(sql: Sql): Set<string> {
  const rows = sql
    .prepare<[], { id: string }>(
      "SELECT booking_id AS id FROM print_job WHERE state IN ('held', 'failed', 'expired', 'void')",
    )
    .all()
  return new Set(rows.map(({ id }) => id))
}

function readCentre({ atDesk }: ProxyHall): Promise<CentreFacts> {
  return atDesk(({ db }) =>
    inTenant(db, drilledTenant, async (tx) => {
      const arrivals = await tx
        .selectFrom('arrival')
        .select([
          'arrival_id as arrivalId',
          'booking_id as bookingId',
          'queue_number as queueNumber',
          'day',
          'station_id as stationId',
        ])
        .execute()
      const inbox = await tx.selectFrom('inbox').select(['event_id', 'state']).execute()
      return { arrivals, inbox: new Map(inbox.map(({ event_id, state }) => [event_id, state])) }
    }),
  )
}

function ticketKey(ticket: { bookingId: string; queueNumber: string; stationId: string }): string {
  return `${ticket.queueNumber} of booking ${ticket.bookingId} at station ${ticket.stationId}`
}

function count(sql: Sql, question: string): number {
  return sql.prepare<[], { n: number }>(question).get()?.n ?? 0
}
