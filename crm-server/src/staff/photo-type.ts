/** PNG, ISO/IEC 15948 §5.2: the eight bytes that every file begins with. */
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** PNG §11.2.5: the last chunk, after which nothing may follow. */
const pngEnd = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
/** JPEG, ITU-T T.81 §B.1: start of image and the first marker; end of image. */
const jpegStart = Buffer.from([0xff, 0xd8, 0xff])
const jpegEnd = Buffer.from([0xff, 0xd9])

/** What kind of photo these bytes are; null for anything else, and for what carries something after its end. */
export function photoTypeOf(bytes: Buffer): 'image/png' | 'image/jpeg' | null {
  const framed = (start: Buffer, end: Buffer) =>
    bytes.subarray(0, start.length).equals(start) && bytes.subarray(-end.length).equals(end)
  if (framed(pngSignature, pngEnd)) return 'image/png'
  return framed(jpegStart, jpegEnd) ? 'image/jpeg' : null
}
