import { useQuery } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { CreatedBooking } from '@yizhan/contracts/appointment'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { BookingForm } from './booking-form.tsx'
import { BookingHandout, type Handout } from './booking-handout.tsx'

interface Props {
  open: boolean
  /** The day that the form offers first. */
  day: string
  dates: AdminDates
  who: WhoAmI
  onClose(): void
  onBooked(): Promise<void>
}

/** The pane in which a desk books a time and gets the code and QR to hand over. */
export function NewBooking({ open, day, dates, who, onClose, onBooked }: Props) {
  const say = useSay()
  const [made, setMade] = useState<Handout | null>(null)
  const close = () => {
    setMade(null)
    onClose()
  }
  return (
    <SideDrawer
      title={say(made === null ? 'booking.form.title' : 'booking.made.title')}
      open={open}
      closeLabel={say('app.close')}
      onClose={close}
    >
      {made === null ? (
        <FormWithStructure
          day={day}
          dates={dates}
          onBooked={async (created, about) => {
            setMade({ ...about, created })
            await onBooked()
          }}
        />
      ) : (
        <BookingHandout handout={made} dates={dates} who={who} onAnother={() => setMade(null)} />
      )}
    </SideDrawer>
  )
}

interface FormProps {
  day: string
  dates: AdminDates
  onBooked(created: CreatedBooking, about: Omit<Handout, 'created'>): Promise<void>
}

function FormWithStructure({ day, dates, onBooked }: FormProps) {
  const say = useSay()
  const { client } = useServices()
  const structure = useQuery({ queryKey: ['structure'], queryFn: () => client.tenant.structure() })
  if (structure.data !== undefined) {
    return <BookingForm structure={structure.data} day={day} dates={dates} onBooked={onBooked} />
  }
  return structure.isError ? (
    <LoadProblem error={structure.error} staleTime={null} onRetry={() => structure.refetch()} />
  ) : (
    <SkeletonRows rows={8} label={say('app.loading')} />
  )
}
