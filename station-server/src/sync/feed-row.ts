import { type FeedKind, feedRows } from '@yizhan/contracts/sync'
import type { z } from 'zod'

/** A row of the feed as this release understands it. */
export type FeedRow<Kind extends FeedKind> = z.infer<(typeof feedRows)[Kind]>

/**
 * Reads a row of the feed, without the fields that only a newer centre knows, at any depth; null when it lacks what this release
 * needs. Calls stay strict: what a person or a page sends is to be refused, what a newer centre adds is not.
 */
export function readFeedRow<Kind extends FeedKind>(kind: Kind, row: unknown): FeedRow<Kind> | null {
  const read = feedRows[kind].safeParse(row)
  if (read.success) return read.data as FeedRow<Kind>
  const bare = structuredClone(row)
  for (const issue of read.error.issues) {
    if (issue.code !== 'unrecognized_keys') return null
    const holder = valueAt(bare, issue.path)
    if (typeof holder === 'object' && holder !== null) for (const key of issue.keys) Reflect.deleteProperty(holder, key)
  }
  return (feedRows[kind].safeParse(bare).data ?? null) as FeedRow<Kind> | null
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (holder, key) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined),
    value,
  )
}
