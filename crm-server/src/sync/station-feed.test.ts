import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FeedChange } from '@yizhan/contracts/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelBooking, createBooking, rescheduleBooking } from '../appointment/appointment.ts'
import {
  acceptedValue,
  type HospitalFixture,
  horizonPassed,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { noteFeedChange } from './feed-change.ts'
import { purgeFeed } from './feed-purge.ts'
import { pullStationFeed } from './station-feed.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

const dayMs = 86_400_000

/** A station as far as the feed goes: its cursor and the bookings it holds. */
function follower(max = 500) {
  let cursor: string | null = null
  const bookings = new Map<string, Record<string, unknown>>()
  const seen: string[] = []
  const apply = ({ kind, key, op, row }: FeedChange) => {
    seen.push(key)
    if (kind !== 'booking') return
    if (op === 'put' && row !== undefined) bookings.set(key, row)
    else bookings.delete(key)
  }
  const pullPage = async (nowMs: number): Promise<boolean> => {
    const page = acceptedValue(await pullStationFeed(hospital.db, hospital.tenantId, { cursor, max }, nowMs))
    cursor = page.cursor
    expect(page.changes.length).toBeLessThanOrEqual(max)
    page.changes.forEach(apply)
    return page.more
  }
  const pullAll = async (nowMs = morningMs): Promise<number> => {
    let pages = 1
    while (await pullPage(nowMs)) pages += 1
    return pages
  }
  return {
    bookings,
    seen,
    cursor: () => cursor,
    pullAll,
    /** Pulls everything that was committed before the call. */
    async catchUp(nowMs = morningMs): Promise<void> {
      await horizonPassed(hospital.db)
      await pullAll(nowMs)
    },
  }
}

async function book(startMs = morningMs + 1_800_000): Promise<string> {
  const slot = { slotStart: startMs, slotEnd: startMs + 900_000 }
  const input = hospital.newBooking({ operationId: randomUUID(), ...slot })
  return acceptedValue(await createBooking(hospital, hospital.staff(), input)).bookingId
}

test('a snapshot in pages of one row names everything that one big page names', async () => {
  for (let at = 0; at < 5; at += 1) await book()
  await book(morningMs + dayMs)
  await book(morningMs + 3 * dayMs)
  const [whole, paged] = [follower(), follower(1)]
  await whole.pullAll()
  const pages = await paged.pullAll()
  expect(paged.bookings).toEqual(whole.bookings)
  expect(whole.bookings.size).toBe(6)
  expect(pages).toBe(1 + 2 + 3 + 6)
})

test('cancelled and moved bookings stay in the feed of their day and say so', async () => {
  const station = follower()
  const [cancelled, moved] = [await book(), await book()]
  await station.pullAll()
  await cancelBooking(hospital, hospital.staff(), { bookingId: cancelled, operationId: randomUUID() })
  const slot = { slotStart: morningMs + dayMs, slotEnd: morningMs + dayMs + 900_000 }
  const created = acceptedValue(
    await rescheduleBooking(hospital, hospital.staff(), { bookingId: moved, operationId: randomUUID(), ...slot }),
  )
  await station.catchUp()
  expect(station.bookings.get(cancelled)).toMatchObject({ state: 'cancelled', version: 2 })
  expect(station.bookings.get(moved)).toMatchObject({ state: 'rescheduled', movedTo: slot.slotStart })
  expect(station.bookings.get(created.bookingId)).toMatchObject({ state: 'booked', slotStart: slot.slotStart })
})

test('when the day turns, yesterday is taken out and the new tomorrow brought in', async () => {
  const later = morningMs + 10 * dayMs
  const [today, tomorrow, dayAfter] = [await book(later), await book(later + dayMs), await book(later + 2 * dayMs)]
  const station = follower(2)
  await station.pullAll(later)
  expect([...station.bookings.keys()].sort()).toEqual([today, tomorrow].sort())
  await station.pullAll(later + dayMs)
  expect([...station.bookings.keys()].sort()).toEqual([tomorrow, dayAfter].sort())
  await station.pullAll(later + 2 * dayMs)
  expect([...station.bookings.keys()]).toEqual([dayAfter])
})

test('no change is skipped while eight writers overlap, some of them slow to commit', async () => {
  const station = follower(50)
  await station.pullAll()
  const written: string[] = []
  let writing = true
  const writer = async (number: number) => {
    for (let round = 0; round < 25; round += 1) {
      const key = newId(morningMs)
      await inTenant(hospital.db, hospital.tenantId, async (tx) => {
        await noteFeedChange({ ...hospital.staff(), tx }, [{ kind: 'booking', key }])
        if ((round + number) % 5 === 0) await sleep(5)
      })
      written.push(key)
    }
  }
  const reading = (async () => {
    while (writing) await station.pullAll()
    await station.catchUp()
  })()
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)))
  writing = false
  await reading
  const seen = new Set(station.seen)
  expect(written.filter((key) => !seen.has(key))).toEqual([])
  expect(written).toHaveLength(200)
})

test('a change of a transaction that is still open comes after it has committed, though later ones came first', async () => {
  const station = follower()
  await station.pullAll()
  const gate = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const [slow, quick] = [newId(1), newId(1)]
  const slowWrite = inTenant(hospital.db, hospital.tenantId, async (tx) => {
    await noteFeedChange({ ...hospital.staff(), tx }, [{ kind: 'booking', key: slow }])
    opened.resolve()
    await gate.promise
  })
  await opened.promise
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    noteFeedChange({ ...hospital.staff(), tx }, [{ kind: 'booking', key: quick }]),
  )
  await station.pullAll()
  expect(station.seen).not.toContain(quick)
  gate.resolve()
  await slowWrite
  await station.catchUp()
  expect(station.seen).toEqual(expect.arrayContaining([slow, quick]))
})

test('a cursor that is not ours, from another history, from the future or too old means starting again', async () => {
  const station = follower()
  await station.pullAll()
  const body = JSON.parse(Buffer.from(station.cursor() ?? '', 'base64url').toString())
  const written = (changes: object) => Buffer.from(JSON.stringify({ ...body, ...changes })).toString('base64url')
  const future = { ...body.changes, xid: '99999999999' }
  const bad = [
    'x',
    'bnVsbA',
    written({ history: '1-1' }),
    written({ changes: future }),
    // A change that is not here: the centre was put back to before it.
    written({ changes: { ...body.changes, changeId: newId(1) } }),
    written({ issuedAt: morningMs - 4 * dayMs }),
  ]
  for (const cursor of bad) {
    const outcome = await pullStationFeed(hospital.db, hospital.tenantId, { cursor, max: 10 }, morningMs)
    expect(outcome).toEqual({ ok: false, error: 'cursor-gone' })
  }
})

test('noted changes are dropped after a week and not before', async () => {
  const countChanges = () =>
    inTenant(hospital.db, hospital.tenantId, async (tx) => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from feed_change`.execute(tx)
      return rows[0]?.count
    })
  const before = await countChanges()
  await purgeFeed(hospital.db, hospital.tenantId, morningMs + 6 * dayMs)
  expect(await countChanges()).toBe(before)
  await purgeFeed(hospital.db, hospital.tenantId, morningMs + 8 * dayMs)
  expect(await countChanges()).toBe(0)
})
