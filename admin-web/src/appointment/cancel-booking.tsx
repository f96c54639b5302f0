import type { DayBoardRow } from '@yizhan/contracts/appointment'
import { groupBookingCode } from '@yizhan/rules/appointment/booking-code'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { changeRefusedWords } from './change-refused.ts'

interface Props {
  row: DayBoardRow | null
  dates: AdminDates
  onClose(): void
  onCancelled(): Promise<void>
}

/** Asks before a booking is cancelled, naming patient, time, clinic and code. */
export function CancelBooking({ row, dates, onClose, onCancelled }: Props) {
  const say = useSay()
  const { client, clock } = useServices()
  const tellDone = useDoneMessage()
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  const operationId = useRef('')
  const sending = useSending()
  const bookingId = row?.bookingId
  useEffect(() => {
    setRefused(null)
    if (bookingId !== undefined) operationId.current = newOperationId(clock())
  }, [bookingId, clock])
  if (row === null) return null
  const who = row.patientNameMasked
  const time = dates.dayAndClock(row.slotStart)
  const cancel = () =>
    sending.send(async () => {
      try {
        await client.appointment.cancel({ bookingId: row.bookingId, operationId: operationId.current })
        tellDone(say('bookings.cancel.done', { who, time }))
        onClose()
        await onCancelled()
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(changeRefusedWords(refusal))
        await onCancelled()
      }
    })
  return (
    <ConfirmDialog
      open={true}
      title={say('bookings.cancel.title', { who })}
      confirmLabel={say('bookings.cancel.confirm')}
      keepLabel={say('bookings.cancel.keep')}
      busy={sending.busy}
      canConfirm={refused === null}
      onConfirm={cancel}
      onKeep={onClose}
    >
      <p>
        {say('bookings.cancel.body', {
          time,
          clinic: row.clinicName,
          doctor: row.doctorName,
          // Kept on one line: a code torn in two is misread.
          code: groupBookingCode(row.code).replaceAll(' ', '\u00a0'),
        })}
      </p>
      {sending.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {refused !== null && <Notice tone="bad">{say(refused)}</Notice>}
    </ConfirmDialog>
  )
}
