import type { NumberBlock } from '@yizhan/contracts/queue'
import type { ArrivalFact, CentreAnswer, CentreModelDeps } from './centre-state.ts'
import { simulatedHospital } from './simulated-hospital.ts'

interface LeasedBlock extends NumberBlock {
  stationId: string
  queueLetter: string
}

/** The leases of queue numbers. */
export interface LeaseBook {
  /** The next number of a letter and day. */
  series: Map<string, number>
  blocks: LeasedBlock[]
}

/** Nothing leased yet. */
export function emptyLeaseBook(): LeaseBook {
  return { series: new Map(), blocks: [] }
}

const highestNumber = 9999

/** Leases the next numbers of a day; the same block id gets the same block again. */
export function leaseFromModel(
  state: { leases: LeaseBook; arrivals: readonly ArrivalFact[] },
  { bug }: CentreModelDeps,
  question: { stationId: string; blockId: string; clinicId: string; day: string; count: number },
): CentreAnswer {
  const { stationId, blockId, clinicId, day, count } = question
  const clinic = simulatedHospital.clinics.find((one) => one.clinicId === clinicId)
  if (clinic === undefined) return { ok: false, code: 'clinic-unknown', status: 404 }
  const { series, blocks } = state.leases
  const before = blocks.find((block) => block.blockId === blockId)
  if (before !== undefined) return answerAgain(before, question)
  const { queueLetter } = clinic
  const key = `${queueLetter} ${day}`
  const known = bug === 'lease-given-twice' ? 1 : nextAboveKnown(state, queueLetter, day)
  const first = bug === 'naive-numbers' ? 1 : Math.max(series.get(key) ?? 1, known)
  const last = Math.min(first + count - 1, highestNumber)
  if (first > last) return { ok: false, code: 'series-exhausted', status: 409 }
  if (bug === 'lease-given-twice' && blocks.length % 2 === 1) series.delete(key)
  else series.set(key, last + 1)
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
