import { expect, test } from 'vitest'
import { ageInYears, type KnownOfPerson, needsGuardian, visitChecklist } from './visit-checklist.ts'

const complete: KnownOfPerson = {
  name: '张三',
  sex: 'male',
  birthDate: '1980-02-29',
  occupation: '教师',
  detailKinds: ['phone', 'address', 'id-number'],
  relations: [{ isGuardian: false }],
  healthAsked: ['allergy', 'history', 'family-history'],
  consents: [{ purpose: 'care', isGiven: false }],
  visitCount: 0,
  today: '2026-11-22',
}

test('a first visit with all personal data misses nothing; a refused consent is an answer too', () => {
  expect(visitChecklist(complete)).toEqual({ visit: 'first', missing: [] })
})

test('a bare booking misses everything, in the order in which the desk asks', () => {
  const bare = {
    ...complete,
    sex: 'unknown' as const,
    birthDate: null,
    occupation: null,
    detailKinds: [],
    relations: [],
  }
  expect(visitChecklist({ ...bare, healthAsked: [], consents: [] }).missing).toEqual([
    'sex',
    'birth-date',
    'document',
    'phone',
    'address',
    'occupation',
    'contact',
    'allergy',
    'history',
    'family-history',
    'consent',
  ])
})

test('a return asks for the health card until it is known', () => {
  expect(visitChecklist({ ...complete, visitCount: 3 })).toEqual({ visit: 'return', missing: ['health-card'] })
  const known = { ...complete, visitCount: 3, detailKinds: [...complete.detailKinds, 'health-card'] }
  expect(visitChecklist(known).missing).toEqual([])
})

test('a child of thirteen needs a guardian and no occupation; on the fourteenth birthday it speaks for itself', () => {
  const child = { ...complete, birthDate: '2012-11-23', occupation: null }
  expect(visitChecklist(child).missing).toEqual(['guardian'])
  expect(visitChecklist({ ...child, relations: [{ isGuardian: true }] }).missing).toEqual([])
  expect(needsGuardian('2012-11-23', '2026-11-22')).toBe(true)
  expect(needsGuardian('2012-11-23', '2026-11-23')).toBe(false)
  expect(ageInYears('1980-02-29', '2026-02-28')).toBe(45)
  expect(ageInYears('1980-02-29', '2026-03-01')).toBe(46)
})

test('whoever may not read of health is not told that it is missing', () => {
  expect(visitChecklist({ ...complete, healthAsked: null }).missing).toEqual([])
})
