import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { HTTPException } from 'hono/http-exception'

const decompress = promisify(zstdDecompress)

/**
 * The body without its content coding (RFC 9110 §8.4): none, or zstd (RFC 8878). Refused when it is larger than `mostBytes` decoded,
 * before more of it is decoded, or when it is no whole frame.
 */
export async function decodeBody(
  body: Uint8Array<ArrayBuffer>,
  coding: string | undefined,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (coding === undefined || coding === 'identity') return body
  if (coding !== 'zstd') throw new HTTPException(415, { message: 'Only the content coding zstd is understood' })
  try {
    return new Uint8Array(await decompress(body, { maxOutputLength: mostBytes }))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const tooLarge = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    if (tooLarge) throw new HTTPException(413, { message: `The body may have at most ${mostBytes} bytes decoded` })
    throw new HTTPException(400, { message: 'The body is not whole zstd' })
  }
}
