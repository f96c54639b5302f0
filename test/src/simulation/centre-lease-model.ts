import type { NumberBlock } from '@yizhan/contracts/queue'
import { addDays } from '@yizhan/rules/working-time/hospital-time'
import type { CentreClient } from '@yizhan/station-server/sync/centre-client'
import type { ArrivalFact, CentreAnswer, CentreModelDeps } from './centre-state.ts'
import { simulatedCalendar, simulatedHospital } from './simulated-hospital.ts'

interface LeasedBlock extends NumberBlock {
  stationId: string
  queueLetter: string
}

/** The leases of queue numbers. */
export interface LeaseBook {
  /** The next number of a letter and day. */
  series: Map<string, number>
  blocks: LeasedBlock[]
  /** Moved on by every lease, and by every restore that was noticed to the time. */
  granted: number
  /** The history of the database that these leases are of. */
  history: number
  /** The restore that was noticed last, until which day leases may be forgotten, and who has told its numbers since. */
  restore: { id: string; doubtfulUntil: string; told: string[] } | null
}

/** What the centre's node knows beside its database: how many leases it has granted; null when its files were put back too. */
export interface LeaseWitnessModel {
  granted: number | null
}

/** Nothing leased yet. */
export function emptyLeaseBook(): LeaseBook {
  return { series: new Map(), blocks: [], granted: 0, history: 1, restore: null }
}

/** A centre that starts looks whether it was put back to an older copy; true when it notices that. */
export function noticeModelRestore(
  state: { history: number; leases: LeaseBook },
  { now, witness }: CentreModelDeps,
  drawId: () => string,
): boolean {
  const { leases } = state
  const isOlder = witness.granted === null || witness.granted > leases.granted || leases.history !== state.history
  if (!isOlder) return false
  leases.history = state.history
  beginDoubt(leases, witness, { nowMs: now(), id: drawId() })
  return true
}

/** Takes in which numbers a station holds; answers the restore after which it has yet to tell. */
export function takeToldInModel(
  { leases }: { leases: LeaseBook },
  { bug, now, witness }: CentreModelDeps,
  from: string,
  told: Parameters<CentreClient['hello']>[0]['numbers'],
  drawId: () => string,
): { restore?: string } {
  let raised = false
  const asked = bug !== 'leases-forgotten'
  for (const { clinicId, day, highest } of asked ? (told?.highest ?? []) : []) {
    const key = `${letterOf(clinicId)} ${day}`
    if ((leases.series.get(key) ?? 0) > highest) continue
    leases.series.set(key, highest + 1)
    raised = true
  }
  if (raised) beginDoubt(leases, witness, { nowMs: now(), id: drawId() })
  const { restore } = leases
  if (restore === null || restore.told.includes(from)) return {}
  if (told?.restore !== restore.id) return { restore: restore.id }
  restore.told.push(from)
  return {}
}

/** Whether a station has yet to tell its numbers. */
export function hasYetToTell({ restore }: LeaseBook, from: string): boolean {
  return restore !== null && !restore.told.includes(from)
}

function beginDoubt(leases: LeaseBook, witness: LeaseWitnessModel, { nowMs, id }: { nowMs: number; id: string }): void {
  leases.granted = Math.max(leases.granted, witness.granted ?? 0, nowMs)
  witness.granted = leases.granted
  leases.restore = { id, doubtfulUntil: addDays(simulatedCalendar.dayOf(nowMs), 1), told: [] }
}

function isDoubtful({ restore }: LeaseBook, day: string): boolean {
  if (restore === null || day > restore.doubtfulUntil) return false
  return simulatedHospital.stations.some(({ stationId }) => !restore.told.includes(stationId))
}

function letterOf(clinicId: string): string {
  return simulatedHospital.clinics.find((clinic) => clinic.clinicId === clinicId)?.queueLetter ?? ''
}

const highestNumber = 9999

/** Leases the next numbers of a day; the same block id gets the same block again. */
export function leaseFromModel(
  state: { leases: LeaseBook; arrivals: readonly ArrivalFact[] },
  { bug, witness }: CentreModelDeps,
  question: { stationId: string; blockId: string; clinicId: string; day: string; count: number },
): CentreAnswer {
  const { stationId, blockId, clinicId, day, count } = question
  const clinic = simulatedHospital.clinics.find((one) => one.clinicId === clinicId)
  if (clinic === undefined) return { ok: false, code: 'clinic-unknown', status: 404 }
  const { series, blocks } = state.leases
  const before = blocks.find((block) => block.blockId === blockId)
  if (before !== undefined) return answerAgain(before, question)
  if (bug !== 'leases-forgotten' && isDoubtful(state.leases, day))
    return { ok: false, code: 'numbers-in-doubt', status: 409 }
  const { queueLetter } = clinic
  const key = `${queueLetter} ${day}`
  const known = bug === 'lease-given-twice' ? 1 : nextAboveKnown(state, queueLetter, day)
  const first = bug === 'naive-numbers' ? 1 : Math.max(series.get(key) ?? 1, known)
  const last = Math.min(first + count - 1, highestNumber)
  if (first > last) return { ok: false, code: 'series-exhausted', status: 409 }
  if (bug === 'lease-given-twice' && blocks.length % 2 === 1) series.delete(key)
  else series.set(key, last + 1)
  state.leases.granted += 1
  witness.granted = state.leases.granted
  blocks.push({ blockId, clinicId, day, first, last, stationId, queueLetter })
  return { ok: true, value: { blockId, clinicId, day, first, last } satisfies NumberBlock }
}

function answerAgain(
  { stationId, clinicId, day, blockId, first, last }: LeasedBlock,
  question: { stationId: string; clinicId: string; day: string },
): CentreAnswer {
  const same = stationId === question.stationId && clinicId === question.clinicId && day === question.day
  if (!same) return { ok: false, code: 'CONFLICT', status: 409 }
  return { ok: true, value: { blockId, clinicId, day, first, last } satisfies NumberBlock }
}

/** Above every leased block and every number that a patient has come with. */
function nextAboveKnown(
  { leases, arrivals }: { leases: LeaseBook; arrivals: readonly ArrivalFact[] },
  queueLetter: string,
  day: string,
): number {
  const leased = leases.blocks.filter((block) => block.queueLetter === queueLetter && block.day === day)
  const arrived = arrivals
    .filter((arrival) => arrival.day === day)
    .map(({ queueNumber }) => new RegExp(`^${queueLetter}(\\d{3,4})$`).exec(queueNumber)?.[1])
    .filter((digits) => digits !== undefined)
  return Math.max(0, ...leased.map(({ last }) => last), ...arrived.map(Number)) + 1
}
