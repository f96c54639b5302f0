import { setTimeout as sleep } from 'node:timers/promises'
import type { DrillResult } from './drill-verdict.ts'
import { changeBookings, makeBookings } from './drilled-hospital.ts'
import type { AuditFindings } from './kill-audit.ts'
import { type PatientBooking, type Patients, startPatients } from './patients.ts'
import { auditHall, findOpenEnds, type ToldTicket } from './proxy-audit.ts'
import { drawStorm } from './proxy-fault.ts'
import { openProxyHall, type ProxyHall } from './proxy-hall.ts'
import { raiseStorm } from './proxy-strike.ts'
import { seededRandom } from './seeded-random.ts'

/** How a proxy trial goes: on which disks, and whether each of them is small and used by nobody else. */
export interface ProxyTrialPlan {
  kills: number
  seed: number
  disks: { centre: string; stations: readonly string[]; small: boolean }
  say: (line: string) => void
}

const screensPerStation = 2
const patientsPerStation = 12
/** Patients who go to two stations, because the first looked broken. */
const wanderersPerRound = 2
const longestPauseMs = 400
/** Back-off at a station ends after 15 s, and so does a call that a silent centre holds; twice that, and a slow machine. */
const restWithinMs = 120_000
const lookEveryMs = 250
/** In the middle of most storms. */
const deskAfterMs = 1000

/** What was counted and told over all rounds. */
interface Tally {
  told: ToldTicket[]
  faults: Map<string, number>
  findings: AuditFindings
  words: string[]
  serial: number
  slowestRestMs: number
}

/** Lets one storm after another loose on a hall while patients check in; after each the hall must come to rest and be right. */
export async function runProxyTrial({ kills, seed, disks, say }: ProxyTrialPlan): Promise<DrillResult> {
  const hall = await openProxyHall(disks, seed)
  const findings = { lost: [], duplicated: [], torn: [] }
  const tally: Tally = { told: [], faults: new Map(), findings, words: [], serial: 1, slowestRestMs: 0 }
  let rounds = 0
  try {
    while (rounds < kills && countFindings(tally.findings) === 0) {
      rounds += 1
      await runRound(hall, tally, { seed, round: rounds, smallDisks: disks.small })
      const faults = [...tally.faults.values()].reduce((sum, n) => sum + n, 0)
      say(`round ${rounds}: ${tally.told.length} acknowledged, ${faults} faults`)
    }
  } finally {
    await hall.stop()
  }
  return verdictOf(tally, {
    seed,
    rounds,
    corrupted: hall.stations.reduce((sum, { proxy }) => sum + proxy.corrupted(), 0),
  })
}

async function runRound(
  hall: ProxyHall,
  tally: Tally,
  { seed, round, smallDisks }: { seed: number; round: number; smallDisks: boolean },
): Promise<void> {
  const random = seededRandom(seed * 1009 + round)
  const plan = drawStorm(random, hall.stations.length, { smallDisks })
  const { crowd, changed } = await bookRound(hall, tally)
  const begunAt = performance.now()
  const trace: string[] = []
  const note = (kind: string, where: string) => {
    trace.push(`  ${Math.round(performance.now() - begunAt)} ms: ${kind} at ${where}`)
    tally.faults.set(kind, (tally.faults.get(kind) ?? 0) + 1)
  }
  const patients = hall.stations.map((station, at) =>
    startPatients(crowd[at] ?? [], {
      screens: screensPerStation,
      client: () => station.client(),
      pauseMs: () => random() * longestPauseMs,
      random,
    }),
  )
  const desk = workAtDesk(hall, changed, () => trace.push('  the desk found no database'))
  await raiseStorm(hall, plan, { log: { note }, random: seededRandom(seed * 1013 + round) })
  await desk
  trace.push(`  ${Math.round(performance.now() - begunAt)} ms: everything is well again`)
  const served = await Promise.all(patients.map(untilServed))
  for (const [at, those] of patients.entries()) {
    const stationId = hall.stations[at]?.stationId ?? ''
    tally.told.push(...those.acknowledged().map((one) => ({ ...one, stationId })))
  }
  const found = await judgeRound(hall, tally)
  found.torn.push(...served.flat())
  if (countFindings(found) === 0) return
  tally.findings = found
  const again = `again: npm run drill -- proxy --count ${round} --seed ${seed}`
  tally.words.push(`round ${round}:`, ...trace, ...Object.values(found).flat(), again)
}

/** Books the patients of a round, and waits until every station knows them; the desk changes two others meanwhile. */
async function bookRound(
  hall: ProxyHall,
  tally: Tally,
): Promise<{ crowd: PatientBooking[][]; changed: PatientBooking[] }> {
  const count = hall.stations.length * patientsPerStation + 2
  const booked = await hall.atDesk((desk) => makeBookings(desk, count, tally.serial))
  tally.serial += count
  await untilAtRest(hall)
  const crowd = hall.stations.map((_, at) => booked.slice(at * patientsPerStation, (at + 1) * patientsPerStation))
  const [first = [], second = []] = crowd
  second.push(...first.slice(-wanderersPerRound))
  return { crowd, changed: booked.slice(-2) }
}

/** The desk works in the middle of the storm; whether its database takes it is part of that. */
async function workAtDesk(hall: ProxyHall, changed: readonly PatientBooking[], turnedAway: () => void): Promise<void> {
  await sleep(deskAfterMs)
  await hall.atDesk((desk) => changeBookings(desk, changed)).catch(turnedAway)
}

/** Resolves with what those heard last who were not served in time; usually nobody. */
async function untilServed(patients: Patients): Promise<string[]> {
  const late = new AbortController()
  const patience = sleep(restWithinMs, false, { signal: late.signal }).catch(() => false)
  const served = await Promise.race([patients.served.then(() => true), patience])
  late.abort()
  return served ? [] : patients.giveUp()
}

/** Resolves with what is still open when the hall does not come to rest; usually nothing is. */
async function untilAtRest(hall: ProxyHall): Promise<string[]> {
  const startedAt = performance.now()
  for (;;) {
    const open = await findOpenEnds(hall).catch((error: unknown) => [`the centre's database: ${String(error)}`])
    if (open.length === 0 || performance.now() - startedAt > restWithinMs) return open
    await sleep(lookEveryMs)
  }
}

/** What is wrong once everything is well again. */
async function judgeRound(hall: ProxyHall, tally: Tally): Promise<AuditFindings> {
  const startedAt = performance.now()
  const open = await untilAtRest(hall)
  tally.slowestRestMs = Math.max(tally.slowestRestMs, performance.now() - startedAt)
  const found = await auditHall(hall, tally.told)
  return { ...found, torn: [...found.torn, ...open] }
}

function countFindings({ lost, duplicated, torn }: AuditFindings): number {
  return lost.length + duplicated.length + torn.length
}

function verdictOf(
  { told, faults, findings, words, slowestRestMs }: Tally,
  { seed, rounds, corrupted }: { seed: number; rounds: number; corrupted: number },
): DrillResult {
  const [lost, duplicated, torn] = [findings.lost.length, findings.duplicated.length, findings.torn.length]
  const kinds = Object.fromEntries([...faults].sort(([a], [b]) => (a < b ? -1 : 1)))
  const counted = {
    operations: new Set(told.map(({ stationId, bookingId }) => stationId + bookingId)).size,
    faults: [...faults.values()].reduce((sum, n) => sum + n, 0),
  }
  const figures = { rounds, ...kinds, chunksCorrupted: corrupted, slowestRestMs: Math.round(slowestRestMs) }
  const ok = lost + duplicated + torn === 0
  return { verdict: { name: 'proxy', seed, ...counted, lost, duplicated, torn, ok, figures }, findings: words }
}
