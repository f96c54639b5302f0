import type { Sql } from '@yizhan/station-server/storage/sql'

/** What a station has written down, in the order in which it did. */
interface ClockFacts {
  arrivals: { bookingId: string; day: string; queueNumber: string }[]
  events: { localId: number; hlc: string }[]
}

/** Reads what the station has written down. */
export function readClockFacts(sql: Sql): ClockFacts {
  return {
    // Of the arrivals in the order in which they were made only their events tell.
    arrivals: sql
      .prepare<[], { body: string }>("SELECT body FROM outbox WHERE type = 'patient-arrived' ORDER BY local_id")
      .all()
      .map(({ body }) => JSON.parse(body) as ClockFacts['arrivals'][number]),
    events: sql
      .prepare<[], ClockFacts['events'][number]>('SELECT local_id AS localId, hlc FROM outbox ORDER BY local_id')
      .all(),
  }
}

/** Holds what patients were told against what is written down: every ticket there, no number twice a day, none out of turn. */
export function auditClock(
  { arrivals, events }: ClockFacts,
  told: readonly { bookingId: string; day: string; queueNumber: string }[],
): { lost: string[]; duplicated: string[]; torn: string[] } {
  const kept = new Map(arrivals.map((arrival) => [arrival.bookingId, arrival]))
  const numbers = arrivals.map(({ day, queueNumber }) => `${day} ${queueNumber}`)
  return {
    lost: told
      .filter(({ bookingId, queueNumber }) => kept.get(bookingId)?.queueNumber !== queueNumber)
      .map(({ bookingId, queueNumber }) => `${queueNumber} of ${bookingId} was told and is not there`),
    duplicated: numbers.filter((number, at) => numbers.indexOf(number) !== at).map((number) => `${number} twice`),
    torn: [
      ...told
        .filter(({ bookingId, day }) => kept.get(bookingId)?.day !== day)
        .map(({ bookingId, day }) => `the arrival of ${bookingId} on ${day} counts for ${kept.get(bookingId)?.day}`),
      ...gapsIn(arrivals),
      ...events
        .filter(({ localId }, at) => localId !== at + 1)
        .map(({ localId }) => `the outbox has a gap before ${localId}`),
      ...events
        .filter(({ hlc }, at) => at > 0 && hlc <= (events[at - 1]?.hlc ?? ''))
        .map(({ localId }) => `event ${localId} is not later than the one before it`),
    ],
  }
}

/** Numbers of one day and series follow each other, however often that day came again. */
function gapsIn(arrivals: ClockFacts['arrivals']): string[] {
  const series = Map.groupBy(arrivals, ({ day, queueNumber }) => `${day} ${queueNumber.replace(/\d+$/, '')}`)
  return [...series].flatMap(([name, numbered]) => {
    const given = numbered.map(({ queueNumber }) => Number(/\d+$/.exec(queueNumber)?.[0]))
    return given.flatMap((number, at) => (number === (given[0] ?? 0) + at ? [] : [`${name}${number} is out of turn`]))
  })
}
