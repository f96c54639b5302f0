import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { openTcpLink } from '../device/tcp-link.ts'
import { patienceMs } from '../device/test-patience.ts'
import { type SimPrinter, startTcpSimPrinter } from '../sim/sim-printer.ts'
import { compileTicket } from './escpos-compile.ts'
import type { PresenterState } from './presenter-status.ts'
import { PresenterWatch } from './presenter-watch.ts'
import { type PrinterProfile, printerProfiles } from './printer-profile.ts'
import {
  drive,
  makePrinterRig,
  onCleanup,
  printTicket,
  slipTexts,
  ticket,
  ticketText,
  untilHealth,
} from './printer-rig.ts'
import { PrinterSession } from './printer-session.ts'
import { makeRasterFont } from './raster-font.ts'
import { printSlip } from './slip-printing.ts'

interface Mouth {
  sim: SimPrinter
  watch: PresenterWatch
  told: PresenterState[]
  print: () => Promise<PresenterState | null>
}

const hand = new AbortController().signal

/** A kiosk printer whose patients are given a third of a second. */
async function openMouth(untaken: 'retract' | 'eject', binHolds: number): Promise<Mouth> {
  const presenter = { presentSteps: 128, takeMs: 300, untaken }
  const profile: PrinterProfile = { ...printerProfiles['custom-kiosk-80'], presenter }
  const sim = await startTcpSimPrinter({ port: 0, now: Date.now, speedMmPerS: 2000, presenterBinHolds: binHolds })
  onCleanup(() => sim.stop())
  const opened: { session?: PrinterSession } = {}
  const link = await openTcpLink({ host: '127.0.0.1', port: sim.port }, (bytes) => opened.session?.receive(bytes))
  const told: PresenterState[] = []
  const session = new PrinterSession(link, profile, () => undefined)
  opened.session = session
  session.evidence = 'B'
  const watch = new PresenterWatch({
    profile: presenter,
    session,
    tell: (state) => told.push(state),
    changed: () => undefined,
  })
  onCleanup(async () => {
    session.end()
    await watch.stop()
  })
  const { bytes } = compileTicket(ticket, profile, makeRasterFont())
  const print = async () => {
    const command = { kind: 'print' as const, bytes, patienceMs: 5000, limitMs: 10_000 }
    expect(await printSlip(session, command, { signal: hand, progress: () => undefined })).toMatchObject({ ok: true })
    return await watch.presented()
  }
  return { sim, watch, told, print }
}

test('a slip that is taken in time is said to be in the mouth, then taken', async () => {
  const { sim, watch, told, print } = await openMouth('retract', 3)
  expect(await print()).toBe('in-mouth')
  sim.body.presenter?.takeTicket()
  expect(await watch.untilFree(hand, () => undefined)).toBe(true)
  expect(told).toEqual(['in-mouth', 'taken'])
  expect(sim.view().presenter).toEqual({ ticketInMouth: false, binned: 0, binFull: false })
})

test('a slip that nobody takes is drawn back, out of the sight of the next patient', async () => {
  const { sim, watch, told, print } = await openMouth('retract', 3)
  await print()
  expect(await watch.untilFree(hand, () => undefined)).toBe(true)
  expect(told).toEqual(['in-mouth', 'retracted'])
  expect(sim.view().presenter).toMatchObject({ ticketInMouth: false, binned: 1 })
  expect(watch.reasons).toEqual([])
})

test('a full bin is said, and the slip falls out in front instead, so that the next one can be printed', async () => {
  const { sim, watch, told, print } = await openMouth('retract', 1)
  sim.body.presenter?.fillBin()
  await print()
  expect(await watch.untilFree(hand, () => undefined)).toBe(true)
  expect(told).toEqual(['in-mouth', 'bin-full', 'ejected'])
  expect(watch.reasons).toEqual(['bin-full'])
  sim.body.presenter?.emptyBin()
  await print()
  expect(await watch.untilFree(hand, () => undefined)).toBe(true)
  expect(told.slice(3)).toEqual(['in-mouth', 'retracted'])
  expect(watch.reasons).toEqual([])
})

test('whoever opens the printer is taken to have emptied the bin', async () => {
  const { sim, watch, print } = await openMouth('retract', 1)
  sim.body.presenter?.fillBin()
  await print()
  await watch.untilFree(hand, () => undefined)
  watch.noteOpened()
  expect(watch.reasons).toEqual([])
})

test('a printer without a bin lets the slip fall', async () => {
  const { sim, watch, told, print } = await openMouth('eject', 3)
  await print()
  expect(await watch.untilFree(hand, () => undefined)).toBe(true)
  expect(told).toEqual(['in-mouth', 'ejected'])
  expect(sim.view().presenter).toMatchObject({ binned: 0 })
})

test('a slip that is stuck in the mouth is said, and over when a hand pulls it out', async () => {
  const { sim, watch, told, print } = await openMouth('eject', 3)
  await print()
  sim.body.presenter?.setStuck(true)
  expect(await watch.untilFree(hand, () => undefined)).toBe(false)
  expect(watch.stuck).toBe(true)
  expect(watch.reasons).toEqual(['ticket-not-taken'])
  sim.body.presenter?.takeTicket()
  await vi.waitFor(() => expect(watch.stuck).toBe(false), patienceMs)
  expect(told).toEqual(['in-mouth', 'taken'])
  expect(watch.reasons).toEqual([])
})

test('the next slip waits, with a word, until the one before it is taken', async () => {
  const { sim, printer, presented } = await makePrinterRig('tcp', {
    profile: 'custom-kiosk-80',
    presenterBinHolds: 3,
  })
  const first = await printTicket(printer)
  expect(first).toEqual({ ok: true, proof: { level: 'B', cutsBefore: null, cutsAfter: null, presenter: 'in-mouth' } })
  const waits: string[] = []
  const second = printTicket(printer, {
    onWaiting: (reason) => {
      waits.push(reason)
      sim.body.presenter?.takeTicket()
    },
  })
  expect(await second).toMatchObject({ ok: true })
  expect(waits).toEqual(['ticket-not-taken'])
  expect(slipTexts(sim)).toEqual([ticketText, ticketText])
  await vi.waitFor(() => expect(presented).toEqual(['in-mouth', 'taken', 'in-mouth']), patienceMs)
})

test('a slip whose wait for the mouth is over was never begun', async () => {
  const { sim, printer } = await makePrinterRig('tcp', { profile: 'custom-kiosk-80', presenterBinHolds: 3 })
  await printTicket(printer)
  expect(await printTicket(printer, { deadlineMs: 500 })).toMatchObject({
    ok: false,
    phase: 'not-started',
    reason: 'ticket-not-taken',
  })
  expect(sim.journal()).toHaveLength(1)
})

test('a slip that lies in the mouth when the driver starts is watched too', async () => {
  const { sim, printer, presented, driverPid } = await makePrinterRig('tcp', {
    profile: 'custom-kiosk-80',
    presenterBinHolds: 3,
  })
  await printTicket(printer)
  const killed = driverPid()
  process.kill(killed, 'SIGKILL')
  await vi.waitFor(() => expect(driverPid()).not.toBe(killed), patienceMs)
  await untilHealth(printer, (health) => health.evidence !== undefined)
  await vi.waitFor(() => expect(presented).toEqual(['in-mouth', 'in-mouth']), patienceMs)
  sim.body.presenter?.takeTicket()
  await vi.waitFor(() => expect(presented.at(-1)).toBe('taken'), patienceMs)
})

test('full status tells what DLE EOT 1 to 4 tell, and no more than there is', async () => {
  const { sim, printer } = await makePrinterRig('tcp', {
    profile: 'custom-kiosk-80',
    presenterBinHolds: 3,
    paperMm: 2900,
  })
  expect(printer.health()).toMatchObject({ phase: 'degraded', reasons: ['paper-near-end'], evidence: 'B' })
  sim.body.setCover(true)
  expect(await printTicket(printer)).toMatchObject({ ok: false })
  await untilHealth(printer, (health) => health.reasons.includes('cover-open'))
})

/** A cable to the printer that is pulled when the printer is first looked at after a slip was cut. */
async function cableThatBreaksAfterTheCut(sim: SimPrinter & { port: number }): Promise<number> {
  const server = createServer((near) => {
    const far = connect(sim.port, '127.0.0.1')
    far.pipe(near)
    near.on('data', (bytes) => {
      const isLook = bytes[0] === 0x10 && bytes[1] === 0x04
      if (isLook && sim.journal().length > 0) near.destroy()
      else far.write(bytes)
    })
    near.on('close', () => far.destroy())
    for (const socket of [near, far]) socket.on('error', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onCleanup(async () => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test('a link that breaks between the cut and the look at the mouth does not make the slip one that was never begun', async () => {
  const sim = await startTcpSimPrinter({ port: 0, now: Date.now, speedMmPerS: 2000, presenterBinHolds: 3 })
  onCleanup(() => sim.stop())
  const port = await cableThatBreaksAfterTheCut(sim)
  const { printer } = drive({ kind: 'tcp', host: '127.0.0.1', port }, 'custom-kiosk-80')
  await untilHealth(printer, (health) => health.evidence !== undefined)
  expect(await printTicket(printer)).not.toMatchObject({ phase: 'not-started' })
  expect(sim.journal()).toHaveLength(1)
})
