import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { PrinterFaults } from './sim-printer-faults.ts'

function makeFaults(): { faults: PrinterFaults; sent: number[] } {
  const sent: number[] = []
  return { faults: new PrinterFaults((bytes) => sent.push(...bytes)), sent }
}

test('without a fault every answer goes out as it is, at once', () => {
  const { faults, sent } = makeFaults()
  faults.reply([0x12, 0x37])
  expect(sent).toEqual([0x12, 0x37])
  expect(faults.processIdFor('ab12')).toBe('ab12')
})

test('late answers come later, in order, and not after the end', async () => {
  const { faults, sent } = makeFaults()
  faults.setAnswerDelay(30)
  faults.reply([1])
  faults.reply([2])
  expect(sent).toEqual([])
  await vi.waitFor(() => expect(sent).toEqual([1, 2]), patienceMs)
  faults.reply([3])
  faults.stop()
  await sleep(60)
  expect(sent).toEqual([1, 2])
})

test('a wrong process ID is never the one that was asked for', () => {
  const { faults } = makeFaults()
  faults.setWrongProcessId(true)
  expect(faults.processIdFor('ab12')).not.toBe('ab12')
  expect(faults.processIdFor('ab12')).toHaveLength(4)
})
