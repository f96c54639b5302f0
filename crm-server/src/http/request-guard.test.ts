import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readBody } from './request-guard.ts'

const app = new Hono()
let reading = 0
app.post('/', async (context) => {
  reading += 1
  try {
    return context.text(String((await readBody(context, 100, 300)).byteLength))
  } finally {
    reading -= 1
  }
})
const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

/** Sends the head of a request and so much of its body; answers what comes back until the connection ends. */
async function send(told: number, body: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${told}\r\n\r\n${body}`)
  let answer = ''
  socket.on('data', (bytes) => {
    answer += bytes
  })
  await once(socket, 'close')
  return answer
}

test('a body that comes whole is read; one that never does holds nobody’s place for longer than it may', async () => {
  expect(await send(5, 'whole')).toMatch(/^HTTP\/1\.1 200 .*5$/s)
  expect(await send(100, 'not whole')).not.toContain('200')
  await vi.waitFor(() => expect(reading).toBe(0), 30_000)
})

test('a body that is longer than it may be is refused', async () => {
  expect(await send(101, 'x'.repeat(101))).toMatch(/^HTTP\/1\.1 413 /)
})
