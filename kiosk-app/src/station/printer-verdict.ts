import type { DeviceHealth } from '@yizhan/contracts/device'

/** What a patient should know about the printer before tapping anything. */
export type PrinterVerdict = 'prints' | 'paper-low' | 'paper-out' | 'cover-open' | 'broken'

/** Sums up the printer's last seen state; before the first answer nothing is claimed. */
export function printerVerdict(printer: DeviceHealth | null): PrinterVerdict {
  if (printer === null) return 'prints'
  if (printer.reasons.includes('paper-out')) return 'paper-out'
  if (printer.reasons.includes('cover-open')) return 'cover-open'
  switch (printer.phase) {
    case 'ready':
    case 'busy':
    case 'degraded':
    case 'opening':
      return printer.reasons.includes('paper-near-end') ? 'paper-low' : 'prints'
    case 'absent':
    case 'fault':
    case 'disabled':
      return 'broken'
  }
}

/** Whether codes can be scanned now; before the first answer it is assumed. */
export function canScan(scanner: DeviceHealth | null): boolean {
  return scanner === null || !['absent', 'fault', 'disabled'].includes(scanner.phase)
}
