import iconv from 'iconv-lite'

/** The GB18030 bytes of the text: one byte for ASCII, two or four for everything else (GB 18030-2022 §5). */
export function encodeGb18030(text: string): Uint8Array {
  return iconv.encode(text, 'gb18030')
}
