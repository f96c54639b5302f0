/** What a set of rows comes to: how many, and the exclusive or of their 64-bit hashes as 16 hex digits. */
export interface FeedChecksum {
  count: number
  xor64: string
}

/**
 * The hash of one row, 16 hex digits, over its JSON with fields in the order of their names: both ends come to the same, whatever
 * order a row was read in. It notices drift, not malice: whoever could forge a row could forge this.
 */
export function feedRowHash(kind: string, key: string, row: unknown): string {
  // Two lanes of 32 bits each, mixed as in MurmurHash3's finalizer (A. Appleby, public domain): BigInt would take fifty times as long.
  const text = `${kind}\n${key}\n${JSON.stringify(inOrder(row))}`
  let [high, low] = [0x9e3779b9, 0x85ebca6b]
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 0x27d4eb2f)
    low = Math.imul(low ^ unit, 0x165667b1)
    high ^= low >>> 15
    low ^= high >>> 13
  }
  return hex(finish(high ^ (low << 7))) + hex(finish(low ^ (high << 11)))
}

/** The checksum of rows by their hashes; the same in whatever order they are given. */
export function feedChecksum(hashes: Iterable<string>): FeedChecksum {
  let [count, high, low] = [0, 0, 0]
  for (const hash of hashes) {
    count += 1
    high ^= Number.parseInt(hash.slice(0, 8), 16)
    low ^= Number.parseInt(hash.slice(8), 16)
  }
  return { count, xor64: hex(high) + hex(low) }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, inOrder(field)]),
  )
}

function finish(lane: number): number {
  const once = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}
