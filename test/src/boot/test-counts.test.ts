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
  expect(countTests(report)).toEqual({ passed: 1, failed: 0, skipped: 1, skippedNames: ['needs a printer'] })
})

test('a file that could not be read, a failed run without a failed test, and no report at all are failures', () => {
  const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] }
  expect(countTests({ ...quiet, success: false, testResults: [broken] }).failed).toBe(1)
  expect(countTests({ ...quiet, success: false }).failed).toBe(1)
  expect(countTests(null).failed).toBe(1)
})

test('the last line says the counts, with every failed check among the failed', () => {
  const counts = { passed: 41, failed: 0, skipped: 2, skippedNames: [] }
  const good = endOfTestRun('', [], [passedStep, passedStep], counts)
  expect(good.text.split('\n').at(-1)).toBe('41 passed, 0 failed, 2 skipped')
  const lintFailed = endOfTestRun('', [], [{ ...failedStep, name: 'lint' }, passedStep], counts)
  expect(lintFailed.text.split('\n').at(-1)).toBe('41 passed, 1 failed, 2 skipped')
  expect(lintFailed.text).toMatch(/failed check.*lint/)
  expect(endOfTestRun('', [], [failedStep], counts).failed).toBe(1)
})
