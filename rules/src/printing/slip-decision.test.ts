import { type PrintJobState, printJobStates, printJobSteps } from '@yizhan/contracts/printing'
import { expect, test } from 'vitest'
import { decisionsFor } from './slip-decision.ts'

test('every slip without an end can be decided about, and one that has ended cannot', () => {
  const open = (state: PrintJobState) => printJobSteps[state].length > 0
  for (const state of printJobStates) expect(decisionsFor(state).length > 0).toBe(open(state))
})

test('only a slip of unknown outcome is asked about; one that has not printed is given up', () => {
  expect(decisionsFor('held')).toEqual(['came-out', 'not-printed'])
  expect(decisionsFor('queued')).toEqual(['cancel'])
  expect(decisionsFor('sending')).toEqual(['cancel'])
})
