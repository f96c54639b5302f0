import type { BenchKey } from './bench-words.ts'

/** Longer than any code that a booking message carries, as a broken or malicious sticker may hold. */
const longScanChars = 4_096

/** Scans that must change nothing, by their name on the bench; forging needs a true code to spoil. */
export function hostileScans(trueQr: string | undefined): readonly { word: BenchKey; text: string }[] {
  const scans: { word: BenchKey; text: string }[] = [
    { word: 'hostile.garbage', text: '%%#~~~ not a code 6901234567892' },
    { word: 'hostile.long', text: 'A'.repeat(longScanChars) },
    { word: 'hostile.control', text: '\u0001\u0007\u001b[2J12345\u0000\u007f' },
  ]
  return trueQr === undefined ? scans : [...scans, { word: 'hostile.forged', text: forged(trueQr) }]
}

/** The same booking with one character of its signature changed. */
function forged(qr: string): string {
  const at = qr.length - 5
  return `${qr.slice(0, at)}${qr[at] === 'A' ? 'B' : 'A'}${qr.slice(at + 1)}`
}
