import { expect, test } from 'vitest'
import { type AuditFilter, auditAddress, auditQuestionOf, readAuditFilter, wholeTrail } from './audit-filter.ts'

const narrowed: AuditFilter = {
  actorId: 'u1',
  action: 'day-board-read',
  verb: 'read',
  objectId: '019ab000-0000-7000-8000-000000000001',
  from: '2026-11-20',
  to: '2026-11-22',
  after: { at: 1_763_791_500_000, auditId: '019ab000-0000-7000-8000-000000000002' },
}

const queryOf = (address: string) => Object.fromEntries(new URL(address, 'http://x').searchParams)

test('an address says the whole filter, and the whole trail is the bare page', () => {
  expect(readAuditFilter(queryOf(auditAddress(narrowed)))).toEqual(narrowed)
  expect(auditAddress(wholeTrail)).toBe('/admin/audit')
  expect(readAuditFilter({})).toEqual(wholeTrail)
})

test('an address that says something else narrows nothing', () => {
  expect(readAuditFilter({ action: 'X y', verb: 'erase', from: '2026-13-99', after: 'x' })).toEqual(wholeTrail)
})

test('the last day is asked for to its end', () => {
  const question = auditQuestionOf({ ...wholeTrail, from: '2026-11-30', to: '2026-11-30' }, (day) => Date.parse(day))
  expect(question).toEqual({ from: Date.parse('2026-11-30'), to: Date.parse('2026-12-01') })
})
