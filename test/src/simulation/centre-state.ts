import type { StationEvent } from '@yizhan/contracts/sync'
import type { SeenCounters } from '@yizhan/crm-server/sync/replay-window'
import type { CentreClient } from '@yizhan/station-server/sync/centre-client'
import type { CentreFeed } from './centre-feed-model.ts'
import type { CentreInbox } from './centre-inbox-model.ts'
import type { LeaseBook, LeaseWitnessModel } from './centre-lease-model.ts'
import type { PlantedBug } from './planted-bug.ts'

type CallName = 'hello' | 'upload' | 'pull' | 'leaseNumbers' | 'report'

/** A call of a station to the centre. */
export type CentreCall = {
  [Name in CallName]: { name: Name; input: Parameters<CentreClient[Name]>[0] }
}[CallName]

/** What the centre answers: a value, or a refusal of the contract. */
export type CentreAnswer =
  | { ok: true; value: unknown }
  | { ok: false; code: string; status: number; data?: Record<string, unknown> }

/** Everything that the centre's database holds; plain data, so that a backup of it is a copy. */
export interface CentreState extends CentreFeed, CentreInbox {
  counters: Map<string, SeenCounters>
  leases: LeaseBook
  arrivals: ArrivalFact[]
  prints: Map<string, PrintFact>
}

/** An arrival as the centre holds it; an alias calls the same place in line as the arrival that counts. */
export interface ArrivalFact {
  arrivalId: string
  stationId: string
  epoch: number
  seq: number
  bookingId: string
  day: string
  queueNumber: string
  arrivedAt: number
  hlc: string | null
  aliasOf: string | null
}

/** How a slip ended, as its station last told. */
export type PrintFact = Extract<StationEvent, { type: 'ticket-print-settled' }>['body'] & { epoch: number; seq: number }

/** What the model is given to work with. */
export interface CentreModelDeps {
  now: () => number
  bug: PlantedBug | null
  witness: LeaseWitnessModel
  drawId: () => string
  /** Rows in a page of the feed at most, so that a small hospital has several. */
  pageRows: number
}
