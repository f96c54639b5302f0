import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TraceEvent } from '../fault/syscall-trace.ts'
import { whyNoRecorder } from '../fault/syscall-trace.ts'
import type { DrillResult, DrillVerdict } from './drill-verdict.ts'
import { recordCentre } from './power-cut-centre.ts'
import { recordStation } from './power-cut-station.ts'
import type { RecordedLife } from './recorded-life.ts'
import { seededRandom } from './seeded-random.ts'

/** How a power-cut drill goes. */
export interface PowerCutDrillPlan {
  /** How many times the power goes. */
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

/** PostgreSQL recovers in a second or two, a station's database in a tenth of one. */
const stationCutsPerCentreCut = 5

/**
 * Records every write and every sync of a station that checks patients in, and of a centre that is told of them, then cuts the power at
 * many points of the record: half of the cuts drop everything that was not synced, half let some of it arrive, some of that torn. What had been acknowledged must be
 * there, and the database must open; where nothing arrived torn, without a rebuild.
 */
export async function runPowerCutDrill({ kills, seed, say }: PowerCutDrillPlan): Promise<DrillResult> {
  const reason = whyNoRecorder()
  if (reason !== null) {
    const nothing = { operations: 0, faults: 0, lost: 0, duplicated: 0, torn: 0 }
    return {
      verdict: { name: 'power-cut', seed, ...nothing, ok: false },
      findings: [`nothing was recorded: ${reason}`],
    }
  }
  const root = mkdtempSync(join(tmpdir(), 'yz-power-cut-'))
  try {
    const station = await cutOften('power-cut, station', await recordStation(root), { kills, seed, say })
    const cuts = Math.ceil(kills / stationCutsPerCentreCut)
    const centre = await cutOften('power-cut, centre', await recordCentre(root), { kills: cuts, seed, say })
    return summedUp([station, centre], seed)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function summedUp(results: readonly DrillResult[], seed: number): DrillResult {
  const parts = results.map(({ verdict }) => verdict)
  const sum = (of: (verdict: DrillVerdict) => number) => parts.reduce((total, verdict) => total + of(verdict), 0)
  return {
    parts,
    verdict: {
      name: 'power-cut',
      seed,
      operations: sum(({ operations }) => operations),
      faults: sum(({ faults }) => faults),
      lost: sum(({ lost }) => lost),
      duplicated: 0,
      torn: sum(({ torn }) => torn),
      ok: parts.every(({ ok }) => ok),
    },
    findings: results.flatMap(({ findings }) => findings),
  }
}

async function cutOften(
  name: string,
  life: RecordedLife,
  { kills, seed, say }: PowerCutDrillPlan,
): Promise<DrillResult> {
  const random = seededRandom(seed)
  const places = drawPlaces(life.events, kills, random)
  const [lost, torn]: [string[], string[]] = [[], []]
  let rebuilt = 0
  say(`${name}: ${life.events.length} events, ${syncPlaces(life.events).length} of them syncs`)
  for (const [n, at] of places.entries()) {
    const dropsAll = n % 2 === 0
    const outcome = await life.cut(at, dropsAll ? null : random).catch((error: unknown) => String(error))
    if (typeof outcome === 'string') torn.push(`cut ${n} before event ${at}: does not open: ${outcome}`)
    else {
      lost.push(...outcome.lost)
      if (outcome.rebuilt) rebuilt += 1
      if (outcome.rebuilt && dropsAll) torn.push(`cut ${n} before event ${at}: opened only after a rebuild`)
    }
    if ((n + 1) % 50 === 0) say(`${name}: ${n + 1} cuts, ${lost.length} lost, ${rebuilt} rebuilt`)
  }
  const figures = { events: life.events.length, syncs: syncPlaces(life.events).length, rebuiltAfterTornWrites: rebuilt }
  const verdict: DrillVerdict = {
    name,
    seed,
    operations: life.said,
    faults: places.length,
    lost: lost.length,
    duplicated: 0,
    torn: torn.length,
    ok: lost.length + torn.length === 0,
    figures,
  }
  return { verdict, findings: [...lost, ...torn] }
}

/** Where the power goes: right after syncs, and anywhere between, in turn; each place for both ways of cutting. */
function drawPlaces(events: readonly TraceEvent[], count: number, random: () => number): number[] {
  const syncs = syncPlaces(events)
  return Array.from({ length: Math.ceil(count / 2) }, (_, n) => {
    const sync = syncs[Math.floor(random() * syncs.length)] ?? 0
    return n % 2 === 0 ? sync + 1 : Math.floor(random() * (events.length + 1))
  })
    .flatMap((at) => [at, at])
    .slice(0, count)
}

function syncPlaces(events: readonly TraceEvent[]): number[] {
  return events.flatMap(({ kind }, at) => (kind === 'sync' ? [at] : []))
}
