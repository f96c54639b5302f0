import { type FeedChange, feedKinds } from '@yizhan/contracts/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bookingChange, fixtureBooking, fixtureStructure } from '../fixture/demo-rows.ts'
import { readFeedRow } from './feed-row.ts'

const rows: FeedChange[] = [...fixtureStructure(), bookingChange(fixtureBooking(Date.UTC(2026, 10, 21), 1))]
const kindOf = (kind: string) => feedKinds.find((known) => known === kind) ?? 'hospital'

/** The row with another field in each of its objects, at every depth. */
function withMore(value: unknown, name: string, more: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withMore(one, name, more))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([key, field]) => [key, withMore(field, name, more)])
  return { ...Object.fromEntries(fields), [name]: more }
}

test('what a newer centre adds to a row, at any depth, is left out, and the row is taken', () => {
  const name = fc.stringMatching(/^new[A-Za-z]{1,10}$/)
  fc.assert(
    fc.property(fc.constantFrom(...rows), name, fc.jsonValue(), ({ kind, row }, field, more) => {
      expect(readFeedRow(kindOf(kind), withMore(row, field, more))).toEqual(row)
    }),
  )
})

test('a row that lacks what this release needs is not taken, whatever else it brings', () => {
  for (const { kind, row } of rows) {
    for (const missing of Object.keys(row ?? {}).filter((key) => key !== 'cardHashes')) {
      const { [missing]: _, ...rest } = row ?? {}
      expect(readFeedRow(kindOf(kind), { ...rest, more: 1 })).toBeNull()
    }
  }
})
