import { describe, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import type { SimPrinter } from '../sim/sim-printer.ts'
import {
  makePrinterRig,
  printTicket,
  serialWires,
  slipTexts,
  ticketText,
  untilHealth,
  type Wire,
} from './printer-rig.ts'

function fault(sim: SimPrinter, verb: string, args: object = {}): void {
  const done = sim.wire.verbs[verb]?.(args)
  if (done !== undefined) throw new Error(`${verb} is refused`)
}

describe.each<Wire>(['tcp', ...serialWires().slice(0, 1), 'usblp'])('a faulty printer over %s', (wire) => {
  test('that falls mute in the middle is not believed, and is well again when it answers', async () => {
    const { sim, printer } = await makePrinterRig(wire)
    const printing = printTicket(printer, { onFirstByte: () => fault(sim, 'mute', { on: true }) })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe', reason: 'mute' })
    await untilHealth(printer, (health) => health.phase === 'fault' && health.reasons.includes('mute'))
    fault(sim, 'mute', { on: false })
    expect(await printer.readCuts(30_000)).toBe(1)
    expect(slipTexts(sim)).toEqual([ticketText])
  })

  test('whose connection drops in the middle leaves a doubt that its counter settles', async () => {
    const { sim, printer } = await makePrinterRig(wire, { speedMmPerS: 100 })
    const printing = printTicket(printer, { onFirstByte: () => setTimeout(() => void sim.dropLink(), 100) })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe', reason: 'link-lost' })
    expect(await printer.readCuts(30_000)).toBe(1)
    expect(slipTexts(sim)).toEqual([ticketText])
  })
})

test('a printer that answers late, but in its time, is believed', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  sim.body.faults.setAnswerDelay(700)
  expect(await printTicket(printer)).toMatchObject({ ok: true, proof: { level: 'A', cutsBefore: 0, cutsAfter: 1 } })
  expect(printer.health()).toMatchObject({ phase: 'ready', reasons: [] })
})

test('a printer that breaks off its answers is not believed, and its halves spoil nothing that follows', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  const printing = printTicket(printer, { onFirstByte: () => fault(sim, 'half') })
  expect(await printing).toMatchObject({ ok: false, phase: 'maybe' })
  expect(await printer.readCuts(30_000)).toBe(1)
  expect(await printTicket(printer)).toMatchObject({ ok: true, proof: { cutsBefore: 1, cutsAfter: 2 } })
})

test('a printer that talks nonsense between its answers is understood all the same', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  const printing = printTicket(printer, { onFirstByte: () => fault(sim, 'garbage', { bytes: 300 }) })
  const outcome = await printing
  // Nonsense may look like a status; what it must not look like is a proof of a slip that nobody printed.
  expect(sim.view().cuts).toBe(1)
  if (outcome.ok) expect(outcome.proof).toMatchObject({ cutsBefore: 0, cutsAfter: 1 })
  expect(await printer.readCuts(30_000)).toBe(1)
})

test('a printer that answers to something else than it was asked is not believed', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  sim.body.faults.setWrongProcessId(true)
  expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'maybe', reason: 'protocol' })
})

test('a printer whose real-time answers come too late is mute, and no late answer is taken for another', async () => {
  const { sim, printer, healths } = await makePrinterRig('tcp', { profile: 'generic-80', paperMm: 2900 })
  sim.body.faults.setAnswerDelay(1500)
  sim.body.setCover(true)
  await untilHealth(printer, (health) => health.reasons.includes('cover-open'))
  await untilHealth(printer, (health) => health.reasons.includes('mute'))
  // The answer to question 4 says near end in bits that mean an open cover and an error in those of question 2 and 3.
  const told = new Set(healths.flatMap((health) => health.reasons))
  expect([...told].sort()).toEqual(['cover-open', 'mute', 'paper-near-end'])
})

test('a counter that goes back is no proof', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  sim.body.setCuts(500)
  expect(await printer.readCuts(5000)).toBe(500)
  sim.body.setCuts(20)
  expect(await printer.readCuts(5000)).toBeNull()
  await untilHealth(printer, (health) => health.reasons.includes('config-mismatch'))
  expect(await printTicket(printer)).toEqual({ ok: true, proof: { level: 'B', cutsBefore: null, cutsAfter: null } })
})

test('a counter that is found to have gone back only when a slip is to be printed lowers the proof, and prints', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  sim.body.setCuts(500)
  expect(await printer.readCuts(5000)).toBe(500)
  sim.body.setCuts(20)
  expect(await printTicket(printer)).toEqual({ ok: true, proof: { level: 'B', cutsBefore: null, cutsAfter: null } })
  expect(slipTexts(sim)).toEqual([ticketText])
})

test('an answer in order proves nothing at level B while the cover is open', async () => {
  const { sim, printer } = await makePrinterRig('tcp', { profile: 'generic-80', speedMmPerS: Number.POSITIVE_INFINITY })
  sim.body.faults.setAnswerDelay(600)
  const printing = printTicket(printer, { onFirstByte: () => setTimeout(() => sim.body.setCover(true), 300) })
  expect(await printing).toMatchObject({ ok: false, phase: 'maybe', reason: 'cover-open' })
})

test('offline without a cause, and broken for good, are said in words', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  sim.body.setOffline(true)
  await untilHealth(printer, (health) => health.reasons[0] === 'offline')
  expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'offline' })
  sim.body.setOffline(false)
  sim.body.setUnrecoverable(true)
  await untilHealth(printer, (health) => health.reasons[0] === 'unrecoverable')
  sim.body.setUnrecoverable(false)
  await untilHealth(printer, (health) => health.phase === 'ready')
})

test('a jammed knife is said, and the slip goes on when it is free', async () => {
  const { sim, printer } = await makePrinterRig('tcp', { speedMmPerS: 100 })
  const waits: string[] = []
  const printing = printTicket(printer, {
    onFirstByte: () => sim.body.setCutterJammed(true),
    onWaiting: (reason) => waits.push(reason),
  })
  await vi.waitFor(() => expect(waits).toEqual(['cutter-jammed']), patienceMs)
  sim.body.setCutterJammed(false)
  expect(await printing).toMatchObject({ ok: true })
})
