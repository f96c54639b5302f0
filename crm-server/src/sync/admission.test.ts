import { expect, test } from 'vitest'
import { createAdmission, type StationWork, workOfCall } from './admission.ts'

function fill(admission: ReturnType<typeof createAdmission>, work: StationWork) {
  const taken: { leave(): void }[] = []
  for (let entry = admission.enter(work); entry.admitted; entry = admission.enter(work)) taken.push(entry)
  return taken
}

test('when much is to be done, feeds are turned away first, then uploads, reports last', () => {
  const admission = createAdmission(() => 0)
  expect(fill(admission, 'upload')).toHaveLength(6)
  expect(fill(admission, 'feed')).toHaveLength(10)
  expect(admission.enter('upload').admitted).toBe(false)
  expect(fill(admission, 'other')).toHaveLength(16)
  expect(admission.enter('other').admitted).toBe(false)
})

test('a place that is left is there for the next, and only once', () => {
  const admission = createAdmission(() => 0)
  const [first] = fill(admission, 'upload')
  first?.leave()
  expect(fill(admission, 'upload')).toHaveLength(1)
})

test('who is turned away is sent away for a quarter of a second to two and a quarter', () => {
  for (const [chance, retryAfterMs] of [
    [0, 250],
    [0.5, 1250],
    [1, 2250],
  ] as const) {
    const admission = createAdmission(() => chance)
    fill(admission, 'feed')
    expect(admission.enter('feed')).toEqual({ admitted: false, retryAfterMs })
  }
})

test('uploads and pulls are told from other calls by their path', () => {
  const works = ['upload', 'pull', 'hello', 'report', 'unknown'].map((call) => workOfCall(`/sync/v1/${call}`))
  expect(works).toEqual(['upload', 'feed', 'other', 'other', 'other'])
})
