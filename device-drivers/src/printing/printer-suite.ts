import type { DeviceReason } from '@yizhan/contracts/device'
import type { TicketDoc } from '@yizhan/contracts/printing'
import { describe, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { makePrinterRig, printTicket, slipTexts, ticketText, untilHealth, type Wire } from './printer-rig.ts'

const voidSlip: TicketDoc = { blocks: [{ kind: 'text', text: '以上作废', scale: 2 }] }

/** What a printer and its driver promise, whatever lies between them. */
export function describePrinter(wire: Wire): void {
  describe(`a printer over ${wire}`, () => {
    promiseTickets(wire)
    promiseKeptTickets(wire)
    promiseHonestDoubt(wire)
    promiseGivingUp(wire)
    promiseNoMoreThanProved(wire)
  })
}

function promiseTickets(wire: Wire): void {
  test('proves a printed ticket by its process ID and its cut counter', async () => {
    const { sim, printer, healths } = await makePrinterRig(wire)
    const firstBytes: number[] = []
    const outcome = await printTicket(printer, { onFirstByte: (atMs) => firstBytes.push(atMs) })
    expect(outcome).toEqual({ ok: true, proof: { level: 'A', cutsBefore: 0, cutsAfter: 1 } })
    expect(slipTexts(sim)).toEqual([ticketText])
    expect(firstBytes).toHaveLength(1)
    expect(await printer.readCuts(5000)).toBe(1)
    expect(healths.map((health) => health.phase)).toEqual(['ready', 'busy', 'ready'])
    expect(healths.map((health) => health.seq)).toEqual([1, 2, 3])
  })

  test('prints tickets given at once one after the other, in order', async () => {
    const { sim, printer } = await makePrinterRig(wire)
    const numbers = ['A001', 'A002', 'A003', 'A004']
    const outcomes = await Promise.all(
      numbers.map((text) => {
        const doc: TicketDoc = { blocks: [{ kind: 'text', text }] }
        return printer.print({ jobId: text, attempt: 1, copy: 1, doc }, { deadlineMs: 60_000 })
      }),
    )
    expect(outcomes.map((outcome) => outcome.ok && outcome.proof.cutsAfter)).toEqual([1, 2, 3, 4])
    expect(slipTexts(sim)).toEqual(numbers)
  })
}

function promiseKeptTickets(wire: Wire): void {
  test('keeps a ticket when the paper runs out in the middle, and ends it after a reload, once', async () => {
    const { sim, printer } = await makePrinterRig(wire, { paperMm: 20 })
    const waits: DeviceReason[] = []
    const printing = printTicket(printer, { onWaiting: (reason) => waits.push(reason) })
    await vi.waitFor(() => expect(waits).toEqual(['paper-out']), patienceMs)
    expect(printer.health()).toMatchObject({ phase: 'fault', reasons: ['paper-out'] })
    expect(sim.journal()).toHaveLength(0)
    sim.body.setPaper(60_000)
    expect(await printing).toEqual({ ok: true, proof: { level: 'A', cutsBefore: 0, cutsAfter: 1 } })
    expect(slipTexts(sim)).toEqual([ticketText])
    expect(sim.journal()[0]?.partial).toBe(false)
    await untilHealth(printer, (health) => health.phase === 'ready')
  })

  test('keeps a ticket when the cover is opened in the middle', async () => {
    const { sim, printer } = await makePrinterRig(wire, { speedMmPerS: 100 })
    const waits: DeviceReason[] = []
    const printing = printTicket(printer, {
      onFirstByte: () => sim.body.setCover(true),
      onWaiting: (reason) => waits.push(reason),
    })
    await vi.waitFor(() => expect(waits).toEqual(['cover-open']), patienceMs)
    sim.body.setCover(false)
    expect(await printing).toMatchObject({ ok: true, proof: { level: 'A' } })
    expect(slipTexts(sim)).toEqual([ticketText])
  })

  test('sends nothing to a printer whose cover is open', async () => {
    const { sim, printer } = await makePrinterRig(wire)
    sim.body.setCover(true)
    await untilHealth(printer, (health) => health.reasons.includes('cover-open'))
    expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'cover-open' })
    sim.body.setCover(false)
    await untilHealth(printer, (health) => health.phase === 'ready')
    expect(sim.journal()).toHaveLength(0)
  })
}

function promiseHonestDoubt(wire: Wire): void {
  test('does not know what became of a ticket when the printer loses power, and comes back with it', async () => {
    const { sim, printer } = await makePrinterRig(wire, { speedMmPerS: 30 })
    const printing = printTicket(printer, { onFirstByte: () => setTimeout(() => void sim.setPower(false), 200) })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe' })
    await sim.setPower(true)
    expect(await printer.readCuts(20_000)).toBe(0)
    expect(await printer.printVoidSlip(voidSlip, 20_000)).toMatchObject({ ok: true })
    expect(sim.journal()).toMatchObject([{ partial: true }])
    expect(slipTexts(sim)[0]).toMatch(/^A037.*以上作废$/s)
  })

  test('does not know what became of a ticket when the driver process dies, and the cut counter tells afterwards', async () => {
    const { sim, printer, driverPid } = await makePrinterRig(wire, { speedMmPerS: 30 })
    const killed = driverPid()
    const printing = printTicket(printer, {
      onFirstByte: () => setTimeout(() => process.kill(killed, 'SIGKILL'), 200),
    })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe', reason: 'hung' })
    expect(await printer.readCuts(20_000)).toBe(1)
    expect(driverPid()).not.toBe(killed)
    expect(slipTexts(sim)).toEqual([ticketText])
    expect(await printTicket(printer)).toMatchObject({ ok: true, proof: { cutsBefore: 1, cutsAfter: 2 } })
  })

  test('finds by the cut counter a ticket that was ended after a reload, while no driver was there to see', async () => {
    const { sim, printer, driverPid } = await makePrinterRig(wire, { paperMm: 20 })
    const killed = driverPid()
    const printing = printTicket(printer, { onWaiting: () => process.kill(killed, 'SIGKILL') })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe' })
    await untilHealth(printer, (health) => health.reasons.includes('paper-out'))
    sim.body.setPaper(60_000)
    expect(await printer.readCuts(20_000)).toBe(1)
    expect(slipTexts(sim)).toEqual([ticketText])
  })
}

function promiseGivingUp(wire: Wire): void {
  test('gives a ticket up that is cancelled while it waits for paper, and marks the torso as void', async () => {
    const { sim, printer } = await makePrinterRig(wire, { paperMm: 20 })
    const printing = printTicket(printer, { onWaiting: () => void printer.cancel('job-1') })
    expect(await printing).toMatchObject({ ok: false, phase: 'partial', reason: 'paper-out' })
    sim.body.setPaper(60_000)
    expect(await printer.readCuts(20_000)).toBe(0)
    expect(await printer.printVoidSlip(voidSlip, 20_000)).toMatchObject({ ok: true })
    expect(sim.journal()).toMatchObject([{ partial: true }])
    expect(slipTexts(sim)[0]).not.toContain('YZ1.TEST')
  })

  test('gives a ticket up at its deadline when nobody loads paper', async () => {
    const { sim, printer } = await makePrinterRig(wire, { paperMm: 20 })
    expect(await printTicket(printer, { deadlineMs: 1000 })).toMatchObject({
      ok: false,
      phase: 'partial',
      reason: 'paper-out',
    })
    sim.body.setPaper(60_000)
    expect(await printer.readCuts(20_000)).toBe(0)
    expect(sim.journal()).toHaveLength(0)
  })
}

function promiseNoMoreThanProved(wire: Wire): void {
  test('warns when the paper nears its end, and prints on', async () => {
    const { printer } = await makePrinterRig(wire, { paperMm: 2900 })
    await untilHealth(printer, (health) => health.phase === 'degraded')
    expect(printer.health().reasons).toEqual(['paper-near-end'])
    expect(await printTicket(printer)).toMatchObject({ ok: true })
  })

  test('claims only what a plain printer can prove', async () => {
    const { sim, printer } = await makePrinterRig(wire, { profile: 'generic-80' })
    expect(printer.health()).toMatchObject({ phase: 'ready', evidence: 'B' })
    expect(await printTicket(printer)).toEqual({ ok: true, proof: { level: 'B', cutsBefore: null, cutsAfter: null } })
    expect(await printer.readCuts(5000)).toBeNull()
    expect(sim.journal()).toHaveLength(1)
  })

  test('claims nothing for a printer that may not be asked', async () => {
    const { sim, printer } = await makePrinterRig(wire, { profile: 'silent-80' })
    expect(await printTicket(printer)).toEqual({ ok: true, proof: { level: 'C', cutsBefore: null, cutsAfter: null } })
    await vi.waitFor(() => expect(sim.journal()).toHaveLength(1), patienceMs)
  })
}
