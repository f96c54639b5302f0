import { isDefinedError } from '@orpc/client'
import { type OutboxLane, outboxLanes, type StationEvent } from '@yizhan/contracts/sync'
import { keepToldAttachments } from '../attachment/attachment.ts'
import { dropNumberBlocks, readHighestNumbers } from '../queue/number-blocks.ts'
import type { NumberWitness } from '../queue/number-witness.ts'
import type { CentreTime } from '../station/centre-time.ts'
import type { StationLog } from '../station/station-log.ts'
import type { WorkDone } from '../station/station-loop.ts'
import { readStationPlace } from '../station/station-place.ts'
import { clearMeta, readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { BatchSize } from './batch-size.ts'
import type { CentreClient } from './centre-client.ts'
import { keepStormWindow } from './centre-return.ts'
import { hearCentreClock } from './event-clock.ts'
import {
  appendToOutbox,
  markAcknowledged,
  openNextEpoch,
  readAcknowledgedSeq,
  readEventIdAt,
  readOutboxHead,
  readUnsent,
} from './outbox.ts'
import { prepareUpload, type ReadAhead } from './prepared-upload.ts'

/** What telling the centre needs. */
export interface OutboxDeps {
  db: StationDb
  witness: NumberWitness
  centre: CentreClient
  now: () => number
  log: StationLog
  appVersion: string
  centreTime: CentreTime
  batchSize: BatchSize
  /** Milliseconds of a clock that nobody can set, to measure how long an upload takes. */
  monotonic: () => number
  /** Left out where nothing is read ahead. */
  ahead?: ReadAhead
  /** Left out where only the order of events is of interest. */
  boot?: StationBoot
  /** Told when the centre wants this station to have a new key. */
  onRotationDue?: () => void
}

/** This process, as it names itself to the centre: two that are alive at once are two machines with one key. */
export interface StationBoot {
  /** Drawn at the start and never kept. */
  readonly bootId: string
  /** The newest that the centre told this process. */
  challenge: string | null
}

/** The process as a greeting or a report carries it. */
export function namedBoot(boot: StationBoot | undefined): { bootId?: string; challenge?: string } {
  if (boot === undefined) return {}
  const { bootId, challenge } = boot
  return challenge === null ? { bootId } : { bootId, challenge }
}

/**
 * Greets the centre: learns the station's name, letter, site, QR keys and card key, and agrees on how much of the outbox the centre
 * holds. When the centre holds more than was ever written here, or other events at the same place, this disk is an older
 * copy of itself: the station opens a new epoch and greets again, for that epoch may be known to the centre as well.
 */
export async function greetCentre(deps: OutboxDeps): Promise<void> {
  const { db, centre, centreTime, now, log, appVersion, boot } = deps
  let restore: string | null = null
  for (let agreed = false; !agreed; ) {
    const { epoch, lastSeq } = readOutboxHead(db.sql, 'ops')
    // Behind every write that waits: a lease that has just come may be one of them.
    const highest = await db.transact((sql) => readHighestNumbers(sql, deps.witness))
    const numbers = { restore, highest }
    const welcome = await centre.hello({ appVersion, epoch, lastSeq, at: now(), numbers, ...namedBoot(boot) })
    await centreTime.hear(welcome.now)
    if (boot !== undefined && welcome.challenge !== undefined) boot.challenge = welcome.challenge
    const wasConfigured = readStationPlace(db.sql) !== null
    agreed = await db.transact((sql) => {
      hearCentreClock(sql, welcome.now, now())
      writeMeta(sql, 'station-name', JSON.stringify(welcome.stationName))
      writeMeta(sql, 'station-letter', welcome.stationLetter)
      writeMeta(sql, 'site-id', welcome.siteId)
      writeMeta(sql, 'qr-keys', JSON.stringify(welcome.qrKeys))
      // A centre of an earlier release tells none; cards then find nothing, and everything else goes on.
      if (welcome.cardKey !== undefined) writeMeta(sql, 'card-key', welcome.cardKey)
      if (!keepOrderKey(sql, welcome.orderKey))
        log.error({}, 'the centre names another key for its orders: it is not taken')
      keepStormWindow(sql, welcome.stormWindowMs)
      askAgainAfterUpgrade(sql, appVersion)
      if (beginAtEpoch(sql, welcome.leastEpoch ?? 1)) return false
      writeMeta(sql, 'bulk-lane', welcome.bulk === undefined ? 'unknown' : 'served')
      return agreeOnPosition(sql, { epoch, ops: welcome, bulk: welcome.bulk }, deps)
    })
    // Asked once: a centre that asks on would be asked for ever.
    if (welcome.restore !== undefined && restore === null) {
      restore = welcome.restore
      agreed = false
    }
    if (welcome.rotateKey === true) deps.onRotationDue?.()
    log.info({ wasConfigured, epoch, ackedSeq: welcome.ackedSeq, lastSeq, agreed }, 'greeted the centre')
  }
}

/**
 * Sends the oldest unsent events, of the lane `bulk` only when none of `ops` wait; `more` while others wait, or how long a busy
 * centre wants to be left alone.
 */
export async function sendEvents(deps: OutboxDeps): Promise<WorkDone> {
  const { db, centre, centreTime, batchSize, monotonic, ahead } = deps
  const lane = nextLane(db.sql)
  if (lane === null) return 'done'
  const { epoch } = readOutboxHead(db.sql, lane)
  const source = { sql: db.sql, centre, most: batchSize.current, monotonic }
  const place = { lane, epoch, afterSeq: readAcknowledgedSeq(db.sql, lane) }
  const upload = ahead?.take(place) ?? prepareUpload(source, place)
  if (upload.answer === null) return 'done'
  const begunAt = monotonic()
  upload.goAhead(true)
  const [{ error, data }] = await Promise.all([
    upload.answer,
    ahead?.prepare(source, { ...place, afterSeq: upload.lastSeq }),
  ])
  if (error !== null) ahead?.giveUp()
  if (error === null) {
    if (upload.isFull) batchSize.took(monotonic() - begunAt, upload.readingMs)
    await db.transact((sql) => {
      // A greeting that opened another epoch meanwhile has given every event another place: this answer says nothing any more.
      if (readOutboxHead(sql, lane).epoch === epoch)
        markAcknowledged(sql, lane, data.ackedSeq, centreTime.certainlyPassed())
    })
    return nextLane(db.sql) === null ? 'done' : 'more'
  }
  if (!isDefinedError(error)) {
    batchSize.shrink()
    throw error
  }
  if (error.code === 'busy') {
    batchSize.shrink()
    return { waitMs: error.data.retryAfterMs }
  }
  if (error.code !== 'sequence-gap') throw error
  await closeGap(deps, epoch, error.data.ackedSeq)
  return 'more'
}

/** The lane whose turn it is: the first that has something to send, and that the centre knows. */
function nextLane(sql: Sql): OutboxLane | null {
  const known = outboxLanes.filter((lane) => lane === 'ops' || readMeta(sql, 'bulk-lane') !== 'unknown')
  return known.find((lane) => readUnsent(sql, lane, 1).length > 0) ?? null
}

/**
 * The centre refuses a run because events before it are missing there: it went back in time. A greeting that has found the same
 * meanwhile has opened an epoch already.
 */
async function closeGap(deps: OutboxDeps, epoch: number, ackedSeq: number): Promise<void> {
  await deps.db.transact((sql) => {
    if (readOutboxHead(sql, 'ops').epoch === epoch) sendAllAgain(sql, ackedSeq, deps)
  })
  await greetCentre(deps)
}

/**
 * The centre lacks events that it once acknowledged. Which others it lacks, of earlier epochs, nobody here can know: everything
 * that is still kept goes up in a new epoch, and the ids of events make that safe.
 */
function sendAllAgain(sql: Sql, ackedSeq: number, { log, now }: Pick<OutboxDeps, 'log' | 'now'>): void {
  const epoch = openNextEpoch(sql)
  // Their bytes may be lacking as well: the centre says which it has, and of the others it is told that they are lost.
  keepToldAttachments(sql)
  alarmOfRewind(sql, { at: now(), cause: 'centre-older', epoch })
  log.error({ ackedSeq, epoch }, 'the centre lacks events that it had acknowledged; sending all that is kept again')
}

/** Tells the staff, in the new epoch, that station and centre did not remember the same. */
function alarmOfRewind(sql: Sql, body: Extract<StationEvent, { type: 'outbox-rewound' }>['body']): void {
  appendToOutbox(sql, { type: 'outbox-rewound', body }, body.at)
}

/** Keeps the key of the centre's orders from the first greeting on; false when another comes later. */
function keepOrderKey(sql: Sql, orderKey: string | undefined): boolean {
  const kept = readMeta(sql, 'order-key')
  if (orderKey === undefined || orderKey === kept) return true
  if (kept !== null) return false
  writeMeta(sql, 'order-key', orderKey)
  return true
}

/** Opens the first epoch that this machine may use; another one has given out numbers of those before. */
function beginAtEpoch(sql: Sql, least: number): boolean {
  if (readOutboxHead(sql, 'ops').epoch >= least) return false
  dropNumberBlocks(sql)
  openNextEpoch(sql, least)
  return true
}

/** Rows that an older release did not understand were skipped for good; a new release asks for everything anew. */
function askAgainAfterUpgrade(sql: Sql, appVersion: string): void {
  if (readMeta(sql, 'app-version') === appVersion) return
  clearMeta(sql, 'feed-cursor')
  writeMeta(sql, 'app-version', appVersion)
}

/** How far the centre holds a lane. */
interface HeldPosition {
  ackedSeq: number
  ackedEventId: string | null
}

/**
 * Notes what the centre holds of each lane in an epoch; false, and a new epoch opened for both, when one cannot be of this disk. False
 * too when another loop has found a gap and opened an epoch meanwhile, of which this answer says nothing.
 */
function agreeOnPosition(
  sql: Sql,
  held: { epoch: number; ops: HeldPosition; bulk: HeldPosition | undefined },
  deps: Pick<OutboxDeps, 'centreTime' | 'log' | 'now'>,
): boolean {
  if (readOutboxHead(sql, 'ops').epoch !== held.epoch) return false
  const told = outboxLanes.flatMap((lane) => {
    const position = held[lane]
    return position === undefined
      ? []
      : [{ lane, ackedSeq: position.ackedSeq, verdict: compareLane(sql, lane, position) }]
  })
  const stationOlder = told.find((lane) => lane.verdict === 'station-older')
  const centreOlder = told.find((lane) => lane.verdict === 'centre-older')
  if (stationOlder !== undefined) {
    const epoch = openNextEpoch(sql)
    // Numbers that this disk believes to be free may be on slips already.
    dropNumberBlocks(sql)
    alarmOfRewind(sql, { at: deps.now(), cause: 'station-older', epoch })
    deps.log.error({ ...stationOlder, epoch }, 'this disk is older than what the centre holds; opened a new epoch')
    return false
  }
  if (centreOlder !== undefined) {
    sendAllAgain(sql, centreOlder.ackedSeq, deps)
    return false
  }
  for (const { lane, ackedSeq } of told) markAcknowledged(sql, lane, ackedSeq, deps.centreTime.certainlyPassed())
  return true
}

/** Whether what the centre holds of a lane can be of this disk, and which of the two is an older copy of itself if not. */
function compareLane(sql: Sql, lane: OutboxLane, held: HeldPosition): 'agrees' | 'station-older' | 'centre-older' {
  if (held.ackedSeq < readAcknowledgedSeq(sql, lane)) return 'centre-older'
  if (held.ackedSeq > readOutboxHead(sql, lane).lastSeq) return 'station-older'
  const own = readEventIdAt(sql, lane, held.ackedSeq)
  // Events that one of them no longer keeps cannot be compared.
  return own === null || held.ackedEventId === null || own === held.ackedEventId ? 'agrees' : 'station-older'
}
