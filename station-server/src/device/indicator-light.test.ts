import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationView } from '@yizhan/contracts/station'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startIndicatorLight } from './indicator-light.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const health = (
  kind: DeviceHealth['kind'],
  phase: DeviceHealth['phase'],
  reasons: DeviceHealth['reasons'] = [],
): DeviceHealth => ({ deviceId: kind, kind, phase, reasons, since: 0, seq: 1 })
const view = (
  outOfService: StationView['outOfService'],
  printer: DeviceHealth | null = health('printer', 'ready'),
): Pick<StationView, 'outOfService' | 'printer'> => ({ outOfService, printer })

function lampOf(phase: DeviceHealth['phase'] = 'ready') {
  const shown: string[] = []
  const lamp = { show: (signal: string) => void shown.push(signal), health: () => health('indicator', phase) }
  return { shown, light: startIndicatorLight(lamp) }
}

test('the lamp is ready while patients can be served with paper, calls for staff when not, and is dark before the box is in service', () => {
  const { shown, light } = lampOf()
  light.follow(view('not-configured'))
  light.follow(view(null))
  light.follow(view(null, health('printer', 'degraded', ['paper-near-end'])))
  light.follow(view(null, health('printer', 'fault', ['paper-out'])))
  for (const reason of ['storage-full', 'revoked', 'power-failing'] as const) light.follow(view(reason))
  light.follow(view(null, null))
  light.follow(view(null, health('printer', 'opening')))
  expect(shown).toEqual(['off', 'ready', 'ready', 'error', 'error', 'error', 'error', 'ready', 'ready'])
})

test('tried out it calls for two seconds whatever happens meanwhile, and then shows how the station is', async () => {
  const { shown, light } = lampOf()
  light.follow(view(null))
  const tried = light.tryOut()
  light.follow(view('storage-full'))
  expect(shown).toEqual(['ready', 'call'])
  await vi.advanceTimersByTimeAsync(2000)
  expect(await tried).toBeNull()
  expect(shown).toEqual(['ready', 'call', 'error'])
})

test('a board that is not connected has failed', async () => {
  const { light } = lampOf('absent')
  const tried = light.tryOut()
  await vi.advanceTimersByTimeAsync(2000)
  expect(await tried).toBe('link-lost')
})
