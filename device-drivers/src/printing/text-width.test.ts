import fc from 'fast-check'
import { eastAsianWidth } from 'get-east-asian-width'
import { expect, test } from 'vitest'
import { encodeGb18030 } from './gb18030-text.ts'
import { columnsOf, padToColumns, wrapToColumns } from './text-width.ts'
import { sanitizeTicketText } from './ticket-text.ts'

const printable = fc.string({ unit: 'binary', maxLength: 80 }).map(sanitizeTicketText)

test('a character takes two columns exactly when GB18030 writes it in more than one byte', () => {
  fc.assert(
    fc.property(printable, (text) => {
      const columns = [...text].map((character) => (encodeGb18030(character).length === 1 ? 1 : 2))
      expect(columnsOf(text)).toBe(columns.reduce<number>((sum, column) => sum + column, 0))
    }),
  )
})

test('no character is measured narrower than its East Asian Width', () => {
  fc.assert(
    fc.property(printable, (text) => {
      for (const character of text) {
        expect(columnsOf(character)).toBeGreaterThanOrEqual(eastAsianWidth(character.codePointAt(0) ?? 0))
      }
    }),
  )
})

test('wrapped lines fit, and nothing but spaces at line ends is lost', () => {
  fc.assert(
    fc.property(printable, fc.integer({ min: 2, max: 48 }), (text, columns) => {
      const lines = wrapToColumns(text, columns)
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})

test('Latin words break at spaces, Chinese between characters', () => {
  expect(wrapToColumns('see the nurse station', 10)).toEqual(['see the', 'nurse', 'station'])
  expect(wrapToColumns('请到护士站登记', 8)).toEqual(['请到护士', '站登记'])
})

test('padding counts columns, not characters', () => {
  expect(padToColumns('姓名', 6)).toBe('姓名  ')
  expect(padToColumns('预约时间', 6)).toBe('预约时间')
})
