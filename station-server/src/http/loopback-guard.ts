import type { IncomingHttpHeaders } from 'node:http'

/** Why a request to the loopback server is turned away, with the HTTP status that says so. */
export type LoopbackRefusal = {
  status: 421 | 403 | 415
  refusal: 'host-unknown' | 'origin-foreign' | 'content-type-unknown'
}

/**
 * Holds a request against what our own page would send. Loopback is hostile too: any page in any browser of this
 * machine can send requests here, and DNS rebinding lets it pick the Host. Null when nothing is wrong.
 */
export function refuseForeign(
  headers: IncomingHttpHeaders,
  method: string,
  hosts: ReadonlySet<string>,
): LoopbackRefusal | null {
  const { host, origin } = headers
  if (host === undefined || !hosts.has(host)) return { status: 421, refusal: 'host-unknown' }
  const ownOrigin = `http://${host}`
  const fetchSite = headers['sec-fetch-site']
  if (origin !== undefined && origin !== ownOrigin) return { status: 403, refusal: 'origin-foreign' }
  if (method === 'GET' || method === 'HEAD') return null
  // Fetch Metadata: a browser of ours says same-origin; `none` is a person's own navigation, which never posts.
  if (origin === undefined || (fetchSite !== undefined && fetchSite !== 'same-origin')) {
    return { status: 403, refusal: 'origin-foreign' }
  }
  const type = headers['content-type']
  if (type !== undefined && !/^application\/json(?:;|$)/.test(type))
    return { status: 415, refusal: 'content-type-unknown' }
  return null
}

/** The names under which a server on a port may be addressed, as the Host header writes them. */
export function loopbackHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`])
}
