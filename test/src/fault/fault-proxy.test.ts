import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { seededRandom } from '../drill/seeded-random.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

const patience = { timeout: 10_000, interval: 10 }
let echo: Server
let heard: Buffer
let proxy: FaultProxy
const callers: Socket[] = []

beforeEach(async () => {
  heard = Buffer.alloc(0)
  echo = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes])
      socket.write(bytes)
    })
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const address = echo.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  proxy = await startFaultProxy({ host: '127.0.0.1', port: address.port }, seededRandom(7))
})

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.destroy()
  await proxy.stop()
  await new Promise((resolve) => echo.close(resolve))
})

function call() {
  const socket = connect(proxy.port, '127.0.0.1')
  callers.push(socket)
  const call = { socket, answered: Buffer.alloc(0), broken: false }
  socket.on('data', (bytes: Buffer) => {
    call.answered = Buffer.concat([call.answered, bytes])
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    call.broken = true
  })
  return call
}

test('a good link passes everything on, there and back', async () => {
  const line = call()
  const sent = Buffer.alloc(3_000_000, 'abc')
  line.socket.write(sent)
  await vi.waitFor(() => expect(line.answered.length).toBe(sent.length), patience)
  expect(line.answered.equals(sent)).toBe(true)
})

test('a half-open link takes what is sent and passes it on when it heals', async () => {
  const line = call()
  line.socket.write('one')
  await vi.waitFor(() => expect(line.answered.toString()).toBe('one'), patience)
  proxy.setFault({ kind: 'half-open', way: 'down' })
  line.socket.write('two')
  await vi.waitFor(() => expect(heard.toString()).toBe('onetwo'), patience)
  expect(line.answered.toString()).toBe('one')
  proxy.setFault({ kind: 'half-open', way: 'up' })
  await vi.waitFor(() => expect(line.answered.toString()).toBe('onetwo'), patience)
  line.socket.write('three')
  const second = call()
  second.socket.write('four')
  proxy.setFault(null)
  await vi.waitFor(() => expect(line.answered.toString()).toBe('onetwothree'), patience)
  await vi.waitFor(() => expect(second.answered.toString()).toBe('four'), patience)
})

test('a corrupting link turns one bit of a chunk', async () => {
  proxy.setFault({ kind: 'corrupt', share: 1 })
  const line = call()
  line.socket.write(Buffer.alloc(100))
  await vi.waitFor(() => expect(heard.length).toBe(100), patience)
  const bits = [...heard].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
  expect(bits).toBe(1)
  expect(proxy.corrupted()).toBeGreaterThan(0)
})

test('a link that refuses resets what is open and takes nothing new; a dropped one may come again', async () => {
  const line = call()
  line.socket.write('one')
  await vi.waitFor(() => expect(line.answered.toString()).toBe('one'), patience)
  proxy.setFault({ kind: 'refuse' })
  const refused = call()
  await vi.waitFor(() => expect([line.broken, refused.broken]).toEqual([true, true]), patience)
  proxy.setFault(null)
  const again = call()
  again.socket.write('two')
  await vi.waitFor(() => expect(again.answered.toString()).toBe('two'), patience)
  proxy.dropConnections()
  await vi.waitFor(() => expect(again.broken).toBe(true), patience)
})

test('a slow or far link keeps the order', async () => {
  proxy.setFault({ kind: 'delay', ms: 5, jitterMs: 30 })
  const line = call()
  for (let n = 0; n < 20; n += 1) line.socket.write(`${n},`)
  proxy.setFault({ kind: 'slow', bytesPerS: 2000 })
  for (let n = 20; n < 40; n += 1) line.socket.write(`${n},`)
  const all = Array.from({ length: 40 }, (_, n) => `${n},`).join('')
  await vi.waitFor(() => expect(line.answered.toString()).toBe(all), patience)
})
