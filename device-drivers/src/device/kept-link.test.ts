import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import type { ByteLink } from './byte-link.ts'
import { startKeptLink } from './kept-link.ts'
import { patienceMs } from './test-patience.ts'

test('a device that comes and goes for days leaves nothing of its past links in memory', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const links: WeakRef<ByteLink>[] = []
  const kept = startKeptLink({
    address: { kind: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    onData: () => undefined,
    onUp: (link) => void links.push(new WeakRef(link)),
    onDown: () => undefined,
    tell: () => undefined,
  })
  await vi.waitFor(() => expect(links.length).toBeGreaterThan(5), patienceMs)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await vi.waitFor(async () => {
    await turn()
    collect()
    expect(links.slice(0, 4).map((link) => link.deref())).toEqual([undefined, undefined, undefined, undefined])
  }, patienceMs)
  await kept.stop()
  server.close()
})
