import { type ClientContext, type ClientLink, ORPCError } from '@orpc/client'

/**
 * Speaks the calling protocol of our servers for contracts whose values are plain JSON, as the station's are: `{ json }` by
 * POST, refusals as the error's own JSON. The library's link, made for dates, files and streams too, weighs 6 kB more of
 * the kiosk's 45.
 */
export class PlainRpcLink implements ClientLink<ClientContext> {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async call(path: readonly string[], input: unknown, options: { signal?: AbortSignal | undefined }): Promise<unknown> {
    const response = await fetch(`${this.#url}/${path.join('/')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json: input }),
      signal: options.signal ?? null,
    })
    const answer: unknown = await response.json()
    const json = isRecord(answer) ? answer['json'] : undefined
    if (response.ok) return json
    throw refusalOf(json) ?? new ORPCError('no-refusal', { status: response.status })
  }
}

function refusalOf(json: unknown): Error | null {
  if (!isRecord(json)) return null
  const { code, status, message, data, defined } = json
  if (typeof code !== 'string' || typeof status !== 'number' || typeof message !== 'string') return null
  return new ORPCError(code, { status, message, data, defined: defined === true })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
