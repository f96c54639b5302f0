import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import type { TicketDoc } from '@yizhan/contracts/printing'
import { expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { drive, makePrinterRig, onCleanup, plugIn, printTicket, slipTexts, untilHealth } from './printer-rig.ts'

/** Writes the chunk to whatever connection is open, and waits until it is gone: read, or thrown away with the connection. */
async function sendWhole(sockets: readonly Socket[], chunk: Buffer): Promise<void> {
  const socket = await vi.waitFor(() => {
    const open = sockets.find((each) => each.writable)
    if (open === undefined) throw new Error('no connection')
    return open
  }, patienceMs)
  await new Promise<void>((resolve) => {
    socket.write(chunk, () => resolve())
  })
}

/** Memory that a process holds, in MiB. */
function residentMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}

const floods = [
  ['zeros', [0x00]],
  ['ESC', [0x1b]],
  ['the start of a block that never ends', [0x5f]],
  ['the start of a status that never ends', [0x10]],
  ['bytes of no meaning', [0xff]],
  ['status that changes all the time', [0x38, 0, 0, 0x0f, 0x10, 0, 0, 0x0f]],
] as const

test.each(floods)('16 MiB of %s cost the driver no memory and the station nothing', async (_name, pattern) => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  onCleanup(() => new Promise((resolve) => server.close(resolve)))
  onCleanup(async () => {
    for (const socket of sockets) socket.destroy()
  })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { printer, healths, driverPid } = drive({ kind: 'tcp', host: '127.0.0.1', port }, 'epson-80')
  await vi.waitFor(() => expect(sockets.length).toBeGreaterThan(0), patienceMs)
  const before = residentMiB(driverPid())
  const chunk = Buffer.alloc(4 * 1024 * 1024, Buffer.from(pattern))
  for (let sent = 0; sent < 4; sent += 1) {
    await sendWhole(sockets, chunk)
  }
  await untilHealth(printer, ({ reasons }) => reasons.includes('protocol') || reasons.includes('mute'))
  expect(residentMiB(driverPid()) - before).toBeLessThan(60)
  expect(healths.length).toBeLessThan(50)
  expect(await printTicket(printer)).toMatchObject({ ok: false, phase: 'not-started' })
})

const cruelNames = [
  ['ESC and GS', '张\x1b@\x1dV\x00三', '张@V三'],
  ['questions that are obeyed at once', '李\x10\x04\x01\x10\x05\x02四', '李四'],
  ['a change of direction', '\u202e王\u2066五\u2069', '王五'],
  ['line ends', '赵\r\n六', '赵 六'],
  ['half a character', '钱\ud842七', '钱七'],
] as const

test.each(cruelNames)('a name with %s prints as its characters and does nothing else', async (_name, name, onPaper) => {
  const { sim, printer } = await makePrinterRig('tcp')
  const doc: TicketDoc = { blocks: [{ kind: 'row', label: '姓名', value: name }] }
  const outcome = await printer.print({ jobId: 'job-1', attempt: 1, copy: 1, doc }, { deadlineMs: 60_000 })
  expect(outcome).toMatchObject({ ok: true, proof: { cutsBefore: 0, cutsAfter: 1 } })
  expect(slipTexts(sim)).toEqual([`姓名  ${onPaper}`])
})

test('a name of plane 2 prints as picture, the rest of the slip as text, and is proved like any other', async () => {
  const { sim, link } = await plugIn('tcp', {})
  onCleanup(() => sim.stop())
  const { printer } = drive(link, 'epson-80')
  const doc: TicketDoc = {
    blocks: [
      { kind: 'row', label: '姓名', value: '𠮷𬭎' },
      { kind: 'row', label: '地点', value: '二号楼三层' },
    ],
  }
  await untilHealth(printer, (health) => health.phase === 'ready')
  const outcome = await printer.print({ jobId: 'job-1', attempt: 1, copy: 1, doc }, { deadlineMs: 60_000 })
  expect(outcome).toMatchObject({ ok: true, proof: { level: 'A', cutsAfter: 1 } })
  expect(slipTexts(sim)).toEqual(['[120x24]\n地点  二号楼三层'])
})
