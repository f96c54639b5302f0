import { statfs } from 'node:fs/promises'
import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationReport } from '@yizhan/contracts/sync'
import { countPrintTroubles, readOpenPrintJobs } from '../printing/print-ledger.ts'
import type { StationDb } from '../storage/station-db.ts'
import { measureOutbox } from '../sync/outbox.ts'

/** What a report is made from. */
export interface ReportSource {
  db: StationDb
  dataFolder: string
  appVersion: string
  startedAt: number
  devices: () => DeviceHealth[]
  now: () => number
}

/** The station's own account of itself for the centre; nothing of any patient. */
export async function makeReport(source: ReportSource): Promise<StationReport> {
  const outbox = measureOutbox(source.db.sql)
  const prints = countPrintTroubles(source.db.sql)
  const disk = await statfs(source.dataFolder)
  return {
    at: source.now(),
    appVersion: source.appVersion,
    startedAt: source.startedAt,
    devices: source.devices(),
    outboxDepth: outbox.depth,
    oldestUnsentAt: outbox.oldestUnsentAt,
    undecidedPrints: prints.undecided,
    failedPrints: prints.failed,
    openPrints: openPrints(source.db),
    diskFreeBytes: disk.bavail * disk.bsize,
  }
}

/** What the contract lets one report carry; a station with more slips in trouble needs a person, not a longer list. */
const maxOpenPrints = 20

function openPrints({ sql }: StationDb): StationReport['openPrints'] {
  return readOpenPrintJobs(sql, maxOpenPrints).flatMap(({ jobId, bookingId, state, reason, copy, changedAt }) =>
    state === 'queued' || state === 'sending' || state === 'held'
      ? [{ jobId, bookingId, state, reason, copy, since: changedAt }]
      : [],
  )
}
