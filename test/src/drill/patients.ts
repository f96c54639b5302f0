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

/** What a patient brings. */
export type PatientBooking = Pick<BookingRow, 'bookingId' | 'code' | 'phoneLast4'>

/** Patients who check in one after the other, at several screens at once, whatever happens to the station. */
export interface Patients {
  acknowledged(): readonly Acknowledged[]
  /** Resolves when the last of them has been served. */
  served: Promise<void>
  /** Lets those who have begun finish, and no others begin. */
  stop(): Promise<void>
  /** Sends those home who are still trying; what each of them heard last. */
  giveUp(): string[]
}

/** A retry of a screen whose station is gone: the page asks again about as often. */
const retryMs = 25
/** Every so often a patient comes back and asks again: the number must be the same. */
const comesBack = 0.2

/** Starts the patients; `client` is the station as it is at the moment, `pauseMs` the time between two of one screen. */
export function startPatients(
  bookings: readonly PatientBooking[],
  deps: { screens: number; client: () => KioskClient; pauseMs: () => number; random: () => number },
): Patients {
  const acknowledged: Acknowledged[] = []
  const queue = bookings.values()
  const heard = new Map<string, string>()
  let [stopped, givenUp] = [false, false]
  const screen = async () => {
    for (const row of queue) {
      const times = deps.random() < comesBack ? 2 : 1
      for (let time = 0; time < times; time++) {
        heard.set(row.bookingId, 'nothing yet')
        const queueNumber = await checkInAtLast(row, deps.client, (error) => {
          heard.set(row.bookingId, String(error))
          return givenUp
        })
        heard.delete(row.bookingId)
        if (queueNumber !== null) acknowledged.push({ bookingId: row.bookingId, queueNumber })
      }
      if (stopped) return
      await sleep(deps.pauseMs())
    }
  }
  const served = Promise.all(Array.from({ length: deps.screens }, screen)).then(() => undefined)
  return {
    acknowledged: () => acknowledged,
    served,
    async stop() {
      stopped = true
      await served
    },
    giveUp() {
      stopped = true
      givenUp = true
      return [...heard].map(([bookingId, words]) => `booking ${bookingId} heard: ${words}`)
    },
  }
}

/** Tries until the station answers; null when it refuses for good, as it does when the hospital's day is over, or the patient gives up. */
async function checkInAtLast(
  row: PatientBooking,
  client: () => KioskClient,
  givesUp: (error: unknown) => boolean,
): Promise<string | null> {
  const operationId = randomUUID()
  for (;;) {
    const attempt = await safe(checkInOnce(client(), row, operationId))
    if (attempt.error === null) return attempt.data
    if (isDefinedError(attempt.error) && isRefusalForGood(attempt.error)) return null
    if (givesUp(attempt.error)) return null
    await sleep(retryMs)
  }
}

async function checkInOnce(client: KioskClient, row: PatientBooking, operationId: string): Promise<string> {
  const { sessionId } = await identifyTyped(client, row.code, row.phoneLast4 ?? '')
  const asked = { sessionId, bookingId: row.bookingId, operationId, locale: 'zh-CN' as const }
  return (await client.checkIn.commit(asked)).queueNumber
}

function isRefusalForGood(error: unknown): boolean {
  return error instanceof ORPCError && error.code === 'check-in-closed'
}
