import type { PrintJobState } from '@yizhan/contracts/printing'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { afterEach, expect, test, vi } from 'vitest'
import { type PrintFixture, startPrintFixture } from '../fixture/print-fixture.ts'

const running: PrintFixture[] = []
afterEach(async () => {
  for (const fixture of running.splice(0)) await fixture.stop()
})

async function start(options: Parameters<typeof startPrintFixture>[0]) {
  const fixture = await startPrintFixture(options)
  running.push(fixture)
  return fixture
}

const untilState = (fixture: PrintFixture, jobId: string, state: PrintJobState) =>
  vi.waitFor(() => expect(fixture.job(jobId).state).toBe(state), { timeout: patienceMs, interval: 20 })

const untilPrinting = ({ sim }: PrintFixture) =>
  vi.waitFor(() => expect(sim.view().printing).toBe(true), { timeout: patienceMs, interval: 5 })

test('a printer of level B confirms by its ordered answer, and a slip that a restart caught in mid-print is held, not sent again', async () => {
  const fixture = await start({ profile: 'generic-80', speedMmPerS: 150 })
  const first = await fixture.ask('A001')
  await untilState(fixture, first, 'confirmed')
  const second = await fixture.ask('A002')
  await untilPrinting(fixture)
  await fixture.restart()
  await untilState(fixture, second, 'held')
  await untilState(fixture, await fixture.ask('A003'), 'confirmed')
  expect(fixture.job(second)).toMatchObject({ state: 'held', attempt: 1 })
  expect(fixture.slips().filter((text) => text === 'A003')).toHaveLength(1)
  expect(fixture.slips().filter((text) => text.includes('A002')).length).toBeLessThanOrEqual(1)
  expect(fixture.told(first)).toEqual([{ state: 'confirmed', by: 'evidence' }])
})

test('a piece of a slip of unknown outcome does not come out on top of the next one', async () => {
  const fixture = await start({ profile: 'generic-80', speedMmPerS: 150 })
  const held = await fixture.ask('A001')
  await untilPrinting(fixture)
  await fixture.sim.setPower(false)
  await untilState(fixture, held, 'held')
  await fixture.sim.setPower(true)
  const next = await fixture.ask('A002')
  await untilState(fixture, next, 'confirmed')
  const [voided, whole] = fixture.slips()
  expect(voided).toMatch(/^A001.*作废/s)
  expect(whole).toBe('A002')
})

test('a printer that proves less than it did before a crash keeps nobody waiting for a count that it cannot tell', async () => {
  const fixture = await start({ speedMmPerS: 150 })
  const caught = await fixture.ask('A001')
  await untilPrinting(fixture)
  await fixture.restart('generic-80')
  await untilState(fixture, caught, 'held')
  await untilState(fixture, await fixture.ask('A002'), 'confirmed')
  expect(fixture.slips().filter((text) => text.includes('A001')).length).toBeLessThanOrEqual(1)
})
