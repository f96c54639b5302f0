import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceHealth } from '@yizhan/contracts/device'
import type { TicketDoc } from '@yizhan/contracts/printing'
import { afterEach, vi } from 'vitest'
import type { LinkAddress } from '../device/byte-link.ts'
import { patienceMs } from '../device/test-patience.ts'
import { textOfSlip } from '../sim/escpos-decode.ts'
import { findPtyMaker, openPtyPair, type PtyMaker } from '../sim/pty-pair.ts'
import { type SimPrinter, type SimPrinterOptions, startPtySimPrinter, startTcpSimPrinter } from '../sim/sim-printer.ts'
import type { PresenterState } from './presenter-status.ts'
import type { ProfileName } from './printer-profile.ts'
import { type SupervisedPrinter, startPrinter } from './supervised-printer.ts'

/** How the simulated printer is reached; the kernel's usblp is stood in for by a terminal, which is a character device too. */
export type Wire = 'tcp' | 'serial-socat' | 'serial-script' | 'usblp'

/** A simulated printer and the supervised driver that is connected to it. */
export interface PrinterRig {
  sim: SimPrinter
  printer: SupervisedPrinter
  /** Every health told, in order. */
  healths: DeviceHealth[]
  /** Every word of the presenter, in order. */
  presented: PresenterState[]
  /** The process id of the driver process that runs now. */
  driverPid: () => number
}

/** Fast enough not to wait for, slow enough that a slip takes some tens of milliseconds. */
const testSpeedMmPerS = 1500

/** A slip with a rare name, and what stands on paper then. */
export const ticket: TicketDoc = {
  blocks: [
    { kind: 'text', text: 'A037', scale: 6, align: 'center' },
    { kind: 'row', label: '姓名', value: '张*䶮' },
    { kind: 'row', label: '地点', value: '二号楼三层' },
    { kind: 'qr', data: 'YZ1.TEST', moduleDots: 5 },
  ],
}
export const ticketText = 'A037\n姓名  张*䶮\n地点  二号楼三层\n<YZ1.TEST>'

const cleanups: (() => Promise<unknown>)[] = []

/** Has this done after the test, latest first. */
export function onCleanup(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup)
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A simulated printer and the address at which a driver finds it. */
export async function plugIn(
  wire: Wire,
  options: Partial<SimPrinterOptions>,
): Promise<{ sim: SimPrinter; link: LinkAddress }> {
  const built = { now: Date.now, speedMmPerS: testSpeedMmPerS, ...options }
  if (wire === 'tcp') {
    const sim = await startTcpSimPrinter({ ...built, port: 0 })
    return { sim, link: { kind: 'tcp', host: '127.0.0.1', port: sim.port } }
  }
  const folder = await mkdtemp(join(tmpdir(), 'printer-'))
  onCleanup(() => rm(folder, { recursive: true }))
  const pty = await openPtyPair({ path: join(folder, 'line'), maker: makerOf(wire) })
  const sim = startPtySimPrinter({ ...built, pty })
  if (wire === 'usblp') return { sim, link: { kind: 'usblp', path: pty.path } }
  return { sim, link: { kind: 'serial', path: pty.path, baudRate: 115_200 } }
}

function makerOf(wire: Exclude<Wire, 'tcp'>): PtyMaker {
  const maker = wire === 'serial-script' ? 'script' : findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('neither socat nor script is installed')
  return maker
}

/** The wires of a serial line that this machine can make: socat is the nicer maker, but not on every machine; script is. */
export function serialWires(): Wire[] {
  return findPtyMaker(process.env['PATH'] ?? '') === 'socat' ? ['serial-socat', 'serial-script'] : ['serial-script']
}

/** A supervised driver for whatever is at the address. */
export function drive(link: LinkAddress, profile: ProfileName): Omit<PrinterRig, 'sim'> {
  const pids: number[] = []
  const log = (record: object) => {
    if ('event' in record && record.event === 'driver-started' && 'pid' in record) pids.push(Number(record.pid))
  }
  const printer = startPrinter({ deviceId: 'printer-1', profile, link }, { log, now: Date.now })
  onCleanup(() => printer.stop())
  const healths: DeviceHealth[] = []
  const presented: PresenterState[] = []
  printer.onHealth((health) => healths.push(health))
  printer.onPresenter((state) => presented.push(state))
  const driverPid = () => {
    const pid = pids.at(-1)
    // To a signal, 0 would mean all of the test's own process group.
    if (pid === undefined) throw new Error('no driver process was started')
    return pid
  }
  return { printer, healths, presented, driverPid }
}

/** Both, with the printer greeted. */
export async function makePrinterRig(
  wire: Wire,
  options: Partial<SimPrinterOptions> & { profile?: ProfileName } = {},
): Promise<PrinterRig> {
  const { sim, link } = await plugIn(wire, options)
  onCleanup(() => sim.stop())
  const driven = drive(link, options.profile ?? 'epson-80')
  await untilHealth(driven.printer, (health) => health.evidence !== undefined)
  return { sim, ...driven }
}

/** Waits until the printer's health is as wanted. */
export function untilHealth(printer: SupervisedPrinter, wanted: (health: DeviceHealth) => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!wanted(printer.health())) throw new Error(`still ${JSON.stringify(printer.health())}`)
    },
    { timeout: patienceMs, interval: 10 },
  )
}

/** Prints the ticket as job `job-1`. */
export function printTicket(
  printer: SupervisedPrinter,
  options: Partial<Parameters<SupervisedPrinter['print']>[1]> = {},
) {
  return printer.print({ jobId: 'job-1', attempt: 1, copy: 1, doc: ticket }, { deadlineMs: 60_000, ...options })
}

/** The text of every slip that was cut off. */
export function slipTexts(sim: SimPrinter): string[] {
  return sim.journal().map((slip) => textOfSlip(slip.lines))
}
