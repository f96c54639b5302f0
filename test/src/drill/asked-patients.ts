import { randomUUID } from 'node:crypto'
import type { BookingRow } from '@yizhan/contracts/appointment'
import type { CutSlip } from '@yizhan/device-drivers/sim/sim-printer-body'
import { checkInTyped, type KioskClient } from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { readPaper } from './slip-paper.ts'

/**
 * Every patient whose slip is held comes back to the screen and says whether it came out, by what lies in the tray. Whoever
 * has none gets a marked copy. Answers how many were asked.
 */
export async function answerHeldSlips(
  client: KioskClient,
  folder: string,
  bookings: readonly BookingRow[],
  paper: readonly CutSlip[],
): Promise<number> {
  const inHand = new Set(
    paper
      .map(readPaper)
      .filter(({ kind }) => kind === 'ticket')
      .map(({ queueNumber }) => queueNumber),
  )
  const held = await readHeldBookings(folder)
  for (const row of bookings.filter(({ bookingId }) => held.has(bookingId))) {
    const { sessionId, ticket } = await checkInTyped(client, row)
    if (ticket.print?.state !== 'held') continue
    const cameOut = inHand.has(ticket.queueNumber)
    await client.checkIn.settlePrint({ sessionId, jobId: ticket.print.jobId, cameOut, operationId: randomUUID() })
  }
  return held.size
}

async function readHeldBookings(folder: string): Promise<Set<string>> {
  const db = openFixtureDb(folder)
  const rows = db.sql
    .prepare<[], { bookingId: string }>("SELECT booking_id AS bookingId FROM print_job WHERE state = 'held'")
    .all()
  await db.close()
  return new Set(rows.map(({ bookingId }) => bookingId))
}
