import { afterEach, describe, expect, test, vi } from 'vitest'
import type { CardNews } from '../card/card-news.ts'
import { patienceMs } from '../device/test-patience.ts'
import { lendPty, ptyMakersHere } from '../sim/lent-pty.ts'
import type { PtyMaker, PtyPair } from '../sim/pty-pair.ts'
import { plainIdCard } from '../sim/sim-id-card.ts'
import { type SimIdReader, startSimIdReader } from '../sim/sim-id-reader.ts'
import { type SupervisedIdReader, startIdReader } from './supervised-id-reader.ts'

interface Rig {
  sim: SimIdReader
  pty: PtyPair
  reader: SupervisedIdReader
  news: CardNews[]
  logged: () => string
}

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makeRig(maker?: PtyMaker): Promise<Rig> {
  const { pty, giveBack } = await lendPty(maker)
  cleanups.push(giveBack)
  const sim = startSimIdReader({ pty, now: Date.now })
  const records: object[] = []
  const link = { kind: 'serial', path: pty.path, baudRate: 115_200 } as const
  const reader = startIdReader(
    { deviceId: 'id-reader-1', link },
    { log: (record) => records.push(record), now: Date.now },
  )
  cleanups.push(() => reader.stop())
  const news: CardNews[] = []
  reader.onNews((its) => news.push(its))
  return { sim, pty, reader, news, logged: () => JSON.stringify(records) }
}

function untilHealth(reader: SupervisedIdReader, phase: string, reasons: string[] = []): Promise<void> {
  const seen = () => expect(reader.health()).toMatchObject({ phase, reasons })
  return vi.waitFor(seen, { timeout: patienceMs, interval: 10 })
}

function untilKinds(news: CardNews[], kinds: CardNews['kind'][]): Promise<void> {
  const seen = () => expect(news.map(({ kind }) => kind)).toEqual(kinds)
  return vi.waitFor(seen, { timeout: patienceMs, interval: 10 })
}

async function runVerb(sim: SimIdReader, verb: string, args: object = {}): Promise<void> {
  expect(await sim.verbs[verb]?.(args)).toBeUndefined()
}

describe.each(ptyMakersHere())('an ID reader on a line made by %s', (maker) => {
  test('reads a card once from its laying down to its taking away, and the next one too', async () => {
    const { sim, reader, news, logged } = await makeRig(maker)
    await untilHealth(reader, 'ready')
    sim.placeCard({ ...plainIdCard, name: '张䶮𠮷' })
    await untilKinds(news, ['card-inserted', 'card-read'])
    const [inserted, read] = news
    expect(read).toEqual({
      kind: 'card-read',
      readingId: inserted?.readingId,
      identity: {
        profileId: 'id-card-2',
        identifiers: [{ kind: 'id-number', value: plainIdCard.idNumber }],
        name: '张䶮𠮷',
        birthDate: '1990-01-01',
      },
    })
    sim.takeCard()
    await untilKinds(news, ['card-inserted', 'card-read', 'card-removed'])
    sim.placeCard(plainIdCard)
    await untilKinds(news, ['card-inserted', 'card-read', 'card-removed', 'card-inserted', 'card-read'])
    expect(new Set(news.map(({ readingId }) => readingId)).size).toBe(2)
    expect(logged()).not.toContain(plainIdCard.idNumber)
    expect(logged()).not.toContain('张')
  })

  test('that is pulled out is told, with the card that lay on it, and reads again when it is back', async () => {
    const { sim, pty, reader, news } = await makeRig(maker)
    sim.placeCard(plainIdCard)
    await untilKinds(news, ['card-inserted', 'card-read'])
    await pty.unplug()
    await untilHealth(reader, 'fault', ['link-lost'])
    await untilKinds(news, ['card-inserted', 'card-read', 'card-removed'])
    sim.takeCard()
    await pty.plugIn()
    await untilHealth(reader, 'ready')
    sim.placeCard(plainIdCard)
    await vi.waitFor(() => expect(news.at(-1)?.kind).toBe('card-read'), patienceMs)
  })
})

test('a reading whose driver process ends is told to its end, and the card is read anew', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  await runVerb(sim, 'slow', { bytesPerS: 100 })
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted'])
  reader.restart()
  await untilKinds(news, ['card-inserted', 'card-refused', 'card-removed'])
  expect(news[1]).toMatchObject({ problem: 'reader-lost' })
  sim.takeCard()
  await runVerb(sim, 'slow', { bytesPerS: 0 })
  await untilHealth(reader, 'ready')
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-refused', 'card-removed', 'card-inserted', 'card-read'])
  reader.restart()
  await vi.waitFor(() => expect(news.at(-1)).toEqual({ ...news[3], kind: 'card-removed' }), patienceMs)
})

test('a card that stays is read once, though the reader is asked all the time', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-read'])
  const asked = sim.journal().length
  await vi.waitFor(() => expect(sim.journal().length).toBeGreaterThan(asked + 4), patienceMs)
  expect(news).toHaveLength(2)
})

test('an answer with a wrong checksum is asked for again, and nobody notices', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  const phases: string[] = []
  reader.onHealth(({ phase }) => phases.push(phase))
  sim.spoil('checksum', 1, 'find')
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-read'])
  expect(phases).toEqual([])
})

test('a card whose reading is spoilt is read at the second attempt, and is unreadable when that fails too', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  sim.spoil('checksum', 2, 'read')
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-read'])
  sim.takeCard()
  sim.spoil('checksum', 1_000_000, 'read')
  await untilKinds(news, ['card-inserted', 'card-read', 'card-removed'])
  sim.placeCard(plainIdCard)
  await vi.waitFor(() => expect(news.at(-1)).toMatchObject({ kind: 'card-refused', problem: 'unreadable' }), patienceMs)
})

test('checksums that stay wrong are told as such, and heal', async () => {
  const { sim, reader } = await makeRig()
  await untilHealth(reader, 'ready')
  sim.spoil('checksum', 1_000_000)
  await untilHealth(reader, 'fault', ['protocol'])
  sim.spoil('checksum', 0)
  await untilHealth(reader, 'ready')
})

test('one half answer does not poison the next, be it the longest', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  const phases: string[] = []
  reader.onHealth(({ phase }) => phases.push(phase))
  sim.spoil('half', 1, 'read')
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-read'])
  expect(phases).toEqual([])
})

test('garbage between the answers does no harm', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  await runVerb(sim, 'seed', { seed: 7 })
  await runVerb(sim, 'garbage', { bytes: 5000 })
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-read'])
})

test('a slow line is waited for', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  await runVerb(sim, 'slow', { bytesPerS: 960 })
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-read'])
})

test('a reader that answers nothing is mute, and ready when it answers again', async () => {
  const { sim, reader } = await makeRig()
  await untilHealth(reader, 'ready')
  await runVerb(sim, 'mute')
  await untilHealth(reader, 'fault', ['mute'])
  await runVerb(sim, 'mute', { on: false })
  await untilHealth(reader, 'ready')
})

test('a security module that refuses its service is told, with the card and without', async () => {
  const { sim, reader, news } = await makeRig()
  sim.setUnauthorised('select')
  await untilHealth(reader, 'ready')
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted', 'card-refused'])
  expect(news.at(-1)).toMatchObject({ problem: 'not-authorised' })
  expect(reader.health()).toMatchObject({ phase: 'fault', reasons: ['not-authorised'] })
  sim.takeCard()
  await untilKinds(news, ['card-inserted', 'card-refused', 'card-removed'])
  expect(reader.health().reasons).toEqual(['not-authorised'])
  sim.setUnauthorised(null)
  sim.placeCard(plainIdCard)
  await vi.waitFor(() => expect(news.at(-1)?.kind).toBe('card-read'), patienceMs)
  await untilHealth(reader, 'ready')
  sim.setUnauthorised('find')
  await untilHealth(reader, 'fault', ['not-authorised'])
})

test.each([
  ['whose number has a wrong check digit', { idNumber: '990000199001010011' }, 'unreadable'],
  ['of a foreigner', { cardType: 'I' }, 'unknown-card'],
] as const)('a card %s is refused by name', async (_which, change, problem) => {
  const { sim, news } = await makeRig()
  sim.placeCard({ ...plainIdCard, ...change })
  await untilKinds(news, ['card-inserted', 'card-refused'])
  expect(news.at(-1)).toMatchObject({ problem })
  sim.takeCard()
  await untilKinds(news, ['card-inserted', 'card-refused', 'card-removed'])
})

test('a card taken away while it is read was taken away too early', async () => {
  const { sim, reader, news } = await makeRig()
  await untilHealth(reader, 'ready')
  await runVerb(sim, 'slow', { bytesPerS: 100 })
  sim.placeCard(plainIdCard)
  await untilKinds(news, ['card-inserted'])
  sim.takeCard()
  await runVerb(sim, 'slow', { bytesPerS: 0 })
  await untilKinds(news, ['card-inserted', 'card-refused', 'card-removed'])
  expect(news[1]).toMatchObject({ problem: 'removed-early' })
})
