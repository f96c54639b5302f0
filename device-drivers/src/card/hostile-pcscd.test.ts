import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { echoCard } from '../sim/echo-card.ts'
import { startSimPcscd } from '../sim/sim-pcscd.ts'
import { DirectPcsc } from './direct-pcsc.ts'
import { PcscFault, pcscFaultReasons } from './pcsc-transport.ts'
import { encodeWords, readerTableBytes } from './pcsc-wire.ts'

const endings: (() => Promise<unknown> | unknown)[] = []

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
  endings.push(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'pcscd.comm')
}

/** A daemon that answers each message with the next of these, whatever it was asked; after the last it says nothing. */
async function startLiar(answers: readonly Uint8Array[]): Promise<DirectPcsc> {
  const path = socketPath()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let next = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', () => {
      const answer = answers[next]
      next += 1
      if (answer !== undefined) socket.write(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  endings.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return new DirectPcsc({ socketPath: path })
}

async function reasonOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing
    return 'no fault'
  } catch (error) {
    if (error instanceof PcscFault) return error.reason
    throw error
  }
}

const agreed = encodeWords(4, 4, 0)
const context = encodeWords(2, 1, 0)
/** A connect's answer: context, name, then share mode, protocols, handle 5, protocol T=1, success. */
const connected = Buffer.concat([encodeWords(1), Buffer.alloc(128), encodeWords(2, 3, 5, 2, 0)])

function tableWith(change: (table: Buffer) => void): Buffer {
  const table = Buffer.alloc(readerTableBytes)
  table.write('R', 0)
  change(table)
  return table
}

/** A transmit's answer that promises so many bytes. */
function transmitted(bytes: number, result = 0): Buffer {
  return encodeWords(5, 2, 16, 0, 3, 16, bytes, result)
}

const patience = { timeoutMs: 300 }

test('whatever bytes a daemon sends, each call ends with a fault of ours or with readers, and nothing else', async () => {
  const anyBytes = fc.uint8Array({ maxLength: 4000 })
  const somewhatTrue = fc.tuple(
    fc.constantFrom(agreed, encodeWords(4, 5, 0x8010001e), new Uint8Array()),
    fc.array(
      fc.oneof(
        anyBytes,
        fc.constantFrom<Uint8Array>(
          context,
          connected,
          transmitted(2),
          tableWith(() => 0),
        ),
      ),
      {
        maxLength: 5,
      },
    ),
  )
  await fc.assert(
    fc.asyncProperty(somewhatTrue, async ([first, rest]) => {
      const liar = await startLiar([first, ...rest])
      const limits = { timeoutMs: 30 }
      const use = async () => {
        const session = await liar.connect('R', limits)
        return session.transmit(Uint8Array.of(0, 0, 0, 0), limits).finally(() => session.close())
      }
      expect([...pcscFaultReasons, 'no fault']).toContain(await reasonOf(use()))
    }),
    { numRuns: 150 },
  )
})

test('a flood of bytes that nobody asked for ends the session, and is not kept', async () => {
  const flood = Buffer.alloc(16 * 1024 * 1024)
  const liar = await startLiar([agreed, context, connected, Buffer.concat([tableWith(() => undefined), flood])])
  const session = await liar.connect('R', { timeoutMs: 5000 })
  expect(await reasonOf(session.transmit(Uint8Array.of(0, 0, 0, 0), { timeoutMs: 5000 }))).toBe('protocol')
  await session.close()
})

test.each([
  { what: 'an answer to reset of 4 GiB', table: tableWith((table) => table.writeUInt32LE(0xffffffff, 176)) },
  { what: 'a name without an end', table: tableWith((table) => table.fill(0x41, 0, 128)) },
  { what: 'a name that is no text', table: tableWith((table) => table.writeUInt8(0xff, 0)) },
  { what: 'the same reader twice', table: tableWith((table) => table.write('R', 184)) },
])('a table with $what is refused', async ({ table }) => {
  const liar = await startLiar([agreed, table])
  expect(await reasonOf(liar.audit())).toBe('protocol')
})

test.each([
  { bytes: 0xffffffff, sent: 10, reason: 'protocol' },
  { bytes: 10, sent: 4, reason: 'timeout' },
])('an answer that promises $bytes bytes and brings $sent ends as $reason', async ({ bytes, sent, reason }) => {
  const table = tableWith(() => undefined)
  const answer = Buffer.concat([transmitted(bytes), Buffer.alloc(sent)])
  const liar = await startLiar([agreed, context, connected, table, answer])
  const session = await liar.connect('R', patience)
  expect(await reasonOf(session.transmit(Uint8Array.of(0, 0, 0, 0), patience))).toBe(reason)
  await session.close()
})

test('a daemon that takes connections and says nothing is given up at the deadline', async () => {
  const liar = await startLiar([])
  expect(await reasonOf(liar.connect('R', patience))).toBe('timeout')
})

test('a watch of a silent daemon can be stopped at once', async () => {
  const liar = await startLiar([])
  const watch = liar.watch({ onReaders: () => undefined, onDown: () => undefined })
  await watch.stop()
})

test.each([
  { pcscd: '1.9.9 (4:4 only)', version: { minor: 4, exact: true } },
  { pcscd: '2.3.3 (4:5 only)', version: { minor: 5, exact: true } },
  { pcscd: '2.5.1 (4:4 to 4:6)', version: { minor: 6, exact: false } },
])('agrees on a version with pcscd $pcscd', async ({ version }) => {
  const path = socketPath()
  const sim = await startSimPcscd({ socketPath: path, version })
  endings.push(() => sim.stop())
  sim.attachReader('R')
  sim.insert('R', echoCard({ serial: 1 }))
  expect((await new DirectPcsc({ socketPath: path }).audit()).map(({ card }) => card)).toEqual(['present'])
})

test('a daemon of another protocol is refused by its version', async () => {
  const path = socketPath()
  const sim = await startSimPcscd({ socketPath: path, version: { minor: 3, exact: true } })
  endings.push(() => sim.stop())
  await expect(new DirectPcsc({ socketPath: path }).audit()).rejects.toThrow('protocol: pcscd speaks version 4:3')
})
