import { countTests, endOfTestRun } from '@yizhan/deploy/boot/test-counts.mjs'
import { expect, test } from 'vitest'

const quiet = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [],
}
const passedStep = { name: 'tests (vitest)', outcome: 'passed', seconds: 1, note: '' } as const
const failedStep = { ...passedStep, outcome: 'failed' } as const

test('the counts are the runner’s own, and skipped tests are named', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'prints' },
    { status: 'skipped', fullName: 'needs a printer' },
  ]
  const testResults = [{ name: 'a.test.ts', status: 'passed', assertionResults }]
  const report = { ...quiet, numPassedTests: 1, numPendingTests: 1, testResults }
  expect(countTests(report)).toEqual({
    passed: 1,
    failed: 0,
    skipped: 1,
    skippedNames: ['needs a printer'],
    failedNames: [],
  })
})

test('a file that could not be read, a failed run without a failed test, and no report at all are failures', () => {
  const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] }
  expect(countTests({ ...quiet, success: false, testResults: [broken] }).failed).toBe(1)
  expect(countTests({ ...quiet, success: false }).failed).toBe(1)
  expect(countTests(null).failed).toBe(1)
})

test('the last line says the counts, with every failed check among the failed', () => {
  const counts = { passed: 41, failed: 0, skipped: 2, skippedNames: [], failedNames: [] }
  const good = endOfTestRun('', [], [passedStep, passedStep], counts)
  expect(good.text.split('\n').at(-1)).toBe('41 passed, 0 failed, 2 skipped')
  const lintFailed = endOfTestRun('', [], [{ ...failedStep, name: 'lint' }, passedStep], counts)
  expect(lintFailed.text.split('\n').at(-1)).toBe('41 passed, 1 failed, 2 skipped')
  expect(lintFailed.text).toMatch(/failed check.*lint/)
  expect(endOfTestRun('', [], [failedStep], counts).failed).toBe(1)
})

test('what failed is named at the end, with the first line of why, also a file that ended before its tests', () => {
  const failing = { status: 'failed', fullName: 'prints', failureMessages: ['expected 1 to be 2\n at a.test.ts:3'] }
  const testResults = [
    { name: 'a.test.ts', status: 'failed', message: '', assertionResults: [failing] },
    { name: 'b.test.ts', status: 'failed', message: '', assertionResults: [{ status: 'pending', fullName: 'cuts' }] },
  ]
  const counts = countTests({ ...quiet, numFailedTests: 1, success: false, testResults })
  expect(counts.failed).toBe(2)
  const lines = endOfTestRun('', [], [failedStep], counts).text.split('\n')
  expect(lines.slice(-4, -2)).toEqual([
    'failed: prints: expected 1 to be 2',
    'failed: b.test.ts: it ended before its tests had',
  ])
})
