import { expect, test } from 'vitest'
import { readUpsNumber, readUpsStatus } from './ups-status.ts'

test.each([
  ['OL', 'mains', 'ready', []],
  ['OL CHRG', 'mains', 'ready', []],
  ['BYPASS', 'mains', 'ready', []],
  ['OL RB', 'mains', 'degraded', ['battery-worn']],
  ['OL LB', 'mains', 'degraded', ['battery-low']],
  ['OB DISCHRG', 'battery', 'degraded', ['on-battery']],
  ['OB LB RB', 'battery-low', 'degraded', ['on-battery', 'battery-low', 'battery-worn']],
  ['FSD OL', 'battery-low', 'degraded', ['on-battery', 'battery-low']],
] as const)('the status %s is %s', (text, state, phase, reasons) => {
  expect(readUpsStatus(text)).toEqual({ state, sight: { phase, reasons } })
})

test('a status that says neither mains nor battery is not taken for mains', () => {
  for (const text of ['', 'WAIT', 'RB', 'OFF', 'ol']) expect(readUpsStatus(text)).toBeUndefined()
})

test('a number is whole and within its bound, or unknown', () => {
  expect(['100', '12.6', '0', '101', '-1', 'full', '', undefined].map((text) => readUpsNumber(text, 100))).toEqual([
    100,
    13,
    0,
    ...new Array(5).fill(null),
  ])
})
