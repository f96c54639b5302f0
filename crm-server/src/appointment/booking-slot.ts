const minuteMs = 60_000
/** A QR counts a slot in 16 bits of minutes; no appointment of an outpatient clinic lasts longer than a day. */
const longestSlotMs = 24 * 60 * minuteMs

/** Whether a slot can be booked: it ends after it starts, within a day, and both ends are whole minutes. */
export function isBookableSlot({ slotStart, slotEnd }: { slotStart: number; slotEnd: number }): boolean {
  const lengthMs = slotEnd - slotStart
  return lengthMs > 0 && lengthMs <= longestSlotMs && slotStart % minuteMs === 0 && slotEnd % minuteMs === 0
}
