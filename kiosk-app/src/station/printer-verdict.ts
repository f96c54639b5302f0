import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'

/** Troubles of a printer that have words of their own, the one to do something about first. */
const namedTroubles = [
  'paper-out',
  'cover-open',
  'ticket-not-taken',
  'bin-full',
  'overheated',
  'offline',
] as const satisfies readonly DeviceReason[]

/** What a patient should know about the printer before tapping anything. */
export type PrinterVerdict = 'prints' | 'paper-low' | 'broken' | (typeof namedTroubles)[number]

/** Sums up the printer's last seen state; before the first answer nothing is claimed. */
export function printerVerdict(printer: DeviceHealth | null): PrinterVerdict {
  if (printer === null) return 'prints'
  const named = namedTroubles.find((reason) => printer.reasons.includes(reason))
  if (named !== undefined) return named
  if (!works(printer)) return 'broken'
  return printer.reasons.includes('paper-near-end') ? 'paper-low' : 'prints'
}

/** Whether a device can be used, as far as is known; where there is none it cannot. */
export function works(device: DeviceHealth | null): boolean {
  if (device === null) return false
  switch (device.phase) {
    case 'ready':
    case 'busy':
    case 'degraded':
    case 'opening':
      return true
    case 'absent':
    case 'fault':
    case 'disabled':
      return false
  }
}
