import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

/** The words for a change of a booking that the centre refused: what is so, and that nothing was changed. */
export function changeRefusedWords(refusal: string): AdminMessageKey {
  switch (refusal) {
    case 'booking-arrived':
      return 'bookings.arrived'
    case 'booking-unknown':
      return 'bookings.unknown'
    case 'slot-invalid':
      return 'booking.form.slot.wrong'
    default:
      return 'fault.forbidden'
  }
}
