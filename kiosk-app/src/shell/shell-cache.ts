/** What answering from the shell needs of its surroundings. */
export interface ShellSources {
  fetch(request: Request): Promise<Response>
  readonly caches: Pick<CacheStorage, 'open'>
  readonly cacheName: string
}

/** The name of the cache that holds exactly these files; the file names carry the hashes of their contents. */
export function shellCacheName(files: readonly string[]): string {
  return `kiosk-shell ${files.join(' ')}`
}

/**
 * How a request is answered by the shell, or null when the worker keeps out of it: every call to the station, every
 * other origin, everything that is not plainly read. The page itself comes from the station while that answers, so
 * that a new build is seen, and from the cache while it does not; hashed files never change and come from the cache.
 */
export function shellAnswer(
  request: Request,
  files: readonly string[],
  sources: ShellSources,
): Promise<Response> | null {
  const url = new URL(request.url)
  if (request.method !== 'GET') return null
  if (request.mode === 'navigate') return url.pathname === '/' ? pageAnswer(request, sources) : null
  return files.includes(url.pathname) ? fileAnswer(request, url.pathname, sources) : null
}

async function pageAnswer(request: Request, { fetch, caches, cacheName }: ShellSources): Promise<Response> {
  try {
    const fresh = await fetch(request)
    if (fresh.status < 500) return fresh
    throw new Error(`the station answered ${fresh.status}`)
  } catch (error) {
    const cached = await (await caches.open(cacheName)).match('/')
    if (cached) return cached
    throw error
  }
}

async function fileAnswer(request: Request, path: string, { fetch, caches, cacheName }: ShellSources) {
  const cached = await (await caches.open(cacheName)).match(path)
  return cached ?? fetch(request)
}
