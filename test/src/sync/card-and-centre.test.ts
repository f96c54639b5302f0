import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type HallAndCentre, openHallAndCentre } from './hall-and-centre.ts'

let hall: HallAndCentre

beforeEach(async () => {
  hall = await openHallAndCentre()
})
afterEach(() => hall.stop())

const wanted: Record<string, string[] | string> = {
  'Social-security card: can be checked in': ['on-time'],
  'The same person’s ID card': ['on-time'],
  'Hospital card: two appointments today': ['on-time', 'on-time'],
  'ID card: tomorrow': ['other-day'],
  'Contactless card: can be checked in': ['on-time'],
  'Social-security card: no booking': 'booking-unknown',
}

test('each card of the demo finds at the kiosk what its label says, also without the network', async () => {
  await hall.startStation()
  // The kiosk is ready before a reader's process has opened its line.
  await vi.waitFor(async () => expect(await hall.readersReady()).toBe(true), patienceMs)
  expect(hall.cards.map(({ label }) => label.en)).toEqual(Object.keys(wanted))
  for (const cut of [false, true]) {
    hall.setNetworkCut(cut)
    for (const card of hall.cards)
      expect(await hall.standingsByCard(card), card.label.en).toEqual(wanted[card.label.en])
  }
})
