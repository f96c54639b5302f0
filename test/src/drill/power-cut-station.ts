import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { openDamagedFolder } from '@yizhan/station-server/fixture/damaged-folder'
import { bookingChange, fixtureBooking, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import { readTrace, recorderCommand, type TraceEvent } from '../fault/syscall-trace.ts'
import { startPatients } from './patients.ts'
import { untilPrinted } from './print-queue.ts'
import { type CutOutcome, type CutPlace, layOut, type RecordedLife, untilRecorded } from './recorded-life.ts'
import { startStationProcess } from './station-process.ts'

/** Enough that the log is copied into the database and begun anew: 33 kB of log a patient, and that happens at 4 MiB. */
const patients = 160

/** Records a station's life: patients check in, slips are printed, and then it is killed. */
export async function recordStation(root: string): Promise<RecordedLife> {
  const [folder, before, traceFile] = [join(root, 'station'), join(root, 'before'), join(root, 'trace')]
  mkdirSync(folder)
  const bookings = Array.from({ length: patients }, (_, at) => fixtureBooking(Date.now(), at))
  await prepareStationFolder(folder, [...fixtureStructure(), ...bookings.map(bookingChange)], patients)
  // Its 32 MiB would be most of the trace, and nothing is ever read from it.
  writeFileSync(join(folder, 'ballast'), '')
  execFileSync('cp', ['-a', folder, before])
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 5000, paperMm: 10_000_000, now: Date.now })
  const station = await startStationProcess(folder, printer.port, 'epson-80', {}, recorderCommand(traceFile))
  try {
    const deps = { screens: 2, client: () => station.client, pauseMs: () => 0, random: () => 1 }
    await startPatients(bookings, deps).served
    await untilPrinted(folder)
  } finally {
    await station.kill()
    await printer.stop()
  }
  await untilRecorded(traceFile)
  const events = readTrace(traceFile, folder)
  const place = { folder, before, cutFolder: join(root, 'cut') }
  return { events, said: numbersSaid(events).size, cut: (at, random) => cutStation(events, at, place, random) }
}

async function cutStation(
  events: readonly TraceEvent[],
  at: number,
  place: CutPlace,
  random: (() => number) | null,
): Promise<CutOutcome> {
  layOut(events.slice(0, at), place, random)
  const { db, rebuilt } = openDamagedFolder(place.cutFolder)
  const kept = new Set(
    db.sql
      .prepare<[], { queueNumber: string }>('SELECT queue_number AS queueNumber FROM arrival')
      .all()
      .map(({ queueNumber }) => queueNumber),
  )
  await db.close()
  const lost = [...numbersSaid(events.slice(0, at))].filter((number) => !kept.has(number))
  return {
    lost: lost.map((number) => `${number} was said before event ${at} and is not there`),
    rebuilt: rebuilt !== null,
  }
}

/** Every queue number that went out to somebody. */
function numbersSaid(events: readonly TraceEvent[]): Set<string> {
  const texts = events.flatMap((event) => (event.kind === 'said' ? [event.bytes.toString('latin1')] : []))
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/"queueNumber":"([^"]+)"/g)].map(([, number = '']) => number)),
  )
}
