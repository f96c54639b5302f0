import { expect, test } from 'vitest'
import type { DeviceInput } from '../device/credential-routing.ts'
import { takeTypedScans } from './typed-scan-intake.ts'

function station(hasScanner: boolean) {
  const taken: DeviceInput[] = []
  return { taken, scanned: takeTypedScans(hasScanner, (input) => taken.push(input)) }
}

test('a typed code is taken like a scan', () => {
  const { taken, scanned } = station(false)
  expect(scanned('YZ1.ABC.DEF')).toBe('taken')
  expect(taken).toMatchObject([{ kind: 'scan', scan: { ok: true, text: 'YZ1.ABC.DEF' } }])
})

test('a station with a scanner of its own takes nothing that is typed', () => {
  const { taken, scanned } = station(true)
  expect(scanned('YZ1.ABC.DEF')).toBe('scanner-elsewhere')
  expect(taken).toEqual([])
})

test('blanks are no code', () => {
  const { taken, scanned } = station(false)
  expect(scanned('    ')).toBe('scan-unreadable')
  expect(taken).toEqual([])
})
