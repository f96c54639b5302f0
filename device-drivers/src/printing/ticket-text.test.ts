import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeGb18030 } from './gb18030-text.ts'
import { sanitizeTicketText } from './ticket-text.ts'

test('nothing that controls a printer or the direction of text survives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(sanitizeTicketText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
    { numRuns: 1000 },
  )
})

test('the text itself survives, composed', () => {
  expect(sanitizeTicketText('张\u202e䶮')).toBe('张䶮')
  expect(sanitizeTicketText('e\u0301')).toBe('é')
  expect(sanitizeTicketText('一楼\r\n东侧')).toBe('一楼 东侧')
  expect(sanitizeTicketText('𠮷\ud800')).toBe('𠮷')
})

test('every character that can be printed comes back from its GB18030 bytes, by another decoder', () => {
  const decoder = new TextDecoder('gb18030', { fatal: true })
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = sanitizeTicketText(text).replace(/\p{Co}/gu, '')
      expect(decoder.decode(encodeGb18030(clean))).toBe(clean)
    }),
    { numRuns: 2000 },
  )
})

test('the bytes are those of the standard', () => {
  expect(Buffer.from(encodeGb18030('张䶮𠮷')).toString('hex')).toBe('d5c5fe9f9534b235')
})
