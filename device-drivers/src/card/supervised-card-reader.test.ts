import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { id } from '@yizhan/contracts/id'
import { afterEach, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { type SimPcscd, startSimPcscd } from '../sim/sim-pcscd.ts'
import { hospitalCard, socialSecurityCard, unknownCard } from '../sim/virtual-card.ts'
import type { CardNews } from './card-news.ts'
import type { PcscBackend } from './open-pcsc.ts'
import { whyNoAddon } from './pcsc-capability.ts'
import { type SupervisedCardReader, startCardReader } from './supervised-card-reader.ts'

/** Nobody: the region 990000 does not exist. */
const holder = { idNumber: '99000019900307003X', name: '张䶮', birthDate: '19900307', cardNumber: 'A12345678' }
const readerName = 'Test Reader 00 00'

const noAddon = await whyNoAddon()

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Rig {
  pcscd: SimPcscd
  reader: SupervisedCardReader
  news: CardNews[]
  logs: Record<string, unknown>[]
}

async function makeRig(backend: PcscBackend = 'direct'): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'card-reader-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pcscd = await startSimPcscd({ socketPath: join(folder, 'pcscd.comm') })
  cleanups.push(() => pcscd.stop())
  pcscd.attachReader(readerName)
  const logs: Record<string, unknown>[] = []
  const deps = { log: (record: object) => logs.push({ ...record }), now: Date.now }
  const config = { deviceId: 'card-1', backend, socketPath: pcscd.socketPath }
  const reader = startCardReader(config, deps)
  cleanups.push(() => reader.stop())
  const news: CardNews[] = []
  reader.onCard((item) => news.push(item))
  await untilPhase(reader, 'ready')
  return { pcscd, reader, news, logs }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: patienceMs, interval: 10 })
const untilPhase = (reader: SupervisedCardReader, phase: string) =>
  until(() => expect(reader.health().phase).toBe(phase))
const untilKinds = (news: readonly CardNews[], kinds: CardNews['kind'][]) =>
  until(() => expect(news.map(({ kind }) => kind)).toEqual(kinds))

test('a card is read through the driver’s own process, and nothing of its holder is logged', async () => {
  const { pcscd, news, logs, reader } = await makeRig()
  pcscd.insert(readerName, socialSecurityCard(holder))
  await untilKinds(news, ['card-inserted', 'card-read'])
  expect(id.safeParse(news[0]?.readingId).success).toBe(true)
  expect(news[1]).toMatchObject({ identity: { name: '张䶮', birthDate: '1990-03-07' } })
  pcscd.remove(readerName)
  await untilKinds(news, ['card-inserted', 'card-read', 'card-removed'])
  await reader.stop()
  expect(JSON.stringify([logs, reader.health()])).not.toMatch(/张䶮|990000|A12345678/)
})

test('a card of no known kind is logged by the hash of its ATR', async () => {
  const { pcscd, news, logs } = await makeRig()
  pcscd.insert(readerName, unknownCard())
  await untilKinds(news, ['card-inserted', 'card-refused'])
  expect(logs).toContainEqual({
    event: 'card-unmatched',
    deviceId: 'card-1',
    atrHash: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
})

test('a card that was answered and forgotten is not read again when the driver process is started anew: somebody else may stand there', async () => {
  const { pcscd, news, logs, reader } = await makeRig()
  pcscd.insert(readerName, hospitalCard({ cardNumber: 'YZ00012345' }))
  await untilKinds(news, ['card-inserted', 'card-read'])
  process.kill(pidOf(logs), 'SIGKILL')
  await untilKinds(news, ['card-inserted', 'card-read', 'card-removed'])
  await untilPhase(reader, 'ready')
  pcscd.remove(readerName)
  pcscd.insert(readerName, hospitalCard({ cardNumber: 'YZ00054321' }))
  await untilKinds(news, ['card-inserted', 'card-read', 'card-removed', 'card-inserted', 'card-read'])
  expect(JSON.stringify(news.at(-1))).toContain('YZ00054321')
})

test('a driver process that dies in the middle of a reading: the card is told as refused, then read anew', async () => {
  const { pcscd, news, logs } = await makeRig()
  pcscd.setFault(readerName, { kind: 'slow', ms: 900 })
  pcscd.insert(readerName, socialSecurityCard(holder))
  await untilKinds(news, ['card-inserted'])
  process.kill(pidOf(logs), 'SIGKILL')
  await until(() => expect(news.length).toBeGreaterThanOrEqual(4))
  expect(news.slice(1, 3)).toMatchObject([{ kind: 'card-refused', problem: 'reader-lost' }, { kind: 'card-removed' }])
  // Its holder still waits for an answer.
  expect(news[3]).toMatchObject({ kind: 'card-inserted' })
})

test.skipIf(noAddon !== undefined)(
  `after a thousand flaps of a reader a card is read by the native package, whose library may end its process over them${noAddon === undefined ? '' : ` (skipped: ${noAddon})`}`,
  async () => {
    const { pcscd, news, reader } = await makeRig('pcsclite')
    for (let flap = 0; flap < 1000; flap += 1) {
      pcscd.detachReader(readerName)
      await sleep(1)
      pcscd.attachReader(readerName)
      await sleep(1)
    }
    await untilPhase(reader, 'ready')
    pcscd.insert(readerName, hospitalCard({ cardNumber: 'YZ00012345' }))
    await until(() => expect(news.at(-1)?.kind).toBe('card-read'))
    expect(JSON.stringify(news.at(-1))).toContain('YZ00012345')
  },
)

/** The driver process that runs now, as the log names it. */
function pidOf(logs: readonly Record<string, unknown>[]): number {
  return Number(logs.findLast(({ event }) => event === 'driver-started')?.['pid'])
}
