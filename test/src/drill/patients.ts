import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDefinedError, ORPCError, safe } from '@orpc/client'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { identifyTyped, type KioskClient } from '@yizhan/station-server/fixture/station-fixture'

/** A ticket that a patient was shown: from here on it must never be lost. */
export interface Acknowledged {
  bookingId: string
  queueNumber: string
}

/** Patients who check in one after the other, at several screens at once, whatever happens to the station. */
export interface Patients {
  acknowledged(): readonly Acknowledged[]
  /** Lets those who have begun finish, and no others begin. */
  stop(): Promise<void>
}

/** A retry of a screen whose station is gone: the page asks again about as often. */
const retryMs = 25
/** Every so often a patient comes back and asks again: the number must be the same. */
const comesBack = 0.2

/** Starts the patients; `client` is the station as it is at the moment, `pauseMs` the time between two of one screen. */
export function startPatients(
  bookings: readonly BookingRow[],
  deps: { screens: number; client: () => KioskClient; pauseMs: () => number; random: () => number },
): Patients {
  const acknowledged: Acknowledged[] = []
  const queue = bookings.values()
  let stopped = false
  const screen = async () => {
    for (const row of queue) {
      const times = deps.random() < comesBack ? 2 : 1
      for (let time = 0; time < times; time++) {
        const queueNumber = await checkInAtLast(row, deps.client)
        if (queueNumber !== null) acknowledged.push({ bookingId: row.bookingId, queueNumber })
      }
      if (stopped) return
      await sleep(deps.pauseMs())
    }
  }
  const screens = Promise.all(Array.from({ length: deps.screens }, screen))
  return {
    acknowledged: () => acknowledged,
    async stop() {
      stopped = true
      await screens
    },
  }
}

/** Tries until the station answers; null when it refuses for good, as it does when the hospital's day is over. */
async function checkInAtLast(row: BookingRow, client: () => KioskClient): Promise<string | null> {
  const operationId = randomUUID()
  for (;;) {
    const attempt = await safe(checkInOnce(client(), row, operationId))
    if (attempt.error === null) return attempt.data
    if (isDefinedError(attempt.error) && isRefusalForGood(attempt.error)) return null
    await sleep(retryMs)
  }
}

async function checkInOnce(client: KioskClient, row: BookingRow, operationId: string): Promise<string> {
  const { sessionId } = await identifyTyped(client, row.code, row.phoneLast4 ?? '')
  const asked = { sessionId, bookingId: row.bookingId, operationId, locale: 'zh-CN' as const }
  return (await client.checkIn.commit(asked)).queueNumber
}

function isRefusalForGood(error: unknown): boolean {
  return error instanceof ORPCError && error.code === 'check-in-closed'
}
