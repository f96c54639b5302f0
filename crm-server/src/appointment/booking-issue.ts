import { randomInt, sign } from 'node:crypto'
import { bookingCodeOf } from '@yizhan/rules/appointment/booking-code'
import { type BookingQr, bookingQrSignedBytes, bookingQrText } from '@yizhan/rules/appointment/booking-qr'
import type { QrSigningKey } from '../tenant/key-ring.ts'

/** A new booking code from the system's random source; whether it is free only the database knows. */
export function drawBookingCode(): string {
  return bookingCodeOf(String(randomInt(100_000_000)).padStart(8, '0'))
}

/** The text of the QR that a patient is sent, signed by the hospital's key. */
export function signBookingQr(claim: BookingQr, key: QrSigningKey): string {
  const signedBytes = bookingQrSignedBytes(claim, key.keyId)
  return bookingQrText(signedBytes, sign(null, signedBytes, key.privateKey))
}
