import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { startSimUps } from '@yizhan/device-drivers/sim/sim-ups'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bookingChange, fixtureBooking, fixtureIds, fixtureStructure } from '../fixture/demo-rows.ts'
import { checkInTyped, identifyTyped, startStationFixture } from '../fixture/station-fixture.ts'
import { openFixtureDb, prepareStationFolder } from '../fixture/station-folder.ts'
import { startPowerWatch } from './power-watch.ts'

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const ups = (phase: DeviceHealth['phase'], ...reasons: DeviceReason[]): DeviceHealth => ({
  deviceId: 'ups',
  kind: 'ups',
  phase,
  reasons,
  since: 0,
  seq: 1,
})

describe('the power watch', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function watch() {
    const told: (boolean | 'low')[] = []
    const power = startPowerWatch({ onChanged: () => told.push(power.isFailing()), onLow: () => told.push('low') })
    cleanups.push(power.stop)
    return { power, told }
  }

  test('does not tell of a blink, and tells of everything longer and of its end', () => {
    const { power, told } = watch()
    power.see(ups('degraded', 'on-battery'))
    vi.advanceTimersByTime(4999)
    power.see(ups('ready'))
    vi.advanceTimersByTime(60_000)
    expect(told).toEqual([])
    power.see(ups('degraded', 'on-battery'))
    vi.advanceTimersByTime(3000)
    // A worn battery is noticed meanwhile: the same outage goes on.
    power.see(ups('degraded', 'on-battery', 'battery-worn'))
    vi.advanceTimersByTime(2000)
    expect(told).toEqual([true])
    power.see(ups('ready'))
    expect(told).toEqual([true, false])
  })

  test('tells at once, and once, that the battery gives out, however short it was used', () => {
    const { power, told } = watch()
    power.see(ups('degraded', 'on-battery', 'battery-low'))
    power.see(ups('degraded', 'on-battery', 'battery-low', 'battery-worn'))
    expect(told).toEqual([true, 'low'])
    power.see(ups('degraded', 'battery-low'))
    expect(told).toEqual([true, 'low', false])
    power.see(ups('degraded', 'on-battery', 'battery-low'))
    expect(told.slice(3)).toEqual([true, 'low'])
  })

  test('holds what a UPS last said while it is silent', () => {
    const { power, told } = watch()
    power.see(ups('degraded', 'on-battery'))
    power.see(ups('fault', 'link-lost'))
    vi.advanceTimersByTime(5000)
    expect(told).toEqual([true])
    power.see(ups('opening'))
    vi.advanceTimersByTime(600_000)
    expect(told).toEqual([true])
    power.see(ups('ready'))
    expect(told).toEqual([true, false])
  })
})

async function simulatedUps() {
  const sim = await startSimUps({ port: 0, upsName: 'ups', now: Date.now })
  cleanups.push(() => sim.stop())
  const link = { kind: 'tcp' as const, host: '127.0.0.1', port: sim.port }
  return { sim, config: { deviceId: 'ups', link, upsName: 'ups' } }
}

test('on battery who has begun may finish and nobody new begins; with the mains back everything goes on by itself', async () => {
  const [one, other] = [fixtureBooking(Date.now(), 1), fixtureBooking(Date.now(), 2)]
  const { sim, config } = await simulatedUps()
  const fixture = await startStationFixture([...fixtureStructure(), bookingChange(one), bookingChange(other)], {
    devices: { ups: config },
  })
  cleanups.push(() => fixture.stop())
  const outOfService = async () => (await fixture.client.station.view()).outOfService
  const until = (state: string | null) =>
    vi.waitFor(async () => expect(await outOfService()).toBe(state), { timeout: patienceMs, interval: 100 })
  const { sessionId } = await identifyTyped(fixture.client, one.code, one.phoneLast4 ?? '')
  sim.setMains(false)
  await until('power-failing')
  const ask = { sessionId, bookingId: one.bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
  expect(await fixture.client.checkIn.commit(ask)).toMatchObject({ queueNumber: 'A001' })
  await expect(checkInTyped(fixture.client, other)).rejects.toMatchObject({ code: 'out-of-service' })
  sim.setMains(true)
  await until(null)
  expect((await checkInTyped(fixture.client, other)).ticket).toMatchObject({ queueNumber: 'A002' })
})

test('a battery that gives out ends the station’s process with a status of its own and a closed database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yz-power-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  await prepareStationFolder(folder, fixtureStructure(), 10)
  const { sim, config } = await simulatedUps()
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: {
      STATION_PORT: '0',
      STATION_DATA: folder,
      STATION_STATIC_DIR: join(folder, 'page'),
      STATION_CENTRE_URL: 'http://127.0.0.1:9',
      STATION_TENANT_ID: fixtureIds.tenant,
      STATION_PRINTER: JSON.stringify({
        deviceId: 'printer',
        profile: 'epson-80',
        link: { kind: 'tcp', host: '127.0.0.1', port: 9 },
      }),
      STATION_UPS: JSON.stringify(config),
      STATION_LAUNCH_TOKEN_FILE: join(folder, 'launch-token'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => child.kill('SIGKILL'))
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString('utf8')
  })
  await vi.waitFor(() => expect(said).toContain('station ready'), patienceMs)
  const ended = once(child, 'exit')
  sim.setCharge(10)
  sim.setMains(false)
  expect(await ended).toEqual([75, null])
  expect(said).toContain('the battery is about to give out')
  expect(said).toContain('station stopped')
  await openFixtureDb(folder).close()
})
