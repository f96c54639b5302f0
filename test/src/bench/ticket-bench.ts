import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { bookingChange, fixtureBooking, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { identifyTyped } from '@yizhan/station-server/fixture/station-fixture'
import { prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import { type StationProcess, startStationProcess } from '../drill/station-process.ts'
import { type BenchLine, type Comparison, compareCosts, median, percentile } from './bench-line.ts'
import { type PrinterWire, startPrinterWire } from './printer-wire.ts'
import { rasterBytes } from './raster-peer.ts'

const checkIns = 150
/** The first ones meet a station whose code is not compiled yet; a lobby's station has been up since dawn. */
const warmUps = 20
const goals = { committedMs: 50, firstByteMs: 150, ticketBytes: 700 }
/** A printer that takes longer than this for one slip is stuck. */
const slipPatienceMs = 10_000
/** Four bytes in GB18030: the character that other printers' text paths lose. */
const rareName = '张䶮'

interface TicketTimes {
  committedMs: number
  firstByteMs: number
  bytes: number
}

/** From the tap to the committed answer and to the slip's first byte at the printer, over the real call and the real wire. */
export async function benchTicket(): Promise<BenchLine[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-bench-ticket-'))
  const now = Date.now()
  const rows = Array.from({ length: warmUps + checkIns }, (_, at) => fixtureBooking(now, at, { doctorName: rareName }))
  await prepareStationFolder(folder, [...fixtureStructure(), ...rows.map(bookingChange)], 999)
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 2000, paperMm: 1_000_000, now: Date.now })
  const wire = await startPrinterWire(printer.port)
  const station = await startStationProcess(folder, wire.port)
  try {
    const times: TicketTimes[] = []
    for (const row of rows) {
      times.push(await timeOne(station, wire, row))
      await untilCut(printer.journal, times.length)
    }
    const lines = printer.journal().at(-1)?.lines ?? []
    if (!textOfSlip(lines).includes(rareName)) throw new Error(`${rareName} did not reach the paper`)
    const heightDots = lines.reduce((sum, line) => sum + line.heightDots, 0)
    return compare(times.slice(warmUps), await rasterBytes(heightDots))
  } finally {
    await station.stop()
    await wire.stop()
    await printer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timeOne({ client }: StationProcess, wire: PrinterWire, row: BookingRow): Promise<TicketTimes> {
  const { sessionId } = await identifyTyped(client, row.code, row.phoneLast4 ?? '')
  const before = wire.slips().length
  const asked = { sessionId, bookingId: row.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  const tappedAt = performance.now()
  await client.checkIn.commit(asked)
  const committedMs = performance.now() - tappedAt
  await untilTrue(() => wire.slips().length > before, 'no slip went to the printer')
  const slip = wire.slips()[before]
  if (slip === undefined) throw new Error('the wire lost a slip')
  // The bytes are final once the slip has been cut; read then.
  return {
    committedMs,
    firstByteMs: slip.firstByteAt - tappedAt,
    get bytes() {
      return slip.bytes
    },
  }
}

async function untilCut(journal: () => readonly unknown[], slips: number): Promise<void> {
  await untilTrue(() => journal().length >= slips, 'a slip was not cut')
}

async function untilTrue(isTrue: () => boolean, complaint: string): Promise<void> {
  const startedAt = performance.now()
  while (!isTrue()) {
    if (performance.now() - startedAt > slipPatienceMs) throw new Error(complaint)
    await sleep(1)
  }
}

function compare(times: readonly TicketTimes[], raster: number): BenchLine[] {
  const against = (name: string, unit: string, ours: number, other: number, otherName: string): Comparison =>
    compareCosts({ name: `ticket, ${name}`, unit, ours, other, otherName, goal: 1, runs: times.length })
  const committed = times.map(({ committedMs }) => committedMs)
  const firstByte = times.map(({ firstByteMs }) => firstByteMs)
  const bytes = times.map((time) => time.bytes)
  return [
    against('bytes, median', 'bytes', median(bytes), raster, 'the same slip as one raster by node-thermal-printer'),
    against('bytes, largest', 'bytes', Math.max(...bytes), goals.ticketBytes, 'the goal itself'),
    against('tap to committed, p50', 'ms', median(committed), goals.committedMs, 'the goal of the p95'),
    against('tap to committed, p95', 'ms', percentile(committed, 0.95), goals.committedMs, 'the goal itself'),
    against('tap to first printer byte, p50', 'ms', median(firstByte), goals.firstByteMs, 'the goal of the p95'),
    against('tap to first printer byte, p95', 'ms', percentile(firstByte, 0.95), goals.firstByteMs, 'the goal itself'),
  ]
}
