import type { WhoAmI } from '@yizhan/contracts/access'
import type { CreatedBooking } from '@yizhan/contracts/appointment'
import { groupBookingCode } from '@yizhan/rules/appointment/booking-code'
import { useRef } from 'preact/hooks'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { printPiece } from '../ui-admin/print-piece.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { QrPicture } from '../ui-admin/qr-drawing.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import type { AskedDigits } from './booking-draft.ts'
import { useClinicPlace } from './clinic-names.ts'

/** What a patient takes away from the desk. */
export interface Handout {
  created: CreatedBooking
  /** As typed at the desk a moment ago, or masked when it was only read from the board. */
  patientName: string
  clinicId: string
  clinicName: string
  doctorName: string
  slotStart: number
  /** What the kiosk asks for beside a typed code; null when it was only read from the board, which does not tell. */
  asked: AskedDigits | null
}

interface Props {
  handout: Handout
  dates: AdminDates
  who: WhoAmI
  onAnother?: () => void
}

/** Code and QR of a booking, on the screen to be photographed and on paper to be taken along. */
export function BookingHandout({ handout, dates, who, onAnother }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const { created, asked } = handout
  const place = useClinicPlace(handout.clinicId)
  const slip = useRef<HTMLElement>(null)
  return (
    <div class="handout-pane">
      <Notice tone="good">{say('booking.made.body')}</Notice>
      <article class="handout" ref={slip}>
        <p class="handout-hospital">
          {localText(who.hospitalName)} {say('booking.made.slip')}
        </p>
        <p class="handout-time">{dates.dayAndClock(handout.slotStart)}</p>
        <p>
          {handout.clinicName} · {handout.doctorName}
        </p>
        {place !== null && <p>{say('booking.made.slip.place', { place })}</p>}
        <p>{handout.patientName}</p>
        <QrPicture text={created.qr} label={say('booking.made.qr')} />
        <p class="handout-code">
          <span>{say('booking.made.code')}</span> <b>{groupBookingCode(created.code)}</b>
        </p>
        <p>{say('booking.made.slip.how')}</p>
        <p>
          {asked === null
            ? say('booking.made.slip.either')
            : say(`booking.made.slip.${asked.kind}`, { digits: asked.digits })}
        </p>
      </article>
      <div class="ui-actions">
        <PushButton
          kind="primary"
          icon="printer"
          label={say('booking.made.print')}
          onPress={() => printPiece(slip.current)}
        />
        {onAnother !== undefined && <PushButton label={say('booking.made.another')} onPress={onAnother} />}
      </div>
    </div>
  )
}
