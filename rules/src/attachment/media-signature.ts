import type { MediaType } from '@yizhan/contracts/attachment'

const ebml = [0x1a, 0x45, 0xdf, 0xa3]
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** The first page of an Ogg stream and the header of a WebM file are shorter. */
const searchedBytes = 64

/**
 * Whether content begins as its type does: WebM with the EBML header and its doctype (RFC 8794 §11.2), Ogg with an Opus header on
 * its first page (RFC 7845 §5.1), PNG with its signature (ISO/IEC 15948 §5.2).
 */
export function beginsLike(mediaType: MediaType, first: Uint8Array): boolean {
  switch (mediaType) {
    case 'audio/webm':
      return startsWith(first, ebml) && holds(first, 'webm')
    case 'audio/ogg':
      return startsWith(first, letters('OggS')) && holds(first, 'OpusHead')
    case 'image/png':
      return startsWith(first, png)
  }
}

function startsWith(bytes: Uint8Array, begin: readonly number[]): boolean {
  return begin.every((byte, at) => bytes[at] === byte)
}

function holds(bytes: Uint8Array, word: string): boolean {
  const wanted = letters(word)
  const searched = bytes.subarray(0, searchedBytes)
  return searched.some((_byte, at) => startsWith(searched.subarray(at), wanted))
}

function letters(word: string): number[] {
  return [...word].map((letter) => letter.charCodeAt(0))
}
