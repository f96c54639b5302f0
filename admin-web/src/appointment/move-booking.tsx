import type { WhoAmI } from '@yizhan/contracts/access'
import type { DayBoardRow } from '@yizhan/contracts/appointment'
import { useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { isSameSlot, type SlotDraft, slotOf, slotProblems } from './booking-draft.ts'
import { BookingHandout, type Handout } from './booking-handout.tsx'
import { changeRefusedWords } from './change-refused.ts'
import { SlotFields } from './slot-fields.tsx'

interface Props {
  row: DayBoardRow | null
  dates: AdminDates
  who: WhoAmI
  onClose(): void
  onMoved(): Promise<void>
}

/** The pane in which a booking is moved to another time and gets a new code. */
export function MoveBooking({ row, dates, who, onClose, onMoved }: Props) {
  const say = useSay()
  const [made, setMade] = useState<Handout | null>(null)
  const close = () => {
    setMade(null)
    onClose()
  }
  return (
    <SideDrawer
      title={say(made === null ? 'booking.move.title' : 'booking.moved.title')}
      open={row !== null}
      closeLabel={say('app.close')}
      onClose={close}
    >
      {made !== null && <BookingHandout handout={made} dates={dates} who={who} />}
      {made === null && row !== null && (
        <MoveForm
          key={row.bookingId}
          row={row}
          dates={dates}
          onMoved={async (handout) => {
            setMade(handout)
            await onMoved()
          }}
        />
      )}
    </SideDrawer>
  )
}

interface FormProps {
  row: DayBoardRow
  dates: AdminDates
  onMoved(handout: Handout): Promise<void>
}

function MoveForm({ row, dates, onMoved }: FormProps) {
  const say = useSay()
  const { client, clock } = useServices()
  const [slot, setSlot] = useState<SlotDraft>(() => slotOf(row, dates))
  const [shown, setShown] = useState<ReturnType<typeof slotProblems>>({})
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  const operationId = useRef(newOperationId(clock()))
  const sending = useSending()
  const unchanged = isSameSlot(slot, slotOf(row, dates))
  const submit = async (event: Event) => {
    event.preventDefault()
    setRefused(null)
    const problems = slotProblems(slot, dates, clock())
    setShown(problems)
    if (unchanged || Object.keys(problems).length > 0) return
    const slotStart = dates.instantOf(slot.day, slot.start)
    await sending.send(async () => {
      try {
        const created = await client.appointment.reschedule({
          bookingId: row.bookingId,
          operationId: operationId.current,
          slotStart,
          slotEnd: dates.instantOf(slot.day, slot.end),
        })
        const { patientNameMasked: patientName, clinicId, clinicName, doctorName } = row
        await onMoved({ created, patientName, clinicId, clinicName, doctorName, slotStart, asked: null })
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(changeRefusedWords(refusal))
      }
    })
  }
  return (
    <form class="drawer-form" noValidate={true} onSubmit={submit}>
      <p class="drawer-purpose">
        {say('booking.move.purpose', {
          who: row.patientNameMasked,
          time: dates.dayAndClock(row.slotStart),
          clinic: row.clinicName,
        })}
      </p>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {refused !== null && <Notice tone="bad">{say(refused)}</Notice>}
      <SlotFields
        slot={slot}
        dates={dates}
        onChange={(part) => setSlot({ ...slot, ...part })}
        problem={(field, label) => {
          const found = shown[field]
          return found === undefined
            ? undefined
            : found === 'required'
              ? say('app.required', { field: label })
              : say(found)
        }}
      />
      {unchanged && <p class="drawer-purpose">{say('booking.move.same')}</p>}
      <PushButton
        kind="primary"
        wide={true}
        submits={true}
        busy={sending.busy}
        disabled={unchanged}
        label={say('booking.move.submit')}
      />
    </form>
  )
}
