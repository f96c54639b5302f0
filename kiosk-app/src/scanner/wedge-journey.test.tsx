import { screen, waitFor } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { heading, type KioskVisit, visitKiosk } from '../shell/kiosk-visit.tsx'
import { screenPatienceMs } from '../shell/screen-patience.ts'

const qr = 'YZ1.AB12CD34.0308'
let visit: KioskVisit

beforeEach(async () => {
  visit = await visitKiosk({ scanner: null })
  await listening()
})
afterEach(() => visit.leave())

/** Resolves once the page holds keys: a letter that means nothing to it is kept, and handed on a moment later. */
async function listening(): Promise<void> {
  let kept: boolean | undefined = false
  const handedOn = new Promise<void>((resolve) => {
    window.addEventListener('keydown', function hear() {
      if (!kept) return
      window.removeEventListener('keydown', hear)
      resolve()
    })
  })
  // By time, not by changes of the page: each key here may change it.
  await vi.waitFor(() => {
    kept = type(['a'])[0]
    expect(kept).toBe(true)
  }, screenPatienceMs)
  await handedOn
}

/** Presses keys at the focus without a pause, as only a scanner can; tells which of them the page was kept from. */
function type(keys: readonly string[]): boolean[] {
  return keys.map((key) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    return !(document.activeElement ?? document.body).dispatchEvent(event)
  })
}

test('a code that a scanner types goes to the station, and nothing of it is typed on the page', async () => {
  expect(type([...qr, 'Enter'])).not.toContain(false)
  await waitFor(() => expect(visit.station.asked.scanned).toEqual([{ text: qr }]))
  await heading('自助签到')
})

test('a focused field hears nothing of a scan', async () => {
  const field = document.body.appendChild(document.createElement('input'))
  let heard = 0
  field.addEventListener('keydown', () => {
    heard += 1
  })
  field.focus()
  expect(type([...qr, 'Enter'])).not.toContain(false)
  await waitFor(() => expect(visit.station.asked.scanned).toHaveLength(1))
  expect(heard).toBe(0)
  field.remove()
})

test('digits pressed one by one on a number keypad are typed, each a moment later', async () => {
  type(['2'])
  await heading('请输入预约码')
  type(['0'])
  await screen.findByText('已输入：2 0')
  type(['Backspace'])
  await screen.findByText('已输入：2')
  type(['Enter'])
  await screen.findByText(/还差 8 位/)
  expect(visit.station.asked.scanned).toEqual([])
})

test('a code longer than any of ours, and one of other characters, are told as such and never sent', async () => {
  type([...'9'.repeat(520), 'Enter'])
  await heading('这不是预约二维码')
  type([...'预约码二维码', 'Enter'])
  await heading('这个码无法识别')
  expect(visit.station.asked.scanned).toEqual([])
})
