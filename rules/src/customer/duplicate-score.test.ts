import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ComparedPerson, duplicateLikelyFrom, duplicateListedFrom, duplicateScore } from './duplicate-score.ts'
import { pinyinInitials } from './pinyin-initials.ts'

const person = (part: Partial<ComparedPerson>): ComparedPerson => ({
  name: '张三',
  initials: pinyinInitials(part.name ?? '张三'),
  sex: 'unknown',
  birthDate: null,
  documents: [],
  phones: [],
  ...part,
})

const anyPerson = fc
  .record({
    name: fc.constantFrom('张三', '章三', '李四', '王小明', 'Mary Ann'),
    sex: fc.constantFrom('female', 'male', 'other', 'unknown'),
    birthDate: fc.constantFrom(null, '1980-02-29', '1980-03-01'),
    documents: fc.uniqueArray(fc.constantFrom('d1', 'd2', 'd3'), { maxLength: 2 }),
    phones: fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3'), { maxLength: 2 }),
  })
  .map((drawn) => person({ ...drawn, sex: drawn.sex as ComparedPerson['sex'] }))

test('the score lies between 0 and 100, and does not depend on which file is named first', () => {
  fc.assert(
    fc.property(anyPerson, anyPerson, (one, other) => {
      const found = duplicateScore(one, other)
      expect(found).toEqual(duplicateScore(other, one))
      expect(found.score).toBeGreaterThanOrEqual(0)
      expect(found.score).toBeLessThanOrEqual(100)
    }),
  )
})

test('another thing in common never makes two files less alike', () => {
  fc.assert(
    fc.property(anyPerson, anyPerson, (one, other) => {
      const before = duplicateScore(one, other).score
      const sharing = (field: 'documents' | 'phones') =>
        duplicateScore(
          { ...one, [field]: [...one[field], 'shared'] },
          { ...other, [field]: [...other[field], 'shared'] },
        ).score
      expect(sharing('documents')).toBeGreaterThanOrEqual(before)
      expect(sharing('phones')).toBeGreaterThanOrEqual(before)
      expect(
        duplicateScore({ ...one, birthDate: '1970-01-01' }, { ...other, birthDate: '1970-01-01' }).score,
      ).toBeGreaterThanOrEqual(before)
    }),
  )
})

test.each([
  ['one ID document alone', person({ documents: ['d1'] }), person({ name: '李四', documents: ['d1'] }), 'listed'],
  ['one ID document and the name', person({ documents: ['d1'] }), person({ documents: ['d1'] }), 'likely'],
  ['name and phone', person({ phones: ['p1'] }), person({ phones: ['p1'] }), 'listed'],
  [
    'name, phone and birth date',
    person({ phones: ['p1'], birthDate: '1980-02-29' }),
    person({ phones: ['p1'], birthDate: '1980-02-29' }),
    'likely',
  ],
  ['name and birth date', person({ birthDate: '1980-02-29' }), person({ birthDate: '1980-02-29' }), 'listed'],
  [
    'phone, birth date and a name that sounds alike',
    person({ phones: ['p1'], birthDate: '1980-02-29' }),
    person({ name: '章三', phones: ['p1'], birthDate: '1980-02-29' }),
    'listed',
  ],
  ['the phone of a family', person({ phones: ['p1'] }), person({ name: '李四', phones: ['p1'] }), 'none'],
  ['a name alone', person({}), person({}), 'none'],
  [
    'twins of unlike sex with one phone',
    person({ name: '王小明', sex: 'male', birthDate: '1980-02-29', phones: ['p1'] }),
    person({ name: '王小梅', sex: 'female', birthDate: '1980-02-29', phones: ['p1'] }),
    'none',
  ],
  [
    'namesakes with documents of their own',
    person({ birthDate: '1980-02-29', documents: ['d1'] }),
    person({ birthDate: '1980-02-29', documents: ['d2'] }),
    'none',
  ],
] as const)('%s', (_, one, other, expected) => {
  const { score } = duplicateScore(one, other)
  const standing = score >= duplicateLikelyFrom ? 'likely' : score >= duplicateListedFrom ? 'listed' : 'none'
  expect(standing).toBe(expected)
})
