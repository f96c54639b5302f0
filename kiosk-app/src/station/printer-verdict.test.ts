import type { DeviceHealth, DevicePhase, DeviceReason } from '@yizhan/contracts/device'
import { expect, test } from 'vitest'
import { printerVerdict, works } from './printer-verdict.ts'

function printer(phase: DevicePhase, ...reasons: DeviceReason[]): DeviceHealth {
  return { deviceId: 'printer-1', kind: 'printer', phase, reasons, since: 0, seq: 1 }
}

test.each([
  ['ready', [], 'prints'],
  ['busy', [], 'prints'],
  ['degraded', ['paper-near-end'], 'paper-low'],
  ['fault', ['paper-near-end', 'paper-out'], 'paper-out'],
  ['fault', ['cover-open', 'offline'], 'cover-open'],
  ['degraded', ['ticket-not-taken'], 'ticket-not-taken'],
  ['fault', ['bin-full'], 'bin-full'],
  ['fault', ['overheated'], 'overheated'],
  ['fault', ['offline'], 'offline'],
  ['fault', ['unrecoverable'], 'broken'],
  ['fault', ['cutter-jammed'], 'broken'],
  ['absent', ['link-lost'], 'broken'],
  ['disabled', [], 'broken'],
] as const)('a printer that is %s for %j is told as %s', (phase, reasons, verdict) => {
  expect(printerVerdict(printer(phase, ...reasons))).toBe(verdict)
})

test('before the printer has answered nothing is claimed, and a device that is not there does not work', () => {
  expect(printerVerdict(null)).toBe('prints')
  expect(works(null)).toBe(false)
  expect(works(printer('opening'))).toBe(true)
})
