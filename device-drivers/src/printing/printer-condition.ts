import type { DeviceReason } from '@yizhan/contracts/device'
import type { RealTimeQuestion } from './escpos-opcodes.ts'
import type { AutomaticStatus } from './escpos-status.ts'
import type { FullStatus } from './presenter-status.ts'

/** What is known of the printer's body at this moment, from automatic and real-time status alike. */
export type PrinterCondition = AutomaticStatus

/** A printer of which nothing bad is known. */
export const cleanCondition: PrinterCondition = {
  offline: false,
  coverOpen: false,
  mechanicalError: false,
  cutterError: false,
  unrecoverable: false,
  overheated: false,
  paperNearEnd: false,
  paperOut: false,
}

/** The condition after one DLE EOT answer: 1 bit 3; 2 bits 2, 5, 6; 3 bits 3, 5, 6; 4 bits 2–3 and 5–6. */
export function applyRealTime(known: PrinterCondition, question: RealTimeQuestion, byte: number): PrinterCondition {
  const bit = (mask: number) => (byte & mask) !== 0
  switch (question) {
    case 1:
      return { ...known, offline: bit(0x08) }
    case 2:
      return { ...known, coverOpen: bit(0x04), paperOut: bit(0x20), mechanicalError: bit(0x40) }
    case 3:
      return { ...known, cutterError: bit(0x08), unrecoverable: bit(0x20), overheated: bit(0x40) }
    case 4:
      return { ...known, paperNearEnd: bit(0x0c), paperOut: bit(0x60) }
    default:
      throw new TypeError(`unknown question ${String(question satisfies never)}`)
  }
}

/** The condition after the full status of a kiosk printer, which knows more of it than DLE EOT 1 to 4. */
export function applyFullStatus(known: PrinterCondition, full: FullStatus): PrinterCondition {
  const { paperOut, paperNearEnd, coverOpen, overheated, cutterError, jammed, unrecoverable } = full
  return {
    ...known,
    paperOut,
    paperNearEnd,
    coverOpen,
    overheated,
    cutterError,
    mechanicalError: jammed,
    unrecoverable,
  }
}

/** Why the printer cannot print now, the most telling cause first; empty when it can. */
export function blockingReasons(condition: PrinterCondition): DeviceReason[] {
  const reasons: DeviceReason[] = []
  if (condition.coverOpen) reasons.push('cover-open')
  if (condition.paperOut) reasons.push('paper-out')
  if (condition.cutterError) reasons.push('cutter-jammed')
  if (condition.overheated) reasons.push('overheated')
  if (condition.unrecoverable || (condition.mechanicalError && reasons.length === 0)) reasons.push('unrecoverable')
  if (condition.offline && reasons.length === 0) reasons.push('offline')
  return reasons
}
