import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'
import type { TicketDoc } from '@yizhan/contracts/printing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { LinkAddress } from '../device/byte-link.ts'
import { textOfSlip } from '../sim/escpos-decode.ts'
import { findPtyMaker, openPtyPair } from '../sim/pty-pair.ts'
import { type SimPrinter, type SimPrinterOptions, startPtySimPrinter, startTcpSimPrinter } from '../sim/sim-printer.ts'
import type { ProfileName } from './printer-profile.ts'
import { type SupervisedPrinter, startPrinter } from './supervised-printer.ts'

interface Rig {
  sim: SimPrinter
  printer: SupervisedPrinter
  /** Every health told, in order. */
  healths: DeviceHealth[]
  /** The process id of the driver process that runs now. */
  driverPid: () => number
}

type Wire = 'tcp' | 'serial'

/** Fast enough not to wait for, slow enough that a slip takes some tens of milliseconds. */
const testSpeedMmPerS = 1500

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const ticket: TicketDoc = {
  blocks: [
    { kind: 'text', text: 'A037', scale: 6, align: 'center' },
    { kind: 'row', label: '姓名', value: '张*䶮' },
    { kind: 'row', label: '地点', value: '二号楼三层' },
    { kind: 'qr', data: 'YZ1.TEST', moduleDots: 5 },
  ],
}

const ticketText = 'A037\n姓名  张*䶮\n地点  二号楼三层\n<YZ1.TEST>'

const voidSlip: TicketDoc = { blocks: [{ kind: 'text', text: '以上作废', scale: 2 }] }

async function plugIn(
  wire: Wire,
  options: Partial<SimPrinterOptions>,
): Promise<{ sim: SimPrinter; link: LinkAddress }> {
  const built = { now: Date.now, speedMmPerS: testSpeedMmPerS, ...options }
  if (wire === 'tcp') {
    const sim = await startTcpSimPrinter({ ...built, port: 0 })
    return { sim, link: { kind: 'tcp', host: '127.0.0.1', port: sim.port } }
  }
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('neither socat nor script is installed')
  const folder = await mkdtemp(join(tmpdir(), 'printer-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pty = await openPtyPair({ path: join(folder, 'line'), maker })
  return { sim: startPtySimPrinter({ ...built, pty }), link: { kind: 'serial', path: pty.path, baudRate: 115_200 } }
}

function drive(link: LinkAddress, profile: ProfileName): Omit<Rig, 'sim'> {
  const pids: number[] = []
  const log = (record: object) => {
    if ('event' in record && record.event === 'driver-started' && 'pid' in record) pids.push(Number(record.pid))
  }
  const printer = startPrinter({ deviceId: 'printer-1', profile, link }, { log, now: Date.now })
  cleanups.push(() => printer.stop())
  const healths: DeviceHealth[] = []
  printer.onHealth((health) => healths.push(health))
  return { printer, healths, driverPid: () => pids.at(-1) ?? 0 }
}

async function makeRig(wire: Wire, options: Partial<SimPrinterOptions> & { profile?: ProfileName } = {}): Promise<Rig> {
  const { sim, link } = await plugIn(wire, options)
  cleanups.push(() => sim.stop())
  const driven = drive(link, options.profile ?? 'epson-80')
  await untilHealth(driven.printer, (health) => health.evidence !== undefined)
  return { sim, ...driven }
}

/** A server that takes every connection and never says a word. */
async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

function untilHealth(printer: SupervisedPrinter, wanted: (health: DeviceHealth) => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!wanted(printer.health())) throw new Error(`still ${JSON.stringify(printer.health())}`)
    },
    { timeout: 20_000, interval: 10 },
  )
}

function print(printer: SupervisedPrinter, options: Partial<Parameters<SupervisedPrinter['print']>[1]> = {}) {
  return printer.print({ jobId: 'job-1', attempt: 1, copy: 1, doc: ticket }, { deadlineMs: 60_000, ...options })
}

function slipTexts(sim: SimPrinter): string[] {
  return sim.journal().map((slip) => textOfSlip(slip.lines))
}

describe.each<Wire>(['tcp', 'serial'])('a printer over %s', (wire) => {
  test('proves a printed ticket by its process ID and its cut counter', async () => {
    const { sim, printer, healths } = await makeRig(wire)
    const firstBytes: number[] = []
    const outcome = await print(printer, { onFirstByte: (atMs) => firstBytes.push(atMs) })
    expect(outcome).toEqual({ ok: true, proof: { level: 'A', cutsBefore: 0, cutsAfter: 1 } })
    expect(slipTexts(sim)).toEqual([ticketText])
    expect(firstBytes).toHaveLength(1)
    expect(await printer.readCuts(5000)).toBe(1)
    expect(healths.map((health) => health.phase)).toEqual(['ready', 'busy', 'ready'])
    expect(healths.map((health) => health.seq)).toEqual([1, 2, 3])
  })

  test('prints tickets given at once one after the other, in order', async () => {
    const { sim, printer } = await makeRig(wire)
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

  test('keeps a ticket when the paper runs out in the middle, and ends it after a reload, once', async () => {
    const { sim, printer } = await makeRig(wire, { paperMm: 20 })
    const waits: DeviceReason[] = []
    const printing = print(printer, { onWaiting: (reason) => waits.push(reason) })
    await vi.waitFor(() => expect(waits).toEqual(['paper-out']), 10_000)
    expect(printer.health()).toMatchObject({ phase: 'fault', reasons: ['paper-out'] })
    expect(sim.journal()).toHaveLength(0)
    sim.body.setPaper(60_000)
    expect(await printing).toEqual({ ok: true, proof: { level: 'A', cutsBefore: 0, cutsAfter: 1 } })
    expect(slipTexts(sim)).toEqual([ticketText])
    expect(sim.journal()[0]?.partial).toBe(false)
    await untilHealth(printer, (health) => health.phase === 'ready')
  })

  test('keeps a ticket when the cover is opened in the middle', async () => {
    const { sim, printer } = await makeRig(wire, { speedMmPerS: 100 })
    const waits: DeviceReason[] = []
    const printing = print(printer, {
      onFirstByte: () => sim.body.setCover(true),
      onWaiting: (reason) => waits.push(reason),
    })
    await vi.waitFor(() => expect(waits).toEqual(['cover-open']), 10_000)
    sim.body.setCover(false)
    expect(await printing).toMatchObject({ ok: true, proof: { level: 'A' } })
    expect(slipTexts(sim)).toEqual([ticketText])
  })

  test('sends nothing to a printer whose cover is open', async () => {
    const { sim, printer } = await makeRig(wire)
    sim.body.setCover(true)
    await untilHealth(printer, (health) => health.reasons.includes('cover-open'))
    expect(await print(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'cover-open' })
    sim.body.setCover(false)
    await untilHealth(printer, (health) => health.phase === 'ready')
    expect(sim.journal()).toHaveLength(0)
  })

  test('does not know what became of a ticket when the printer loses power, and comes back with it', async () => {
    const { sim, printer } = await makeRig(wire, { speedMmPerS: 30 })
    const printing = print(printer, { onFirstByte: () => setTimeout(() => void sim.setPower(false), 200) })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe' })
    await sim.setPower(true)
    expect(await printer.readCuts(20_000)).toBe(0)
    expect(await printer.printVoidSlip(voidSlip, 20_000)).toMatchObject({ ok: true })
    expect(sim.journal()).toMatchObject([{ partial: true }])
    expect(slipTexts(sim)[0]).toMatch(/^A037.*以上作废$/s)
  })

  test('does not know what became of a ticket when the driver process dies, and the cut counter tells afterwards', async () => {
    const { sim, printer, driverPid } = await makeRig(wire, { speedMmPerS: 30 })
    const killed = driverPid()
    const printing = print(printer, { onFirstByte: () => setTimeout(() => process.kill(killed, 'SIGKILL'), 200) })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe', reason: 'hung' })
    expect(await printer.readCuts(20_000)).toBe(1)
    expect(driverPid()).not.toBe(killed)
    expect(slipTexts(sim)).toEqual([ticketText])
    expect(await print(printer)).toMatchObject({ ok: true, proof: { cutsBefore: 1, cutsAfter: 2 } })
  })

  test('finds by the cut counter a ticket that was ended after a reload, while no driver was there to see', async () => {
    const { sim, printer, driverPid } = await makeRig(wire, { paperMm: 20 })
    const killed = driverPid()
    const printing = print(printer, { onWaiting: () => process.kill(killed, 'SIGKILL') })
    expect(await printing).toMatchObject({ ok: false, phase: 'maybe' })
    await untilHealth(printer, (health) => health.reasons.includes('paper-out'))
    sim.body.setPaper(60_000)
    expect(await printer.readCuts(20_000)).toBe(1)
    expect(slipTexts(sim)).toEqual([ticketText])
  })

  test('gives a ticket up that is cancelled while it waits for paper, and marks the torso as void', async () => {
    const { sim, printer } = await makeRig(wire, { paperMm: 20 })
    const printing = print(printer, { onWaiting: () => void printer.cancel('job-1') })
    expect(await printing).toMatchObject({ ok: false, phase: 'partial', reason: 'paper-out' })
    sim.body.setPaper(60_000)
    expect(await printer.readCuts(20_000)).toBe(0)
    expect(await printer.printVoidSlip(voidSlip, 20_000)).toMatchObject({ ok: true })
    expect(sim.journal()).toMatchObject([{ partial: true }])
    expect(slipTexts(sim)[0]).not.toContain('YZ1.TEST')
  })

  test('gives a ticket up at its deadline when nobody loads paper', async () => {
    const { sim, printer } = await makeRig(wire, { paperMm: 20 })
    expect(await print(printer, { deadlineMs: 1000 })).toMatchObject({
      ok: false,
      phase: 'partial',
      reason: 'paper-out',
    })
    sim.body.setPaper(60_000)
    expect(await printer.readCuts(20_000)).toBe(0)
    expect(sim.journal()).toHaveLength(0)
  })

  test('warns when the paper nears its end, and prints on', async () => {
    const { printer } = await makeRig(wire, { paperMm: 2900 })
    await untilHealth(printer, (health) => health.phase === 'degraded')
    expect(printer.health().reasons).toEqual(['paper-near-end'])
    expect(await print(printer)).toMatchObject({ ok: true })
  })

  test('claims only what a plain printer can prove', async () => {
    const { sim, printer } = await makeRig(wire, { profile: 'generic-80' })
    expect(printer.health()).toMatchObject({ phase: 'ready', evidence: 'B' })
    expect(await print(printer)).toEqual({ ok: true, proof: { level: 'B', cutsBefore: null, cutsAfter: null } })
    expect(await printer.readCuts(5000)).toBeNull()
    expect(sim.journal()).toHaveLength(1)
  })

  test('claims nothing for a printer that may not be asked', async () => {
    const { sim, printer } = await makeRig(wire, { profile: 'silent-80' })
    expect(await print(printer)).toEqual({ ok: true, proof: { level: 'C', cutsBefore: null, cutsAfter: null } })
    await vi.waitFor(() => expect(sim.journal()).toHaveLength(1), 10_000)
  })
})

test('tells when the printer cannot do what its profile promises', async () => {
  const { printer } = await makeRig('tcp', { unknownOrders: ['ask-process-id'] })
  expect(printer.health()).toMatchObject({ phase: 'degraded', reasons: ['config-mismatch'], evidence: 'B' })
  expect(await print(printer)).toMatchObject({ ok: true, proof: { level: 'B' } })
})

test('a cut counter that does not count proves nothing, now or later', async () => {
  const { printer } = await makeRig('tcp', { unknownOrders: ['cut'] })
  expect(await print(printer)).toEqual({ ok: true, proof: { level: 'B', cutsBefore: 0, cutsAfter: 0 } })
  expect(printer.health()).toMatchObject({ phase: 'degraded', reasons: ['config-mismatch'], evidence: 'B' })
  expect(await printer.readCuts(5000)).toBeNull()
})

test('a command that somebody left half sent does not swallow the next ticket', async () => {
  const { sim, link } = await plugIn('tcp', {})
  cleanups.push(() => sim.stop())
  if (link.kind !== 'tcp') throw new Error('not a TCP link')
  const other = connect(link.port, link.host)
  const halfQr = [0x1d, 0x28, 0x6b, 0xf4, 0x01, 0x31, 0x50, 0x30, 0x41]
  other.end(Buffer.from(halfQr))
  await once(other, 'close')
  const { printer } = drive(link, 'epson-80')
  await untilHealth(printer, (health) => health.evidence !== undefined)
  expect(printer.health().evidence).toBe('A')
  expect(await print(printer)).toMatchObject({ ok: true })
  expect(slipTexts(sim)).toEqual([ticketText])
})

test('a slip that cannot be compiled is the caller’s fault, and nothing is sent', async () => {
  const { sim, printer } = await makeRig('tcp')
  const doc: TicketDoc = { blocks: [{ kind: 'qr', data: '', moduleDots: 4 }] }
  await expect(printer.print({ jobId: 'j', attempt: 1, copy: 1, doc }, { deadlineMs: 1000 })).rejects.toThrow(
    RangeError,
  )
  expect(() => printer.bytesOf(doc)).toThrow(RangeError)
  expect(await print(printer)).toMatchObject({ ok: true })
  expect(sim.journal()).toHaveLength(1)
})

test('a printer that refuses the connection is absent, and gets nothing', async () => {
  const { server, port } = await listen()
  await new Promise((resolve) => server.close(resolve))
  const { printer } = drive({ kind: 'tcp', host: '127.0.0.1', port }, 'epson-80')
  await untilHealth(printer, (health) => health.phase === 'absent')
  expect(printer.health().reasons).toEqual(['link-lost'])
  expect(await print(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'link-lost' })
})

test('a serial line that is not there is absent too', async () => {
  const { printer } = drive({ kind: 'serial', path: join(tmpdir(), 'no-such-line'), baudRate: 9600 }, 'epson-80')
  await untilHealth(printer, (health) => health.phase === 'absent')
  expect(await print(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'link-lost' })
})

test('a peer that answers nothing is mute, not ready', async () => {
  const { server, port } = await listen()
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const { printer } = drive({ kind: 'tcp', host: '127.0.0.1', port }, 'epson-80')
  await untilHealth(printer, (health) => health.reasons.includes('mute'))
  expect(await print(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'mute' })
})

test('a driver process that hangs is killed and replaced', async () => {
  const { printer, driverPid } = await makeRig('tcp')
  const hung = driverPid()
  process.kill(hung, 'SIGSTOP')
  await untilHealth(printer, (health) => health.reasons.includes('hung'))
  await untilHealth(printer, (health) => health.phase === 'ready')
  expect(driverPid()).not.toBe(hung)
  expect(await print(printer)).toMatchObject({ ok: true })
})

test('a command that outlives its deadline in a hung process ends as maybe', async () => {
  const { sim, printer, driverPid } = await makeRig('tcp', { speedMmPerS: 30 })
  const outcome = await print(printer, { deadlineMs: 500, onFirstByte: () => process.kill(driverPid(), 'SIGSTOP') })
  expect(outcome).toMatchObject({ ok: false, phase: 'maybe', reason: 'hung' })
  expect(await printer.readCuts(20_000)).toBe(sim.view().cuts)
})

test('stop ends the driver process', async () => {
  const { printer, driverPid } = await makeRig('tcp')
  const pid = driverPid()
  await printer.stop()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
