import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TicketDoc } from '@yizhan/contracts/printing'
import { expect, test } from 'vitest'
import {
  drive,
  makePrinterRig,
  onCleanup,
  plugIn,
  printTicket,
  slipTexts,
  ticketText,
  untilHealth,
} from './printer-rig.ts'

/** A server that takes every connection and never says a word. */
async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

test('tells when the printer cannot do what its profile promises', async () => {
  const { printer } = await makePrinterRig('tcp', { unknownOrders: ['ask-process-id'] })
  expect(printer.health()).toMatchObject({ phase: 'degraded', reasons: ['config-mismatch'], evidence: 'B' })
  expect(await printTicket(printer)).toMatchObject({ ok: true, proof: { level: 'B' } })
})

test('a cut counter that does not count proves nothing, now or later', async () => {
  const { printer } = await makePrinterRig('tcp', { unknownOrders: ['cut'] })
  expect(await printTicket(printer)).toEqual({ ok: true, proof: { level: 'B', cutsBefore: 0, cutsAfter: 0 } })
  expect(printer.health()).toMatchObject({ phase: 'degraded', reasons: ['config-mismatch'], evidence: 'B' })
  expect(await printer.readCuts(5000)).toBeNull()
})

test('a command that somebody left half sent does not swallow the next ticket', async () => {
  const { sim, link } = await plugIn('tcp', {})
  onCleanup(() => sim.stop())
  if (link.kind !== 'tcp') throw new Error('not a TCP link')
  const other = connect(link.port, link.host)
  const halfQr = [0x1d, 0x28, 0x6b, 0xf4, 0x01, 0x31, 0x50, 0x30, 0x41]
  other.end(Buffer.from(halfQr))
  await once(other, 'close')
  const { printer } = drive(link, 'epson-80')
  await untilHealth(printer, (health) => health.evidence !== undefined)
  expect(printer.health().evidence).toBe('A')
  expect(await printTicket(printer)).toMatchObject({ ok: true })
  expect(slipTexts(sim)).toEqual([ticketText])
})

test('a slip that cannot be compiled is the caller’s fault, and nothing is sent', async () => {
  const { sim, printer } = await makePrinterRig('tcp')
  const doc: TicketDoc = { blocks: [{ kind: 'qr', data: '', moduleDots: 4 }] }
  await expect(printer.print({ jobId: 'j', attempt: 1, copy: 1, doc }, { deadlineMs: 1000 })).rejects.toThrow(
    RangeError,
  )
  expect(() => printer.bytesOf(doc)).toThrow(RangeError)
  expect(await printTicket(printer)).toMatchObject({ ok: true })
  expect(sim.journal()).toHaveLength(1)
})

test('a printer that refuses the connection is absent, and gets nothing', async () => {
  const { server, port } = await listen()
  await new Promise((resolve) => server.close(resolve))
  const { printer } = drive({ kind: 'tcp', host: '127.0.0.1', port }, 'epson-80')
  await untilHealth(printer, (health) => health.phase === 'absent')
  expect(printer.health().reasons).toEqual(['link-lost'])
  expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'link-lost' })
})

test('a serial line that is not there is absent too', async () => {
  const { printer } = drive({ kind: 'serial', path: join(tmpdir(), 'no-such-line'), baudRate: 9600 }, 'epson-80')
  await untilHealth(printer, (health) => health.phase === 'absent')
  expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'link-lost' })
})

test('a peer that answers nothing is mute, not ready', async () => {
  const { server, port } = await listen()
  onCleanup(() => new Promise((resolve) => server.close(resolve)))
  const { printer } = drive({ kind: 'tcp', host: '127.0.0.1', port }, 'epson-80')
  await untilHealth(printer, (health) => health.reasons.includes('mute'))
  expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'not-started', reason: 'mute' })
})

test('a driver process that hangs is killed and replaced', async () => {
  const { printer, driverPid } = await makePrinterRig('tcp')
  const hung = driverPid()
  process.kill(hung, 'SIGSTOP')
  await untilHealth(printer, (health) => health.reasons.includes('hung'))
  await untilHealth(printer, (health) => health.phase === 'ready')
  expect(driverPid()).not.toBe(hung)
  expect(await printTicket(printer)).toMatchObject({ ok: true })
})

test('a command that outlives its deadline in a hung process ends as maybe', async () => {
  const { sim, printer, driverPid } = await makePrinterRig('tcp', { speedMmPerS: 30 })
  const outcome = await printTicket(printer, {
    deadlineMs: 500,
    onFirstByte: () => process.kill(driverPid(), 'SIGSTOP'),
  })
  expect(outcome).toMatchObject({ ok: false, phase: 'maybe', reason: 'hung' })
  expect(await printer.readCuts(20_000)).toBe(sim.view().cuts)
})

test('stop ends the driver process', async () => {
  const { printer, driverPid } = await makePrinterRig('tcp')
  const pid = driverPid()
  await printer.stop()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
