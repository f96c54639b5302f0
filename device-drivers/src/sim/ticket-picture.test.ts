import { expect, test } from 'vitest'
import { encodeGb18030 } from '../printing/gb18030-text.ts'
import { decodeSlips } from './escpos-decode.ts'
import { drawTicket } from './ticket-picture.ts'

const chinese = [0x1b, 0x40, 0x1c, 0x26]

function draw(text: string): string {
  const [slip = []] = decodeSlips(Uint8Array.from([...chinese, ...encodeGb18030(text), 0x0a]), 576)
  return drawTicket(slip)
}

test('text stays text, in cells as wide as the printer makes them', () => {
  expect(draw('张䶮')).toContain('textLength="48">张䶮</text>')
})

test('a narrow character that the printer gives a full cell stands in its middle and moves nothing', () => {
  const picture = draw('9–10')
  expect(picture).toContain('x="56" ')
  expect(picture).toContain('text-anchor="middle">–</text>')
  expect(picture).toContain('x="68" ')
})

test('text that looks like markup is drawn, not obeyed', () => {
  const picture = draw('<script>&"')
  expect(picture).not.toContain('<script>')
  expect(picture).toContain('&#60;script&#62;&#38;&#34;')
})

test('a bar code is drawn bar by bar, with its text below', () => {
  const barCode = [0x1d, 0x48, 2, 0x1d, 0x68, 40, 0x1d, 0x77, 2, 0x1d, 0x6b, 73, 3, 0x7b, 0x42, 0x41]
  const [slip = []] = decodeSlips(Uint8Array.from(barCode), 576)
  const picture = drawTicket(slip)
  // Start B is 2 1 1 2 1 4: two modules of bar, one of space, one of bar, two of space, one of bar.
  expect(picture).toContain('<path d="M32 72h2v40h-2zM34 72h2v40h-2zM38 72h2v40h-2zM44 72h2v40h-2z')
  expect(picture).toContain('>A</text>')
})

test('a picture on the slip is drawn dot by dot', () => {
  const [slip = []] = decodeSlips(Uint8Array.of(0x1d, 0x76, 0x30, 0, 1, 0, 2, 0, 0x80, 0x01), 576)
  expect(drawTicket(slip)).toContain('<path d="M32 72h1v1h-1zM39 73h1v1h-1z"')
})

test('a QR code is drawn module by module', () => {
  const qr = [0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x50, 0x30, 0x41, 0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30]
  const [slip = []] = decodeSlips(Uint8Array.from(qr), 576)
  expect(drawTicket(slip)).toContain('<path d="M32 72h3v3h-3z')
})
