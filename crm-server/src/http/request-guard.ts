import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Everything from this server alone; pages may not be framed, and nothing runs that is not one of our files. */
const strictPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** The admin pages: antd writes its style sheet into the page, which needs inline styles; scripts stay our own files. */
const adminPolicy = [
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:",
  "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'",
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
].join('; ')

/** Whether a Host header names this server: a loopback name, or the public one that was configured. */
export function isOwnHost(host: string | undefined, publicHost: string | undefined): boolean {
  if (host === undefined) return false
  if (publicHost !== undefined && host.toLowerCase() === publicHost.toLowerCase()) return true
  const name = /^(\[[0-9a-f:]+\]|[^:]+)(?::\d{1,5})?$/i.exec(host)?.[1]
  return name !== undefined && loopbackNames.has(name.toLowerCase())
}

/** Whether the page that sent a request is one of ours. Programs send no Origin; browsers send it with every write. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
}

/** Refuses requests for other hosts (DNS rebinding) and writes sent by other sites' pages. Forwarded headers count for nothing. */
export function guardOrigin(publicHost: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host')
    if (!isOwnHost(host, publicHost))
      throw new HTTPException(421, { message: 'This server does not answer for that host' })
    const unsafe = !safeMethods.has(context.req.method)
    if (unsafe && !isOwnOrigin(context.req.header('origin'), host)) {
      throw new HTTPException(403, { message: 'Requests from other sites are refused' })
    }
    await next()
  }
}

/** Puts the security headers on every answer, refusals included, and on those to stations the digest of what they say. */
export function guardAnswers(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const isAdmin = context.req.path.startsWith('/admin')
    context.header('content-security-policy', isAdmin ? adminPolicy : strictPolicy)
    context.header('x-content-type-options', 'nosniff')
    context.header('referrer-policy', 'no-referrer')
    context.header('cross-origin-opener-policy', 'same-origin')
    context.header('cross-origin-resource-policy', 'same-origin')
    if (context.res.headers.get('cache-control') === null) context.header('cache-control', 'no-store')
    if (context.req.path.startsWith('/sync/v1/')) await nameDigest(context)
  }
}

/** A station believes no answer whose digest (RFC 9530) does not fit: a bit that turned under way could count events as heard. */
async function nameDigest(context: Context): Promise<void> {
  const said = new Uint8Array(await context.res.clone().arrayBuffer())
  context.header('content-digest', `sha-256=:${createHash('sha256').update(said).digest('base64')}:`)
}

/**
 * The whole body of a request, refused as soon as it is larger than `mostBytes`, or when it is not here within `withinMs`; left out, it may
 * take as long as the server lets a request take.
 */
export async function readBody(
  context: Context,
  mostBytes: number,
  withinMs?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new HTTPException(413, { message: `The body may have at most ${mostBytes} bytes` })
  if (Number(context.req.header('content-length') ?? 0) > mostBytes) throw tooLarge
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunksOf(context.req.raw.body, withinMs)) {
    length += chunk.byteLength
    if (length > mostBytes) throw tooLarge
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null, withinMs: number | undefined) {
  if (body === null) return
  const reader = body.getReader()
  const late = Promise.withResolvers<never>()
  // Nobody may be reading at that moment.
  late.promise.catch(() => undefined)
  const tooLate = new HTTPException(408, { message: 'The body did not come in time' })
  const timer = withinMs === undefined ? undefined : setTimeout(() => late.reject(tooLate), withinMs)
  try {
    const next = () => Promise.race([reader.read(), late.promise])
    for (let read = await next(); !read.done; read = await next()) yield read.value
  } finally {
    clearTimeout(timer)
    // Of a body that broke off there is nothing left to give back.
    await reader.cancel().catch(() => undefined)
  }
}
