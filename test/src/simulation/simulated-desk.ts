import type { BookingRow } from '@yizhan/contracts/appointment'
import type { FeedKind } from '@yizhan/contracts/sync'
import { decisionsFor } from '@yizhan/rules/printing/slip-decision'
import { beginTransaction, endTransaction } from './centre-feed-model.ts'
import type { CentreState } from './centre-state.ts'
import type { Chance } from './chance.ts'
import { drawBooking } from './simulated-hospital.ts'

/** A transaction of the desk's that has begun; `end` commits it. */
export interface DeskWork {
  words: string
  end(): void
}

/** Members of staff at the centre's own screens: they book, cancel, move, and decide about slips. */
export interface SimulatedDesk {
  book(): DeskWork
  cancel(bookingId: string): DeskWork
  move(bookingId: string): DeskWork
  decide(jobId: string): DeskWork
}

interface DeskDeps {
  /** The centre's state at this moment; another one after a restore. */
  state: () => CentreState
  chance: Chance
  now: () => number
  drawId: () => string
}

type Changed = { kind: FeedKind; key: string }[]

/** Opens the desk. A transaction that a restore of the centre cut off leaves no trace. */
export function openDesk(deps: DeskDeps): SimulatedDesk {
  let serial = 0
  const begin = (words: string, work: (state: CentreState) => Changed): DeskWork => {
    const begunIn = deps.state()
    const xid = beginTransaction(begunIn)
    return {
      words,
      end() {
        if (deps.state() !== begunIn) return
        const changed = work(begunIn)
        endTransaction(
          begunIn,
          xid,
          changed.map((change) => ({ changeId: deps.drawId(), ...change })),
        )
      },
    }
  }
  const draw = () => {
    serial += 1
    return drawBooking(deps.chance, deps.now(), serial)
  }
  return {
    book() {
      const row = draw()
      return begin('the desk books', (state) => put(state, row))
    },
    cancel: (bookingId) =>
      begin('the desk cancels', (state) => {
        const row = state.bookings.get(bookingId)
        if (row?.state !== 'booked') return []
        return put(state, { ...row, state: 'cancelled', version: row.version + 1 })
      }),
    move(bookingId) {
      const { bookingId: newId, code, slotStart, slotEnd } = draw()
      return begin('the desk moves a booking', (state) => {
        const row = state.bookings.get(bookingId)
        if (row?.state !== 'booked') return []
        const moved = { ...row, state: 'rescheduled', movedTo: slotStart, version: row.version + 1 } as const
        return [...put(state, moved), ...put(state, { ...row, bookingId: newId, code, slotStart, slotEnd, version: 1 })]
      })
    },
    decide: (jobId) =>
      begin('the desk decides about a slip', (state) => {
        const slipState = state.prints.get(jobId)?.state ?? 'queued'
        const possible = decisionsFor(slipState)
        if (possible.length === 0) return []
        state.decisions.set(jobId, { jobId, decision: deps.chance.pick(possible), decidedAt: deps.now() })
        return [{ kind: 'print-settlement', key: jobId }]
      }),
  }
}

function put(state: CentreState, row: BookingRow): Changed {
  state.bookings.set(row.bookingId, row)
  return [{ kind: 'booking', key: row.bookingId }]
}
