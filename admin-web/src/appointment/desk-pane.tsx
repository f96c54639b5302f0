import type { WhoAmI } from '@yizhan/contracts/access'
import type { DayBoardRow } from '@yizhan/contracts/appointment'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { CancelBooking } from './cancel-booking.tsx'
import { MoveBooking } from './move-booking.tsx'
import { NewBooking } from './new-booking.tsx'

/** What the desk is doing beside looking at the board. */
export type DeskWork = { kind: 'new' } | { kind: 'move' | 'cancel'; row: DayBoardRow } | null

interface Props {
  work: DeskWork
  /** The day that a new booking is offered first. */
  day: string
  dates: AdminDates
  who: WhoAmI
  onClose(): void
  onChanged(): Promise<void>
}

/** The panes beside the board: book, move, cancel; at most one is open. */
export function DeskPane({ work, day, dates, who, onClose, onChanged }: Props) {
  const rowOf = (kind: 'move' | 'cancel') => (work?.kind === kind ? work.row : null)
  return (
    <>
      <NewBooking
        open={work?.kind === 'new'}
        day={day}
        dates={dates}
        who={who}
        onClose={onClose}
        onBooked={onChanged}
      />
      <MoveBooking row={rowOf('move')} dates={dates} who={who} onClose={onClose} onMoved={onChanged} />
      <CancelBooking row={rowOf('cancel')} dates={dates} onClose={onClose} onCancelled={onChanged} />
    </>
  )
}
