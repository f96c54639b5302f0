import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { textOfSlip } from './escpos-decode.ts'
import { type SimPrinter, type SimPrinterOptions, startTcpSimPrinter } from './sim-printer.ts'
import { PrinterBody } from './sim-printer-body.ts'

const cut = [0x1d, 0x56, 0x00]
const askProcess = [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, 0x61, 0x62, 0x63, 0x64]
const processAnswer = '372261626364' + '00'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Line {
  sim: SimPrinter
  socket: Socket
  /** Everything that the printer answered, as hex. */
  heard: () => string
}

async function makeLine(options: Partial<SimPrinterOptions> = {}): Promise<Line> {
  const sim = await startTcpSimPrinter({ port: 0, now: Date.now, speedMmPerS: 2000, ...options })
  cleanups.push(() => sim.stop())
  const socket = connect(sim.port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  cleanups.push(async () => socket.destroy())
  let hex = ''
  socket.on('data', (bytes: Buffer) => {
    hex += bytes.toString('hex')
  })
  await once(socket, 'connect')
  return { sim, socket, heard: () => hex }
}

function send(socket: Socket, ...parts: (string | readonly number[])[]): void {
  socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
}

test('a process ID is answered after the printing before it', async () => {
  const { sim, socket, heard } = await makeLine({ speedMmPerS: 40 })
  send(socket, 'one\ntwo\n', cut, askProcess)
  expect(heard()).toBe('')
  await vi.waitFor(() => expect(heard()).toBe(processAnswer), patienceMs)
  expect(sim.journal().map((slip) => textOfSlip(slip.lines))).toEqual(['one\ntwo'])
})

test('real-time questions are answered at once, also without paper', async () => {
  const { sim, socket, heard } = await makeLine()
  sim.body.setPaper(0)
  send(socket, 'stuck\n', cut, [0x10, 0x04, 1, 0x10, 0x04, 4])
  await vi.waitFor(() => expect(heard()).toBe('1a7e'), patienceMs)
  expect(sim.journal()).toHaveLength(0)
})

test('automatic status tells each change once', async () => {
  const { sim, socket, heard } = await makeLine()
  send(socket, [0x1d, 0x61, 0x0e])
  await vi.waitFor(() => expect(heard()).toBe('1000000f'), patienceMs)
  sim.body.setCover(true)
  sim.body.setCover(true)
  sim.body.setCover(false)
  await vi.waitFor(() => expect(heard()).toBe('1000000f' + '3800000f' + '1000000f'), patienceMs)
})

test('a full buffer holds the sender back until half of it is printed', () => {
  const body = new PrinterBody({
    widthDots: 576,
    speedMmPerS: 1_000_000_000,
    paperMm: 100_000,
    now: Date.now,
    reply: () => undefined,
    changed: () => undefined,
  })
  let rooms = 0
  const room = () => {
    rooms += 1
  }
  body.setCover(true)
  expect(body.receive(Buffer.alloc(4000, '\n'), room)).toBe(true)
  expect(body.receive(Buffer.alloc(200, '\n'), room)).toBe(false)
  expect(rooms).toBe(0)
  body.setCover(false)
  expect(rooms).toBe(1)
  body.receive(Buffer.from(cut), room)
  expect(body.journal[0]?.lines).toHaveLength(4200)
})

test('a clear drops what was not printed, and the slip it broke off is partial', async () => {
  const { sim, socket, heard } = await makeLine({ paperMm: 5 })
  send(socket, 'one\ntwo\nthree\n', cut)
  await vi.waitFor(() => expect(sim.view().paperMm).toBe(0), patienceMs)
  send(socket, [0x10, 0x05, 0x02, 0x10, 0x04, 1])
  await vi.waitFor(() => expect(heard()).toBe('1a'), patienceMs)
  sim.body.setPaper(1000)
  send(socket, 'void\n', cut)
  await vi.waitFor(() => expect(sim.journal()).toHaveLength(1), patienceMs)
  expect(sim.journal()).toMatchObject([{ partial: true }])
  expect(textOfSlip(sim.journal()[0]?.lines ?? [])).toBe('one\ntwo\nvoid')
})

const fullStatusQuestion = [0x10, 0x04, 20]
const present = [0x1d, 0x65, 3, 128]

test('a presenter hands the cut slip out, and tells of it in six bytes', async () => {
  const { sim, socket, heard } = await makeLine({ presenterBinHolds: 1 })
  send(socket, fullStatusQuestion)
  await vi.waitFor(() => expect(heard()).toBe('100f00000000'), patienceMs)
  send(socket, 'one\n', cut, present)
  await vi.waitFor(() => expect(sim.view().presenter?.ticketInMouth).toBe(true), patienceMs)
  sim.body.setCover(true)
  send(socket, fullStatusQuestion)
  await vi.waitFor(() => expect(heard()).toBe('100f00000000' + '100f20030000'), patienceMs)
  sim.body.presenter?.takeTicket()
  expect(sim.view().presenter).toEqual({ ticketInMouth: false, binned: 0, binFull: false })
})

test('a slip is drawn back into the bin until the bin is full, and falls out when it is told to', async () => {
  const { sim, socket } = await makeLine({ presenterBinHolds: 1 })
  const mouth = () => sim.view().presenter
  send(socket, 'one\n', cut, present, [0x1d, 0x65, 2])
  await vi.waitFor(() => expect(mouth()).toEqual({ ticketInMouth: false, binned: 1, binFull: true }), patienceMs)
  send(socket, 'two\n', cut, present, [0x1d, 0x65, 2], askProcess)
  await vi.waitFor(() => expect(mouth()).toEqual({ ticketInMouth: true, binned: 1, binFull: true }), patienceMs)
  send(socket, [0x1d, 0x65, 5])
  await vi.waitFor(() => expect(mouth()).toEqual({ ticketInMouth: false, binned: 1, binFull: true }), patienceMs)
  sim.body.presenter?.emptyBin()
  expect(mouth()).toEqual({ ticketInMouth: false, binned: 0, binFull: false })
})

test('an unlimited speed prints everything at once', async () => {
  const { sim, socket, heard } = await makeLine({ speedMmPerS: Number.POSITIVE_INFINITY })
  send(socket, 'line\n'.repeat(2000), cut, askProcess)
  await vi.waitFor(() => expect(heard()).toBe(processAnswer), patienceMs)
  expect(sim.journal()[0]?.lines).toHaveLength(2000)
  expect(sim.view().printing).toBe(false)
})

test('offline and broken are told in their own bits', async () => {
  const { sim, socket, heard } = await makeLine()
  sim.body.setOffline(true)
  send(socket, [0x10, 0x04, 1])
  await vi.waitFor(() => expect(heard()).toBe('1a'), patienceMs)
  sim.body.setUnrecoverable(true)
  send(socket, [0x10, 0x04, 3])
  await vi.waitFor(() => expect(heard()).toBe('1a32'), patienceMs)
})

test('counts its cuts, also when somebody changed the count', async () => {
  const { sim, socket, heard } = await makeLine()
  sim.body.setCuts(41)
  send(socket, 'one\n', cut, [0x1d, 0x67, 0x32, 0, 178, 0])
  await vi.waitFor(() => expect(heard()).toBe(`5f${Buffer.from('42').toString('hex')}00`), patienceMs)
})

test('obeys a real-time question inside a picture, as printers do', async () => {
  const { socket, heard } = await makeLine()
  send(socket, [0x1d, 0x76, 0x30, 0, 3, 0, 1, 0, 0x10, 0x04, 0x01])
  await vi.waitFor(() => expect(heard()).toBe('12'), patienceMs)
})

test('a dropped link is the network’s, and the printer serves the next', async () => {
  const { sim, socket } = await makeLine()
  const port = socket.remotePort ?? 0
  const dropped = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await sim.dropLink()
  await dropped
  const next = connect(port, '127.0.0.1')
  cleanups.push(async () => next.destroy())
  next.write(Buffer.from([0x10, 0x04, 1]))
  const [answer] = (await once(next, 'data')) as [Buffer]
  expect(answer.toString('hex')).toBe('12')
})

test('Chinese bytes outside Chinese mode are not Chinese on paper', async () => {
  const { sim, socket } = await makeLine()
  send(socket, [0xd5, 0xc5, 0x0a], [0x1c, 0x26], [0xd5, 0xc5, 0x0a], [0x1b, 0x40], [0xd5, 0xc5, 0x0a], cut)
  await vi.waitFor(() => expect(sim.journal()).toHaveLength(1), patienceMs)
  expect(textOfSlip(sim.journal()[0]?.lines ?? [])).toBe('??\n张\n??')
})

test('serves one connection at a time, and none without power', async () => {
  const { sim, socket } = await makeLine()
  const port = socket.remotePort ?? 0
  const second = connect(port, '127.0.0.1')
  await once(second, 'close')
  const lost = once(socket, 'close')
  await sim.setPower(false)
  await lost
  const refused = connect(port, '127.0.0.1')
  const [error] = (await once(refused, 'error')) as [Error]
  expect(error.message).toContain('ECONNREFUSED')
})
