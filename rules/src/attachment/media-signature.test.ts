import { mediaTypes } from '@yizhan/contracts/attachment'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginsLike } from './media-signature.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const samples = {
  'audio/webm': bytes('\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm'),
  'audio/ogg': bytes(`OggS\0\x02${'\0'.repeat(20)}\x01\x13OpusHead\x01`),
  'image/png': bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
}

test('each kind of content is known by its first bytes and taken for no other kind', () => {
  for (const type of mediaTypes) {
    for (const other of mediaTypes) expect(beginsLike(type, samples[other])).toBe(type === other)
  }
})

test('a page, a script, a Matroska film and short or random bytes are none of them', () => {
  for (const other of ['<!doctype html>', '#!/bin/sh', '\x1a\x45\xdf\xa3\x42\x82\x88matroska', 'OggS', '\x89PN']) {
    expect(mediaTypes.filter((type) => beginsLike(type, bytes(other)))).toEqual([])
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (random) => mediaTypes.every((type) => !beginsLike(type, random))),
  )
})
