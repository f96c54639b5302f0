import { createServer, get } from 'node:http'
import { expect, test } from 'vitest'
import { closeServer, listenOnLoopback } from './listening.ts'

function textFrom(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port }, (answer) => {
      let text = ''
      answer.on('data', (bytes) => {
        text += bytes
      })
      answer.on('end', () => resolve(text))
      answer.on('error', reject)
    }).on('error', reject)
  })
}

test('a server that is closed while it writes an answer writes it to its end', async () => {
  const server = createServer((_, response) => {
    response.write('half')
    setTimeout(() => response.end(' and whole'), 100)
  })
  const asked = textFrom(await listenOnLoopback(server, 0))
  await new Promise((resolve) => server.once('request', resolve))
  await Promise.all([expect(asked).resolves.toBe('half and whole'), closeServer(server)])
})

test('a server that is closed does not wait for an answer that never comes', async () => {
  const server = createServer(() => undefined)
  const asked = textFrom(await listenOnLoopback(server, 0))
  await new Promise((resolve) => server.once('request', resolve))
  await Promise.all([expect(asked).rejects.toThrow('socket hang up'), closeServer(server)])
})
