import { ORPCError } from '@orpc/client'
import type { CheckInTicket } from '@yizhan/contracts/check-in'
import type { OutboxLane } from '@yizhan/contracts/sync'
import { readBooking } from '@yizhan/station-server/appointment/kept-bookings'
import { checkIn } from '@yizhan/station-server/check-in/check-in'
import { type HereAndNow, knownFromFeed } from '@yizhan/station-server/check-in/known-appointment'
import { settleByPatient } from '@yizhan/station-server/check-in/reprint'
import { AsideSlips } from '@yizhan/station-server/printing/aside-slip'
import { CutCount } from '@yizhan/station-server/printing/cut-count'
import { printNext } from '@yizhan/station-server/printing/print-loop'
import { carryOutDecisions } from '@yizhan/station-server/printing/staff-decision'
import { leaseNumbers } from '@yizhan/station-server/queue/number-lease'
import { NumberWitness } from '@yizhan/station-server/queue/number-witness'
import { CentreTime } from '@yizhan/station-server/station/centre-time'
import { purge } from '@yizhan/station-server/station/purge'
import { readStationPlace } from '@yizhan/station-server/station/station-place'
import { BatchSize } from '@yizhan/station-server/sync/batch-size'
import { pullFeed } from '@yizhan/station-server/sync/feed'
import { appendToLane, measureOutbox, readAcknowledgedSeq, readOutboxHead } from '@yizhan/station-server/sync/outbox'
import { outboxTables } from '@yizhan/station-server/sync/outbox-lane'
import { greetCentre, sendEvents } from '@yizhan/station-server/sync/outbox-upload'
import { noticeRewoundDisk } from '@yizhan/station-server/sync/rewound-disk'
import type { CentreAnswer, CentreCall } from './centre-state.ts'
import type { Chance } from './chance.ts'
import type { PlantedBug } from './planted-bug.ts'
import { simulatedClient } from './simulated-client.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { simulatedCalendar } from './simulated-hospital.ts'
import { NoAnswerError, type SimulatedNet } from './simulated-net.ts'
import { SimulatedPrinter } from './simulated-printer.ts'

/** The loops of a station, by their work. */
export const stationRounds = ['feed', 'send', 'lease', 'print', 'purge', 'report'] as const
export type StationRound = (typeof stationRounds)[number]

/** A copy of a station's disk, and when it was taken. */
export interface DiskImage {
  stationId: string
  atMs: number
  image: Buffer
  /** The witness, where the whole disk was copied; null leaves it as it is when the database is put back. */
  witness: { text: string | null } | null
}

/** What a patient was shown: from here on it must never be lost. */
export interface Told {
  stationId: string
  bookingId: string
  queueNumber: string
  day: string
  eventId: string
}

interface StationDeps {
  stationId: string
  letter: string
  chance: Chance
  net: SimulatedNet
  /** The true time; the station's own clock may be wrong. */
  now: () => number
  bug: PlantedBug | null
  /** Told of a fault that is neither the network's nor a refusal. */
  onFault: (words: string) => void
}

/** One station: its disk and printer, which outlive it, and the process that runs on them, made of the station's own code. */
export class SimulatedStation {
  readonly stationId: string
  readonly letter: string
  readonly disk: SimulatedDisk
  readonly printer: SimulatedPrinter
  readonly #deps: StationDeps
  /** What the witness beside the database says; it outlives the process, and the database. */
  witnessText: string | null = null
  /** Grows over restarts and over disks put back, as the station's own counter has to. */
  #counter = 0
  clockErrorMs = 0
  /** Patients are kept away until the centre has been greeted, as they are from a station whose disk was put back. */
  patientsWait = false
  /** The earlier image that somebody is about to put in the place of its disk. */
  awaits: DiskImage | null = null
  #process: ReturnType<SimulatedStation['startProcess']>

  constructor(deps: StationDeps) {
    this.#deps = deps
    this.stationId = deps.stationId
    this.letter = deps.letter
    this.disk = new SimulatedDisk(deps.chance, deps.bug === 'acknowledged-before-commit')
    const level = deps.chance.happens(0.5) ? 'A' : 'C'
    this.printer = new SimulatedPrinter(deps.chance, { level, lies: deps.bug === 'unknown-print-resent' })
    this.#process = this.startProcess()
  }

  /** The process dies and a new one starts on what the disk has; `image`: on an earlier copy of the disk. */
  restart(putBack: DiskImage | null = null): void {
    this.#deps.net.forgetCallers(this.stationId)
    this.printer.driverDied()
    this.disk.crash()
    if (putBack !== null) this.disk.putBack(putBack.image)
    if (putBack?.witness) this.witnessText = putBack.witness.text
    this.#process = this.startProcess()
  }

  /** Starts a round of a loop, unless one runs. */
  begin(round: StationRound): void {
    const { running } = this.#process
    if (running.has(round)) return
    running.add(round)
    const work = this.#process.rounds[round]
    const untilDone = async () => {
      while ((await work()) === 'more');
    }
    untilDone()
      .catch((error: unknown) => this.#noteFailure(round, error))
      .finally(() => running.delete(round))
  }

  /** Whether the centre lacks an event of this station, as far as the station knows. */
  isUnsent(): boolean {
    if (this.disk.waiting > 0) return true
    return measureOutbox(this.disk.sql).depth > 0
  }

  /** A patient taps "check in"; answers what they are shown, or null when the station refuses or knows nothing of them. */
  async checkIn(bookingId: string, operationId: string): Promise<Told | null> {
    const { db } = this.#process
    const here = this.#hereAndNow()
    if (this.patientsWait || here === null || readBooking(db.sql, bookingId) === null) return null
    return await db.transact((sql) => {
      const row = readBooking(sql, bookingId)
      const known = row === null ? null : knownFromFeed(sql, row)
      if (known === null) return null
      const done = checkIn(sql, known, here, { operationId, locale: 'zh-CN' })
      return done.ok ? this.#toldOf(done.ticket) : null
    })
  }

  /** A patient whose slip is held says whether it came out. */
  async answerHeld(cameOut: boolean, operationId: string): Promise<void> {
    const { db } = this.#process
    const here = this.#hereAndNow()
    const held = db.sql
      .prepare<[], { jobId: string; bookingId: string }>(
        `SELECT job_id AS jobId, booking_id AS bookingId FROM print_job WHERE state = 'held' ORDER BY print_no LIMIT 1`,
      )
      .get()
    const row = held === undefined ? null : readBooking(db.sql, held.bookingId)
    const known = row === null ? null : knownFromFeed(db.sql, row)
    if (here === null || held === undefined || known === null) return
    await db.transact((sql) => settleByPatient(sql, known, here, { jobId: held.jobId, cameOut, operationId }))
  }

  /** Something is reported that a release of another day would report. */
  async append(lane: OutboxLane, event: { type: string; body: unknown }): Promise<string> {
    return await this.#process.db.transact((sql) => {
      appendToLane(sql, lane, event, this.#now())
      return lastEventId(this.disk.sql, lane)
    })
  }

  #now(): number {
    return this.#deps.now() + this.clockErrorMs
  }

  #hereAndNow(): HereAndNow | null {
    const { witness } = this.#process
    const place = readStationPlace(this.disk.sql)
    if (place === null) return null
    return { place, siteId: place.site.siteId, calendar: simulatedCalendar, now: this.#now(), witness }
  }

  #toldOf({ bookingId, queueNumber }: CheckInTicket): Told {
    const event = this.disk.sql
      .prepare<[string], { eventId: string; day: string }>(
        `SELECT event_id AS eventId, json_extract(body, '$.day') AS day FROM outbox
         WHERE type = 'patient-arrived' AND json_extract(body, '$.bookingId') = ? ORDER BY local_id DESC LIMIT 1`,
      )
      .get(bookingId)
    if (event === undefined) throw new Error('a check-in without an event')
    return { stationId: this.stationId, bookingId, queueNumber, ...event }
  }

  /** The station's own code on this disk, as its main program puts it together. */
  private startProcess() {
    const { net, bug, stationId, now: trueNow } = this.#deps
    const db = this.disk.asDatabase()
    const startedAt = trueNow()
    // Real ones count fractions of a millisecond, which no column of time holds.
    const monotonic = () => trueNow() - startedAt + 0.25 * (Math.floor(trueNow()) % 4)
    const now = () => this.#now()
    const centreTime = new CentreTime(db, monotonic)
    const nextCounter = async () => {
      this.#counter += 1
      return this.#counter
    }
    const centre = simulatedClient({
      net,
      stationId,
      nextCounter,
      heard: (call, answer) => spoil(bug, call, answer, placesHere(db.sql)),
    })
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const batchSize = new BatchSize()
    const file = {
      read: () => (bug === 'witness-unread' ? null : this.witnessText),
      write: (text: string) => {
        this.witnessText = text
      },
    }
    const witness = new NumberWitness({ file, stationId: this.stationId, monotonic, onUnwritten: () => undefined })
    noticeRewoundDisk(db.sql, { witness, now, log })
    const deps = { db, witness, centre, centreTime, batchSize, monotonic, now, log, appVersion: '0.1.0' }
    const onJobChanged = () => undefined
    const printDeps = { db, printer: this.printer.asDriver(), now, log, onJobChanged }
    const [asides, count] = [new AsideSlips(), new CutCount(monotonic)]
    let greeting: Promise<void> | null = null
    const greeted = async (work: () => Promise<unknown>) => {
      greeting ??= greetCentre(deps)
      try {
        await greeting
      } catch (error) {
        greeting = null
        throw error
      }
      this.patientsWait = this.awaits !== null
      return await work()
    }
    const onForgotten = () => {
      greeting = null
    }
    const pullAndObey = async () => {
      const done = await pullFeed({ ...deps, onChanged: () => undefined, onForgotten })
      await db.transact((sql) => carryOutDecisions(sql, now()))
      return done
    }
    const rounds: Record<StationRound, () => Promise<unknown>> = {
      feed: () => greeted(() => pullAndObey()),
      send: () => greeted(() => sendEvents(deps)),
      lease: () => greeted(() => leaseNumbers(deps)),
      print: () => printNext(printDeps, asides, count),
      purge: () => purge(db, centreTime.certainlyPassed()),
      report: () =>
        greeted(async () => {
          const { now: centreNow, greetAnew } = await centre.report(emptyReport(now()))
          await centreTime.hear(centreNow)
          if (greetAnew === true) await greetCentre(deps)
          witness.noteOutbox(db.sql)
        }),
    }
    return { db, witness, rounds, running: new Set<StationRound>() }
  }

  #noteFailure(round: StationRound, error: unknown): void {
    if (error instanceof NoAnswerError || error instanceof ORPCError) return
    this.#deps.onFault(`${round} of station ${this.letter}: ${String(error)}`)
  }
}

/** Where the station itself stands in a lane. */
interface PlaceHere {
  acked: number
  last: number
}

interface HeldPosition {
  ackedSeq: number
  ackedEventId: string | null
}

function placesHere(sql: SimulatedDisk['sql']): Record<OutboxLane, PlaceHere> {
  const place = (lane: OutboxLane) => ({
    acked: readAcknowledgedSeq(sql, lane),
    last: readOutboxHead(sql, lane).lastSeq,
  })
  return { ops: place('ops'), bulk: place('bulk') }
}

function spoil(
  bug: PlantedBug | null,
  call: CentreCall,
  answer: CentreAnswer,
  here: Record<OutboxLane, PlaceHere>,
): CentreAnswer {
  if (call.name === 'hello' && answer.ok && (bug === 'rollback-unnoticed' || bug === 'restore-unnoticed')) {
    const welcome = answer.value as HeldPosition & { bulk: HeldPosition }
    const seen = ({ ackedSeq }: HeldPosition, { acked, last }: PlaceHere): HeldPosition => ({
      ackedSeq: bug === 'rollback-unnoticed' ? Math.min(ackedSeq, last) : Math.max(ackedSeq, acked),
      ackedEventId: null,
    })
    return { ok: true, value: { ...welcome, ...seen(welcome, here.ops), bulk: seen(welcome.bulk, here.bulk) } }
  }
  if (bug === 'restore-unnoticed' && call.name === 'upload' && !answer.ok && answer.code === 'sequence-gap') {
    return { ok: true, value: { ackedSeq: call.input.events.at(-1)?.seq ?? 0 } }
  }
  return answer
}

function emptyReport(at: number) {
  const prints = { undecidedPrints: 0, failedPrints: 0, openPrints: [] }
  const outbox = { outboxDepth: 0, oldestUnsentAt: null }
  return { at, appVersion: '0.1.0', startedAt: at, devices: [], ...outbox, ...prints, diskFreeBytes: 0 }
}

function lastEventId(sql: SimulatedDisk['sql'], lane: OutboxLane): string {
  const { table } = outboxTables[lane]
  const row = sql
    .prepare<[], { eventId: string }>(`SELECT event_id AS eventId FROM ${table} ORDER BY local_id DESC LIMIT 1`)
    .get()
  if (row === undefined) throw new Error('an empty outbox')
  return row.eventId
}
