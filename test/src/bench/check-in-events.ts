import { randomBytes } from 'node:crypto'
import type { StationEvent } from '@yizhan/contracts/sync'
import { demoStructure } from '@yizhan/crm-server/demo/demo-hospital'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import type { StationDb } from '@yizhan/station-server/storage/station-db'
import { appendToOutbox } from '@yizhan/station-server/sync/outbox'

/** So many events are written in one transaction: a tenth of a second. */
const eventsAtOnce = 2000
/** A day of a busy hall: a check-in about every four seconds. */
const apartMs = 4321

/** Puts check-ins of fictional bookings into a station's outbox, as its own check-in would have, the newest one now. */
export async function queueCheckIns(db: StationDb, count: number): Promise<void> {
  const firstAt = Date.now() - count * apartMs
  for (let from = 0; from < count; from += eventsAtOnce) {
    await db.transact((sql) => {
      for (let at = from; at < Math.min(count, from + eventsAtOnce); at += 1) {
        const occurredAt = firstAt + at * apartMs
        appendToOutbox(sql, checkIn(at, occurredAt), occurredAt)
      }
    })
  }
}

/** A check-in of a booking that was made in the week before. */
function checkIn(at: number, arrivedAt: number): StationEvent {
  const clinic = demoStructure.clinics[at % demoStructure.clinics.length]
  const madeAt = arrivedAt - Math.floor(Math.random() * 7 * 86_400_000)
  return {
    type: 'patient-arrived',
    body: {
      bookingId: uuidV7(madeAt, randomBytes(10)),
      clinicId: clinic?.clinicId ?? '',
      day: new Date(arrivedAt).toISOString().slice(0, 10),
      queueNumber: `${clinic?.queueLetter ?? 'A'}${String((at % 999) + 1).padStart(3, '0')}`,
      standing: at % 9 === 0 ? 'late' : 'on-time',
      arrivedAt,
      knownBy: at % 50 === 0 ? 'qr' : 'feed',
    },
  }
}
