import { isIP } from 'node:net'

/**
 * The address that a request comes from: the connection's own, unless a proxy that was configured by its exact address made
 * it. Then the right-most address of X-Forwarded-For that is none of the proxies counts: what stands further left was written
 * by whoever sent the request (OWASP ASVS 4.1.3).
 */
export function peerAddress(
  connection: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[],
): string | undefined {
  if (connection === undefined || !isTrusted(connection, trustedProxies)) return connection
  const told = (forwardedFor ?? '').split(',').map((part) => part.trim())
  for (const address of told.reverse()) {
    // A proxy writes addresses; anything else was written before it, and so is nothing that could be relied on.
    if (isIP(address) === 0) return connection
    if (!isTrusted(address, trustedProxies)) return plain(address)
  }
  return connection
}

function isTrusted(address: string, trustedProxies: readonly string[]): boolean {
  return trustedProxies.some((proxy) => plain(proxy) === plain(address))
}

/** IPv4 as it arrives at a socket for both kinds: `::ffff:203.0.113.7`. */
function plain(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
}
