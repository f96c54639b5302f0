import { screen, waitFor } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { heading, type KioskVisit, visitKiosk } from '../shell/kiosk-visit.tsx'

const qr = 'YZ1.AB12CD34.0308'
let visit: KioskVisit

beforeEach(async () => {
  // The page hears keys as soon as the station has said that it has no scanner: the part is at hand then.
  await import('./wedge-scanner.ts')
  visit = await visitKiosk({ scanner: null })
})
afterEach(() => visit.leave())

test('a code that a scanner types goes to the station, and nothing of it is typed on the page', async () => {
  await userEvent.keyboard(`${qr}{Enter}`)
  await waitFor(() => expect(visit.station.asked.scanned).toEqual([{ text: qr }]))
  await heading('自助签到')
})

test('a focused field does not swallow a scan', async () => {
  const field = document.body.appendChild(document.createElement('input'))
  field.focus()
  await userEvent.keyboard(`${qr}{Enter}`)
  await waitFor(() => expect(visit.station.asked.scanned).toHaveLength(1))
  expect(field.value).toBe('')
  field.remove()
})

test('digits pressed one by one on a number keypad are typed, each a moment later', async () => {
  await userEvent.keyboard('2')
  await heading('请输入预约码')
  await userEvent.keyboard('0')
  await screen.findByText('已输入：2 0')
  await userEvent.keyboard('{Backspace}')
  await screen.findByText('已输入：2')
  await userEvent.keyboard('{Enter}')
  await screen.findByText(/还差 8 位/)
  expect(visit.station.asked.scanned).toEqual([])
})

test('a code longer than any of ours is told as such, and never sent', async () => {
  await userEvent.keyboard(`${'9'.repeat(520)}{Enter}`)
  await heading('这不是预约二维码')
  expect(visit.station.asked.scanned).toEqual([])
})
