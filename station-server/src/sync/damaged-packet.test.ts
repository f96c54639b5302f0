import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, expect, test, vi } from 'vitest'
import { ignoreDamagedPackets } from './damaged-packet.ts'

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
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false, autoConnect: false })
  stops.push(async () => socket.close())
  ignoreDamagedPackets(socket)
  const rings: string[] = []
  socket.on('feed-changed', () => rings.push('ring'))
  socket.on('connect_error', () => rings.push('refused'))
  socket.connect()
  await vi.waitFor(() => expect(rings).toEqual(['ring']), patience)
})
