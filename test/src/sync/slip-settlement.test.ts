import type { SlipRow } from '@yizhan/contracts/fleet'
import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type HallAndCentre, openHallAndCentre } from './hall-and-centre.ts'

let hall: HallAndCentre

beforeEach(async () => {
  hall = await openHallAndCentre()
})
afterEach(() => hall.stop())

/** Within the five seconds in which staff are to see a slip in trouble, and what a busy test machine adds. */
const patient = { timeout: 40_000, interval: 100 }

async function slipOf(queueNumber: string): Promise<SlipRow | undefined> {
  return (await hall.slips()).find((slip) => slip.queueNumber === queueNumber)
}

async function untilListed(queueNumber: string, seen: Partial<SlipRow>): Promise<SlipRow> {
  await vi.waitFor(async () => expect(await slipOf(queueNumber)).toMatchObject(seen), patient)
  const slip = await slipOf(queueNumber)
  if (slip === undefined) throw new Error(`${queueNumber} is not listed`)
  return slip
}

const numbersOnPaper = () =>
  hall.printer
    .journal()
    .map(({ lines }) => textOfSlip(lines))
    .filter((text) => !text.includes('作废'))

test('the desk sees a slip that waits for paper, gives it up, and the kiosk prints it no more', async () => {
  await hall.startStation()
  const [first, second] = hall.bookings.filter(({ shows }) => shows === 'on-time')
  if (!first || !second) throw new Error('too few bookings')
  hall.printer.body.setPaper(0)
  const [given, kept] = [await hall.checkIn(first), await hall.checkIn(second)]
  const slip = await untilListed(given, { state: 'queued', reason: 'paper-out', decision: null })
  expect(slip.patientNameMasked).toMatch(/\*/)
  // The network goes away between the desk's word and the kiosk: it is carried out when it is back.
  hall.setNetworkCut(true)
  await hall.settleSlip(slip, 'cancel')
  expect(await slipOf(given)).toMatchObject({ state: 'queued', decision: 'cancel' })
  hall.setNetworkCut(false)
  await untilListed(given, { state: 'failed', decision: null })
  const told = await hall.query<{ state: string; settled_by: string }>(
    'select state, settled_by from ticket_print where job_id = $1',
    [slip.jobId],
  )
  expect(told).toEqual([{ state: 'failed', settled_by: 'staff' }])
  hall.printer.body.setPaper(10_000)
  await vi.waitFor(() => expect(numbersOnPaper().filter((text) => text.includes(kept))).toHaveLength(1), patient)
  expect(numbersOnPaper().filter((text) => text.includes(given))).toHaveLength(0)
})
