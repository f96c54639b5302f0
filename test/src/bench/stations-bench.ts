import { type BenchLine, type Comparison, compareCosts, median, percentile } from './bench-line.ts'
import { type FleetFigures, runFleet } from './stations-run.ts'

const stations = 1000
const killed = 100
const eventsEach = 200
const idleMs = 20_000
/** So long is a centre away that is started anew by hand: the wait of its stations has doubled a few times. */
const outageMs = 10_000
/** The drain at 500 events a second that a station has to hold by itself is far below; a hall notices a minute. */
const goals = { offlineMs: 45_000, backMs: 60_000, drainMs: 60_000, kbEach: 50 }
/** In the storm a person's page may take so many times its idle time. */
const boardGoal = 1 / 5

/** A thousand stations on one centre process: silence, return, a storm of uploads, and what a station costs in memory. */
export async function benchStations(): Promise<BenchLine[]> {
  const figures = await runFleet({ stations, killed, eventsEach, idleMs, outageMs })
  if (figures.unsent > 0) throw new Error(`${figures.unsent} events were never sent`)
  const sent = (stations - killed) * eventsEach
  if (figures.stored !== sent) throw new Error(`the centre has ${figures.stored} of ${sent} events`)
  return linesOf(figures)
}

function linesOf({ bytesEach, offlineSeen, allBack, drainMs, board }: FleetFigures): BenchLine[] {
  const [firstBack = Number.NaN, stormBack = Number.NaN] = allBack
  const against = (name: string, unit: string, ours: number, other: number, runs: number): Comparison =>
    compareCosts({ name: `stations, ${name}`, unit, ours, other, otherName: 'the goal itself', goal: 1, runs })
  const boardAt = (name: string, share: number): Comparison =>
    compareCosts({
      name: `stations, board in the storm, ${name}`,
      unit: 'ms',
      ours: percentile(board.storm, share),
      other: percentile(board.idle, share),
      otherName: 'the same without a storm',
      goal: boardGoal,
      runs: board.storm.length,
    })
  return [
    against('memory of each, garbage collected', 'kB', bytesEach.used / 1000, goals.kbEach, stations),
    against('memory of each, resident', 'kB', bytesEach.resident / 1000, goals.kbEach, stations),
    against('offline seen, median', 's', median(offlineSeen) / 1000, goals.offlineMs / 1000, killed),
    against('offline seen, p99', 's', percentile(offlineSeen, 0.99) / 1000, goals.offlineMs / 1000, killed),
    against('offline seen, last', 's', Math.max(...offlineSeen) / 1000, goals.offlineMs / 1000, killed),
    against('all back after a restart', 's', firstBack / 1000, goals.backMs / 1000, 1),
    against('all back in the storm', 's', stormBack / 1000, goals.backMs / 1000, 1),
    against('storm drained', 's', drainMs / 1000, goals.drainMs / 1000, 1),
    boardAt('p50', 0.5),
    boardAt('p99', 0.99),
  ]
}
