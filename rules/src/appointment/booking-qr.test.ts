import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase32, toBase32 } from './base32.ts'
import { bookingQrSignedBytes, bookingQrText, parseBookingQr } from './booking-qr.ts'

const claim = fc.record({
  bookingId: fc.uuid({ version: 7 }),
  clinicId: fc.uuid({ version: 7 }),
  code: fc.stringMatching(/^\d{9}$/),
  slotStart: fc.integer({ min: 0, max: 100_000_000 }).map((minutes) => minutes * 60_000),
})
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 })

test('bytes survive base 32, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromBase32(toBase32(bytes))).toEqual(bytes)
    }),
  )
})

test('a booking QR reads back as it was made, in capitals, within 180 characters', () => {
  fc.assert(
    fc.property(claim, fc.nat(65_535), signature, (start, minutes, sign) => {
      const whole = { ...start, slotEnd: start.slotStart + minutes * 60_000 }
      const signedBytes = bookingQrSignedBytes(whole, 'A1')
      const text = bookingQrText(signedBytes, sign)
      expect(text).toMatch(/^[0-9A-Z]{1,180}$/)
      const scanned = { claim: whole, keyId: 'A1', signedBytes, signature: sign }
      expect(parseBookingQr(text)).toEqual(scanned)
      expect(parseBookingQr(` ${text.toLowerCase()}\t`)).toEqual(scanned)
    }),
  )
})

test('any other text is no booking QR and never throws', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseBookingQr(text) === null))
  expect(parseBookingQr(`YZ1A1${'0'.repeat(169)}`)).toBeNull()
  expect(parseBookingQr(`YZ2A1${'0'.repeat(170)}`)).toBeNull()
})
