import { cleanup, render, screen, waitFor } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import './kiosk.css'
import { ScreenPanes } from './screen-panes.tsx'
import { TouchButton } from './touch-button.tsx'

afterEach(cleanup)

function atCentreOf(button: HTMLElement): Element | null {
  const { left, top, width, height } = button.getBoundingClientRect()
  return document.elementFromPoint(left + width / 2, top + height / 2)
}
const isHit = (button: HTMLElement) => button.contains(atCentreOf(button))

test('a touched control is deaf for a third of a second and then hears again', async () => {
  let presses = 0
  render(
    <div class="kiosk">
      <TouchButton
        rank="key"
        onPress={() => {
          presses += 1
        }}
      >
        7
      </TouchButton>
    </div>,
  )
  const key = screen.getByRole('button', { name: '7' })
  expect(isHit(key)).toBe(true)
  key.click()
  expect(presses).toBe(1)
  expect(isHit(key)).toBe(false)
  await waitFor(() => expect(isHit(key)).toBe(true))
})

test('a new screen is deaf for a third of a second, so that a second tap meant for the last one is lost', async () => {
  render(
    <div class="kiosk">
      <ScreenPanes
        title="question"
        controls={
          <TouchButton rank="primary" onPress={() => undefined}>
            yes
          </TouchButton>
        }
      />
    </div>,
  )
  const yes = screen.getByRole('button', { name: 'yes' })
  expect(isHit(yes)).toBe(false)
  await waitFor(() => expect(isHit(yes)).toBe(true))
})

test('a touch leaves the focus where it was, so that Enter on the keypad does not repeat the key', () => {
  render(
    <TouchButton rank="key" onPress={() => undefined}>
      7
    </TouchButton>,
  )
  const down = new MouseEvent('mousedown', { bubbles: true, cancelable: true })
  screen.getByRole('button', { name: '7' }).dispatchEvent(down)
  expect(down.defaultPrevented).toBe(true)
})
