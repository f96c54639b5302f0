import { ORPCError } from '@orpc/server'

/** Text that PostgreSQL cannot hold: U+0000, and halves of surrogate pairs, which are no characters (RFC 3629 §3). */
const unstorable = /\0|\p{Surrogate}/u

/** The path of the first text, or name of a field, in a value that no database could hold; null when there is none. */
export function unstorableField(value: unknown): string | null {
  const open: Place[] = [{ path: '', value }]
  // A list of what is still to be looked at, not recursion: hostile input nests deeper than the stack goes.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value === 'string' && unstorable.test(next.value)) return next.path
    const inner = placesWithin(next)
    if (inner.some(({ name }) => unstorable.test(name))) return next.path
    open.push(...inner)
  }
  return null
}

interface Place {
  path: string
  value: unknown
}

/** A path longer than this names a place nobody looks for; it is cut, or deep nesting would make it endless. */
const longestPath = 200

function placesWithin({ path, value }: Place): (Place & { name: string })[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).map(([name, inner]) => {
    const longer = path === '' ? name : `${path}.${name}`
    return { name, path: longer.length > longestPath ? path : longer, value: inner }
  })
}

/** Refuses an input with such text, naming the field. */
export function refuseUnstorable(input: unknown): void {
  const field = unstorableField(input)
  if (field === null) return
  const issues = [{ path: field.split('.'), message: 'holds a character that no text may hold' }]
  throw new ORPCError('BAD_REQUEST', { message: 'Input validation failed', data: { issues } })
}
