import { isDefinedError, safe } from '@orpc/client'
import { dropNumberBlocks } from '../queue/number-blocks.ts'
import type { StationLog } from '../station/station-log.ts'
import { readStationPlace } from '../station/station-place.ts'
import { writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from './centre-client.ts'
import { markAcknowledged, openNextEpoch, readOutboxHead, readSentAgain, readUnsent } from './outbox.ts'

/** What telling the centre needs. */
export interface OutboxDeps {
  db: StationDb
  centre: CentreClient
  now: () => number
  log: StationLog
  appVersion: string
}

/** Events per upload: 500 of about 400 bytes are one round trip of 200 kB, and small enough to repeat. */
const batchSize = 500

/**
 * Greets the centre: learns the station's name, letter, site and QR keys, and compares how much the centre holds with
 * how much was sent. A centre that holds more than was ever written here means this disk is an older copy of itself.
 */
export async function greetCentre({ db, centre, now, log, appVersion }: OutboxDeps): Promise<void> {
  const head = readOutboxHead(db.sql)
  const welcome = await centre.hello({ appVersion, epoch: head.epoch, lastSeq: head.lastSeq, at: now() })
  const wasConfigured = readStationPlace(db.sql) !== null
  await db.transact((sql) => {
    writeMeta(sql, 'station-name', JSON.stringify(welcome.stationName))
    writeMeta(sql, 'station-letter', welcome.stationLetter)
    writeMeta(sql, 'site-id', welcome.siteId)
    writeMeta(sql, 'qr-keys', JSON.stringify(welcome.qrKeys))
    agreeOnPosition(sql, welcome.ackedSeq, head.lastSeq, now, log)
  })
  log.info({ wasConfigured, ackedSeq: welcome.ackedSeq, lastSeq: head.lastSeq }, 'greeted the centre')
}

/** Sends the oldest unsent events; `more` while others wait. */
export async function sendEvents({ db, centre, now, log }: OutboxDeps): Promise<'more' | 'done'> {
  const events = readUnsent(db.sql, batchSize)
  if (events.length === 0) return 'done'
  const { epoch } = readOutboxHead(db.sql)
  const { error, data } = await safe(centre.upload({ epoch, events }))
  if (error === null) {
    await db.transact((sql) => markAcknowledged(sql, data.ackedSeq, now()))
    return events.length === batchSize ? 'more' : 'done'
  }
  if (!isDefinedError(error) || error.code !== 'sequence-gap') throw error
  await closeGap({ db, centre, now, log }, epoch, error.data.ackedSeq)
  return 'more'
}

/** The centre lacks events that it once acknowledged: it went back in time. Send them again; their ids make that safe. */
async function closeGap(
  { db, centre, now, log }: Pick<OutboxDeps, 'db' | 'centre' | 'now' | 'log'>,
  epoch: number,
  ackedSeq: number,
): Promise<void> {
  log.error({ ackedSeq }, 'the centre lacks events that it had acknowledged; sending them again')
  const events = readSentAgain(db.sql, ackedSeq, batchSize)
  const sent = await centre.upload({ epoch, events })
  await db.transact((sql) => markAcknowledged(sql, sent.ackedSeq, now()))
}

function agreeOnPosition(sql: Sql, ackedSeq: number, lastSeq: number, now: () => number, log: StationLog): void {
  if (ackedSeq <= lastSeq) {
    markAcknowledged(sql, ackedSeq, now())
    return
  }
  const epoch = openNextEpoch(sql)
  // Numbers that this disk believes to be free may be on slips already.
  dropNumberBlocks(sql)
  log.error({ ackedSeq, lastSeq, epoch }, 'this disk is older than what the centre holds; opened a new epoch')
}
