import { createServer } from 'node:net'
import { choosePorts, isPortFree } from '@yizhan/deploy/boot/free-port.mjs'
import { expect, test } from 'vitest'

async function listening(host: string): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

test('a port that anyone listens on, on loopback or on all addresses, is not free', async () => {
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const held = await listening(host)
    expect(await isPortFree(held.port)).toBe(false)
    await held.close()
    expect(await isPortFree(held.port)).toBe(true)
  }
})

test('a taken default gives way to the next free port, and no port is given twice', async () => {
  const held = await listening('127.0.0.1')
  const ports = await choosePorts({ kiosk: held.port, centre: held.port, bench: held.port })
  await held.close()
  const given = Object.values(ports)
  expect(given.every((port) => port > held.port)).toBe(true)
  expect(new Set(given).size).toBe(3)
})
