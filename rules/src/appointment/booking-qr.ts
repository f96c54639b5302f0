import { fromBase32, toBase32 } from './base32.ts'

/**
 * What a booking QR says. Layout v1, all capital letters and digits, 175 characters:
 * `YZ1`, two characters of key id, then base 32 of 42 bytes of payload and 64 bytes of Ed25519 signature.
 */
export interface BookingQr {
  bookingId: string
  clinicId: string
  code: string
  /** Start and end of the appointment, milliseconds, whole minutes. */
  slotStart: number
  slotEnd: number
}

/** A scanned QR taken apart: what it claims, and what to hold against the signature before believing it. */
export interface ScannedBookingQr {
  claim: BookingQr
  keyId: string
  signedBytes: Uint8Array
  signature: Uint8Array
}

const prefix = 'YZ1'
const payloadLength = 42
const signatureLength = 64
const minuteMs = 60_000

/** The bytes that the centre signs: prefix, key id and payload, so that none can be exchanged alone. */
export function bookingQrSignedBytes(claim: BookingQr, keyId: string): Uint8Array {
  const bytes = new Uint8Array(5 + payloadLength)
  bytes.set(ascii(`${prefix}${keyId}`))
  bytes.set(uuidBytes(claim.bookingId), 5)
  bytes.set(uuidBytes(claim.clinicId), 21)
  const view = new DataView(bytes.buffer)
  view.setUint32(37, Number(claim.code))
  view.setUint32(41, claim.slotStart / minuteMs)
  view.setUint16(45, (claim.slotEnd - claim.slotStart) / minuteMs)
  return bytes
}

/** The text of a QR, given the signature over `bookingQrSignedBytes`. */
export function bookingQrText(signedBytes: Uint8Array, signature: Uint8Array): string {
  const head = String.fromCharCode(...signedBytes.subarray(0, 5))
  const body = new Uint8Array(payloadLength + signatureLength)
  body.set(signedBytes.subarray(5))
  body.set(signature, payloadLength)
  return head + toBase32(body)
}

/** Takes a scanned text apart; null when it is not a booking QR at all. Case and surrounding blanks do not matter. */
export function parseBookingQr(text: string): ScannedBookingQr | null {
  const match = /^YZ1([0-9A-Z]{2})([0-9A-HJKMNP-TV-Z]{170})$/.exec(text.trim().toUpperCase())
  const [, keyId, encoded] = match ?? []
  const body = encoded === undefined ? null : fromBase32(encoded)
  if (keyId === undefined || body === null) return null
  const signedBytes = new Uint8Array(5 + payloadLength)
  signedBytes.set(ascii(`${prefix}${keyId}`))
  signedBytes.set(body.subarray(0, payloadLength), 5)
  const view = new DataView(signedBytes.buffer)
  const slotStart = view.getUint32(41) * minuteMs
  const claim: BookingQr = {
    bookingId: uuidText(signedBytes.subarray(5, 21)),
    clinicId: uuidText(signedBytes.subarray(21, 37)),
    code: String(view.getUint32(37)).padStart(9, '0'),
    slotStart,
    slotEnd: slotStart + view.getUint16(45) * minuteMs,
  }
  return { claim, keyId, signedBytes, signature: body.slice(payloadLength) }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (symbol) => symbol.charCodeAt(0))
}

function uuidBytes(uuid: string): Uint8Array {
  const hex = uuid.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16))
}

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
