import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unstorableField } from './storable-text.ts'

test('ordinary text of any script is storable, wherever it stands', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
      expect(unstorableField({ value, name: '张䶮𠮷' })).toBeNull()
    }),
  )
})

test('U+0000 and half a surrogate pair are found in values and names, with the way to them', () => {
  for (const bad of ['\0', 'a\0b', '\ud800', '\udc00x']) {
    expect(unstorableField({ a: [{ b: bad }] })).toBe('a.0.b')
    expect(unstorableField({ a: { [bad]: 1 } })).toBe('a')
  }
})

test('nesting deeper than the stack goes is walked to its end', () => {
  let deep: unknown = '\0'
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep]
  expect(unstorableField(deep)).not.toBeNull()
})
