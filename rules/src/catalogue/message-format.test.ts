import { expect, test } from 'vitest'
import { formatMessage, messageParameters } from './message-format.ts'

test('values are filled in and plurals chosen by the language', () => {
  const message = '{n, plural, one {# person} other {# people}} before {number}'
  expect(formatMessage(message, { n: 1, number: 'A037' }, 'en')).toBe('1 person before A037')
  expect(formatMessage(message, { n: 3, number: 'A037' }, 'en')).toBe('3 people before A037')
  expect(formatMessage('前面还有 {n} 人', { n: 1 }, 'zh-CN')).toBe('前面还有 1 人')
})

test('a value that itself looks like a placeholder of another form is left as it is', () => {
  expect(formatMessage('{name}', { name: '{n, plural, one {x} other {y}}' }, 'en')).toContain('plural')
})

test('a missing value is a fault', () => {
  expect(() => formatMessage('{name}', {}, 'en')).toThrow(RangeError)
})

test('the parameters of a message are told', () => {
  expect(messageParameters('{n, plural, one {a} other {b}} {at} {at}')).toEqual(['at', 'n'])
})
