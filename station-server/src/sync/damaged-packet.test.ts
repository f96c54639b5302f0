import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, expect, test, vi } from 'vitest'
import { ignoreDamagedPackets, WholeMessages } from './damaged-packet.ts'

const patience = { timeout: 10_000, interval: 10 }
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

test('a packet that lost what it carries is left alone, and the next one is heard', async () => {
  const http = createServer()
  const centre = new Server(http)
  stops.push(() => centre.close())
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  centre.on('connection', (bell) => {
    // An event and a refusal without their contents, as one turned bit of another packet can make them.
    bell.conn.write('2')
    bell.conn.write('4')
    bell.emit('feed-changed')
  })
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: [WholeMessages],
    reconnection: false,
    autoConnect: false,
  })
  stops.push(async () => socket.close())
  ignoreDamagedPackets(socket)
  const rings: string[] = []
  socket.on('feed-changed', () => rings.push('ring'))
  socket.on('connect_error', () => rings.push('refused'))
  socket.connect()
  await vi.waitFor(() => expect(rings).toEqual(['ring']), patience)
})

test('a greeting of which a bit has turned is a connection that failed', async () => {
  const http = createServer()
  stops.push(async () => http.close())
  http.on('upgrade', (request, line) => {
    line.on('error', () => undefined)
    // RFC 6455, 4.2.2: the key with this text behind it is what shows that the server understood.
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    const head = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: upgrade']
    line.write(`${head.join('\r\n')}\r\nsec-websocket-accept: ${accept}\r\n\r\n`)
    const greeting = Buffer.from('0{"sid":"a",#maxPayload":1}')
    line.write(Buffer.concat([Buffer.from([0x81, greeting.length]), greeting]))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const url = `http://127.0.0.1:${port}`
  const socket = io(url, { transports: [WholeMessages], reconnection: false, autoConnect: false })
  stops.push(async () => socket.close())
  const failed = new Promise<Error>((resolve) => socket.once('connect_error', resolve))
  socket.connect()
  expect((await failed).message).toContain('damaged')
})
