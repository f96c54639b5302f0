import { zstdCompressSync } from 'node:zlib'
import { assert, asyncProperty, uint8Array } from 'fast-check'
import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { decodeBody } from './encoded-body.ts'

const most = 64 * 1024
const refusalOf = async (body: Uint8Array<ArrayBuffer>, coding: string): Promise<number> => {
  const refusal = await decodeBody(body, coding, most).catch((error: unknown) => error)
  if (!(refusal instanceof HTTPException)) throw new Error(`not refused: ${String(refusal)}`)
  return refusal.status
}

test('what a station compressed is read as it was', async () => {
  await assert(
    asyncProperty(uint8Array({ maxLength: 5000 }), async (bytes) => {
      const coded = new Uint8Array(zstdCompressSync(bytes))
      expect(Buffer.from(await decodeBody(coded, 'zstd', most)).equals(Buffer.from(bytes))).toBe(true)
    }),
  )
})

test('a body that grows beyond the limit is refused before it has grown', async () => {
  const bomb = new Uint8Array(zstdCompressSync(Buffer.alloc(256 * 1024 * 1024)))
  expect(bomb.byteLength).toBeLessThan(64 * 1024)
  const before = process.memoryUsage().rss
  expect(await refusalOf(bomb, 'zstd')).toBe(413)
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
})

test('what is no zstd, is cut off, or is coded otherwise is refused in words', async () => {
  const whole = zstdCompressSync(Buffer.from('x'.repeat(4000)))
  expect(await refusalOf(new Uint8Array(whole.subarray(0, whole.length - 3)), 'zstd')).toBe(400)
  await assert(
    asyncProperty(uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      expect(await refusalOf(new Uint8Array(bytes), 'zstd')).toBeGreaterThanOrEqual(400)
    }),
  )
  expect(await refusalOf(new Uint8Array(3), 'br')).toBe(415)
})
