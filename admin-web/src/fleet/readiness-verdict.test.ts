import { expect, test } from 'vitest'
import { fakeReadiness } from './fake-device-history.ts'
import { openPoints, verdictWords } from './readiness-verdict.ts'

test('what failed comes before what nobody did, and a device that is missing is named once', () => {
  const open = openPoints(fakeReadiness(1e12))
  expect(open.map(({ deviceId, check, result }) => `${deviceId} ${check} ${result}`)).toEqual([
    'card-reader-1 found failed',
    'scanner-1 scan not-done',
  ])
})

test('only a report in which everything passed is green', () => {
  expect(verdictWords('ready').tone).toBe('good')
  expect(verdictWords('incomplete').tone).toBe('notice')
  expect(verdictWords('not-ready').tone).toBe('bad')
})
