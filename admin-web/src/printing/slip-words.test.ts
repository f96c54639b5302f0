import type { SlipRow } from '@yizhan/contracts/fleet'
import { expect, test } from 'vitest'
import { bySlipNeed, openDecisions, slipWords } from './slip-words.ts'

const slip = (part: Partial<SlipRow>): SlipRow => ({
  jobId: 'j',
  stationId: 's',
  stationName: { 'zh-CN': '大厅 K', en: 'Lobby K' },
  bookingId: 'b',
  patientNameMasked: '王*明',
  queueNumber: 'A037',
  state: 'queued',
  reason: null,
  copy: 1,
  since: 0,
  decision: null,
  ...part,
})

test('nothing is asked of a slip whose station has yet to carry out what was decided', () => {
  expect(openDecisions(slip({ state: 'held' }))).toEqual(['came-out', 'not-printed'])
  expect(openDecisions(slip({ state: 'held', decision: 'came-out' }))).toEqual([])
  expect(openDecisions(slip({ state: 'failed' }))).toEqual([])
})

test('slips of unknown outcome stand on top, then those that wait, then what is over or decided', () => {
  const slips = [
    slip({ jobId: 'over', state: 'failed', since: 9 }),
    slip({ jobId: 'decided', state: 'held', decision: 'came-out', since: 8 }),
    slip({ jobId: 'waiting', since: 7 }),
    slip({ jobId: 'older', state: 'held', since: 1 }),
    slip({ jobId: 'newer', state: 'held', since: 2 }),
  ]
  expect(bySlipNeed(slips).map(({ jobId }) => jobId)).toEqual(['newer', 'older', 'waiting', 'over', 'decided'])
})

test('a slip that stopped for paper is not called being printed', () => {
  expect(slipWords(slip({ state: 'sending' })).key).toBe('slips.state.sending')
  expect(slipWords(slip({ state: 'sending', reason: 'paper-out' })).key).toBe('slips.state.stopped')
})
