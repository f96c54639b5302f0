import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type NetworkCutter, startNetworkCutter } from './network-cutter.ts'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makeCable(): Promise<NetworkCutter> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cutter = await startNetworkCutter({ port: 0, target: { host: '127.0.0.1', port } })
  cleanups.push(() => cutter.stop())
  return cutter
}

function open(port: number): { socket: Socket; ended: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  return { socket, ended: new Promise((resolve) => socket.once('error', (error) => resolve(error.message))) }
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString()
}

test('a whole cable carries bytes; a cut one resets old and new connections; a mended one carries again', async () => {
  const cutter = await makeCable()
  const first = open(cutter.port)
  expect(await echo(first.socket, 'hello')).toBe('hello')
  cutter.setCut(true)
  expect(await first.ended).toContain('ECONNRESET')
  const second = open(cutter.port)
  expect(await second.ended).toContain('ECONNRESET')
  cutter.setCut(false)
  const third = open(cutter.port)
  expect(await echo(third.socket, 'again')).toBe('again')
  third.socket.destroy()
})
