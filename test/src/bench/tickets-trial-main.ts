import { randomBytes } from 'node:crypto'
import { startPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { silentLog } from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { insertPrintJob } from '@yizhan/station-server/printing/print-ledger'
import { startPrintLoop } from '@yizhan/station-server/printing/print-loop'
import type { StationDb } from '@yizhan/station-server/storage/station-db'
import { benchSlip } from './bench-slip.ts'
import { openFsyncCount } from './fsync-count.ts'

/**
 * Prints slips back to back through the station's print loop in this process, which may be loaded with the counting shim, and
 * tells on standard output how long it took and how often the disk was waited for.
 */
const [folder = '', port = '', count = ''] = process.argv.slice(2)
const slips = Number(count)

const db = openFixtureDb(folder)
const link = { kind: 'tcp', host: '127.0.0.1', port: Number(port) } as const
const printer = startPrinter(
  { deviceId: 'printer', profile: 'epson-80', link },
  { now: Date.now, log: () => undefined },
)
const syncs = openFsyncCount(process.env)
await new Promise<void>((resolve) => printer.onHealth(({ phase }) => phase === 'ready' && resolve()))
await fillLedger(db)

const syncsAt = { start: syncs?.read() ?? null, firstBytes: [] as number[], end: null as number | null }
const startedAt = performance.now()
let confirmed = 0
const allPrinted = Promise.withResolvers<number>()
const loop = startPrintLoop({
  db,
  printer,
  now: Date.now,
  log: silentLog,
  onFirstByte: () => syncs !== null && syncsAt.firstBytes.push(syncs.read()),
  onJobChanged: ({ state }) => {
    if (state === 'confirmed') confirmed += 1
    if (confirmed === slips) allPrinted.resolve(performance.now() - startedAt)
  },
})
const tookMs = await allPrinted.promise
syncsAt.end = syncs?.read() ?? null
await Promise.all([printer.stop(), loop.stop()])
process.stdout.write(`${JSON.stringify({ tookMs, proved: countProved(db), syncsAt })}\n`)
await db.close()

async function fillLedger({ transact }: StationDb): Promise<void> {
  const now = Date.now()
  await transact((sql) => {
    for (let at = 0; at < slips; at += 1) {
      const [jobId, bookingId] = [uuidV7(now, randomBytes(10)), uuidV7(now, randomBytes(10))]
      const life = { createdAt: now + at, expiresAt: now + 3_600_000 }
      insertPrintJob(sql, { jobId, bookingId, copy: 1, doc: benchSlip(at), locale: 'zh-CN', ...life })
    }
  })
}

/** The rows that ended as the printer proved it, by its process ID and its counter of cuts. */
function countProved({ sql }: StationDb): number {
  const row = sql
    .prepare<[], { n: number }>("SELECT count(*) AS n FROM print_job WHERE state = 'confirmed' AND evidence = 'A'")
    .get()
  return row?.n ?? 0
}
