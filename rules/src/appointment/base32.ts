// Crockford's base 32: capital letters and digits only, so that a QR stays in its dense alphanumeric mode and a scanner
// in keyboard mode cannot garble it by case.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const valueOfSymbol = new Map([...alphabet].map((symbol, value) => [symbol, value]))

/** Bytes as Crockford base 32 without padding. */
export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text
}

/** The bytes of a base 32 text, or null when a character or the left-over bits do not belong. */
export function fromBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let held = 0
  let bits = 0
  let at = 0
  for (const symbol of text) {
    const value = valueOfSymbol.get(symbol)
    if (value === undefined) return null
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 255
    }
    held &= (1 << bits) - 1
  }
  return bits < 5 && held === 0 ? bytes : null
}
