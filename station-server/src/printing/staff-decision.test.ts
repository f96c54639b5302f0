import type { PrintJobState } from '@yizhan/contracts/printing'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { afterEach, expect, test, vi } from 'vitest'
import { type PrintFixture, startPrintFixture } from '../fixture/print-fixture.ts'

const running: PrintFixture[] = []
afterEach(async () => {
  for (const fixture of running.splice(0)) await fixture.stop()
})

async function start(options: Parameters<typeof startPrintFixture>[0] = {}) {
  const fixture = await startPrintFixture(options)
  running.push(fixture)
  return fixture
}

const untilState = (fixture: PrintFixture, jobId: string, state: PrintJobState) =>
  vi.waitFor(() => expect(fixture.job(jobId).state).toBe(state), { timeout: patienceMs, interval: 20 })

const untilPrinting = ({ sim }: PrintFixture) =>
  vi.waitFor(() => expect(sim.view().printing).toBe(true), { timeout: patienceMs, interval: 5 })

/** A slip whose outcome nobody can know: the power of a printer without counters went away in mid-print. */
async function holdOne(fixture: PrintFixture, text: string): Promise<string> {
  const jobId = await fixture.ask(text)
  await untilPrinting(fixture)
  await fixture.sim.setPower(false)
  await untilState(fixture, jobId, 'held')
  return jobId
}

test('a slip that waits for paper is given up by staff, and no paper brings it back', async () => {
  const fixture = await start()
  fixture.sim.body.setPaper(0)
  const [first, second] = [await fixture.ask('A001'), await fixture.ask('A002')]
  await vi.waitFor(() => expect(fixture.job(first).reason).toBe('paper-out'), patienceMs)
  await fixture.decide(second, 'cancel')
  await untilState(fixture, second, 'failed')
  expect(fixture.told(second)).toEqual([{ state: 'failed', by: 'staff' }])
  fixture.sim.body.setPaper(10_000)
  await untilState(fixture, first, 'confirmed')
  const third = await fixture.ask('A003')
  await untilState(fixture, third, 'confirmed')
  expect(fixture.slips()).toEqual(['A001', 'A003'])
})

test('a slip that stopped in mid-print for paper is given up by staff: what is on paper is cut off as void before the next', async () => {
  const fixture = await start({ speedMmPerS: 100 })
  const given = await fixture.ask('A001')
  await untilPrinting(fixture)
  fixture.sim.body.setPaper(0)
  await vi.waitFor(
    () => expect(fixture.job(given)).toMatchObject({ state: 'sending', reason: 'paper-out' }),
    patienceMs,
  )
  await fixture.decide(given, 'cancel')
  await untilState(fixture, given, 'failed')
  expect(fixture.told(given)).toEqual([{ state: 'failed', by: 'staff' }])
  fixture.sim.body.setPaper(10_000)
  const next = await fixture.ask('A002')
  await untilState(fixture, next, 'confirmed')
  const [voided, whole, ...more] = fixture.slips()
  expect(voided).toMatch(/A001.*作废/s)
  expect(whole).toBe('A002')
  expect(more).toEqual([])
})

test('staff say what became of a slip of unknown outcome: it came out, or it is void, and nothing is printed by that', async () => {
  const fixture = await start({ profile: 'generic-80', speedMmPerS: 150 })
  const held = await holdOne(fixture, 'A001')
  await fixture.decide(held, 'came-out')
  await untilState(fixture, held, 'confirmed')
  expect(fixture.told(held)).toEqual([
    { state: 'held', by: 'evidence' },
    { state: 'confirmed', by: 'staff' },
  ])
  await fixture.sim.setPower(true)
  await untilState(fixture, await fixture.ask('A002'), 'confirmed')
  const other = await holdOne(fixture, 'A003')
  await fixture.decide(other, 'not-printed')
  await untilState(fixture, other, 'void')
  await fixture.sim.setPower(true)
  await untilState(fixture, await fixture.ask('A004'), 'confirmed')
  expect(fixture.slips().filter((text) => !text.includes('作废'))).toEqual(['A002', 'A004'])
})

test('a decision that comes again, also after a restart, is carried out once', async () => {
  const fixture = await start({ profile: 'generic-80', speedMmPerS: 150 })
  const held = await holdOne(fixture, 'A001')
  for (let time = 0; time < 3; time += 1) await fixture.decide(held, 'not-printed')
  await untilState(fixture, held, 'void')
  await fixture.restart()
  await fixture.decide(held, 'not-printed')
  await fixture.decide(held, 'came-out')
  await fixture.sim.setPower(true)
  const next = await fixture.ask('A002')
  await untilState(fixture, next, 'confirmed')
  expect(fixture.job(held).state).toBe('void')
  expect(fixture.told(held)).toEqual([
    { state: 'held', by: 'evidence' },
    { state: 'void', by: 'staff' },
  ])
})

test('a decision that came while the station was down is carried out when it starts', async () => {
  const fixture = await start()
  fixture.sim.body.setPaper(0)
  const waiting = await fixture.ask('A001')
  await fixture.decide(waiting, 'cancel', 'aside')
  await fixture.restart()
  await untilState(fixture, waiting, 'failed')
  expect(fixture.told(waiting)).toEqual([{ state: 'failed', by: 'staff' }])
})

test('a decision about a slip that ended otherwise, that it does not fit, or that is not here changes nothing', async () => {
  const fixture = await start({ profile: 'generic-80', speedMmPerS: 150 })
  const printed = await fixture.ask('A001')
  await untilState(fixture, printed, 'confirmed')
  await fixture.decide(printed, 'cancel')
  const held = await holdOne(fixture, 'A002')
  await fixture.decide(held, 'cancel')
  await fixture.decide('01985f00-0000-7000-8000-00000000dead', 'came-out')
  await fixture.sim.setPower(true)
  const next = await fixture.ask('A003')
  await untilState(fixture, next, 'confirmed')
  expect([fixture.job(printed).state, fixture.job(held).state]).toEqual(['confirmed', 'held'])
  expect(fixture.told(printed)).toHaveLength(1)
})

test('a slip given up in the middle of its printing is cancelled at the printer, and ends as what the printer proves', async () => {
  const fixture = await start({ speedMmPerS: 40 })
  const given = await fixture.ask('A001')
  await untilPrinting(fixture)
  await fixture.decide(given, 'cancel')
  await vi.waitFor(() => expect(['failed', 'confirmed']).toContain(fixture.job(given).state), patienceMs)
  const whole = fixture.slips().includes('A001')
  expect(fixture.job(given).state).toBe(whole ? 'confirmed' : 'failed')
  expect(fixture.told(given)).toEqual([
    whole ? { state: 'confirmed', by: 'evidence' } : { state: 'failed', by: 'staff' },
  ])
})
