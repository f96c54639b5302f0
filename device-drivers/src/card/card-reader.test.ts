import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DeviceSight } from '../device/driver.ts'
import { patienceMs } from '../device/test-patience.ts'
import type { SimCard } from '../sim/sim-card.ts'
import { type SimPcscd, startSimPcscd } from '../sim/sim-pcscd.ts'
import { contactlessCard, hospitalCard, socialSecurityCard, unknownCard, upsideDownCard } from '../sim/virtual-card.ts'
import type { CardNews } from './card-news.ts'
import { cardProfileKeys } from './card-profile-keys.ts'
import { shippedProfilesFile } from './card-profile-set.ts'
import { CardReader, type CardReaderHostConfig } from './card-reader.ts'
import type { CardReaderNews } from './card-slot.ts'
import { DirectPcsc } from './direct-pcsc.ts'
import type { OpenedPcsc } from './open-pcsc.ts'
import { PcscFault, type PcscTransport } from './pcsc-transport.ts'

/** Nobody: the region 990000 does not exist. */
const holder = { idNumber: '99000019900307003X', name: '张䶮', birthDate: '19900307', cardNumber: 'A12345678' }
const [left, right] = ['Test Reader 00 00', 'Test Reader 01 00']

let folder: string
let pcscd: SimPcscd
const cleanups: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-reader-'))
  pcscd = await startSimPcscd({ socketPath: join(folder, 'pcscd.comm') })
  pcscd.attachReader(left)
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await pcscd.stop()
  await rm(folder, { recursive: true })
})

interface Rig {
  news: CardReaderNews[]
  sights: DeviceSight[]
  processEnds: number
  /** The news without their ids: `inserted`, `read`, a problem, `removed`; each id's story in its own list. */
  stories: () => string[][]
}

interface RigOptions extends Partial<CardReaderHostConfig> {
  /** Puts something between the driver and its transport. */
  around?: (transport: PcscTransport) => PcscTransport
  claims?: OpenedPcsc['backend']
}

async function startReader({ around = (it) => it, claims = 'direct', ...config }: RigOptions = {}): Promise<Rig> {
  const news: CardReaderNews[] = []
  const rig: Rig = { news, sights: [], processEnds: 0, stories: () => storiesOf(news) }
  const reader = new CardReader(
    { kind: 'card-reader', backend: 'direct', ...config },
    (event) => (event.kind === 'news' ? news.push(event.news) : rig.sights.push(event.sight)),
    {
      async open() {
        const direct = new DirectPcsc(pcscd)
        const transport = around(direct)
        return {
          backend: claims,
          watch: (watcher) => transport.watch(watcher),
          audit: () => transport.audit(),
          connect: (name, limits) => transport.connect(name, limits),
        }
      },
      profileKeys: cardProfileKeys,
      clock: () => performance.now(),
      newId: randomUUID,
      endProcess: () => {
        rig.processEnds += 1
      },
    },
  )
  cleanups.push(() => reader.close())
  return rig
}

function storiesOf(news: readonly CardReaderNews[]): string[][] {
  const stories = new Map<string, string[]>()
  for (const item of news) {
    if (item.kind === 'log' || item.kind === 'card-hung') continue
    const word = item.kind === 'card-refused' ? item.problem : item.kind.slice('card-'.length)
    stories.set(item.readingId, [...(stories.get(item.readingId) ?? []), word])
  }
  return [...stories.values()]
}

const until = (check: () => void) => vi.waitFor(check, { timeout: patienceMs, interval: 5 })
const untilStories = (rig: Rig, stories: string[][]) => until(() => expect(rig.stories()).toEqual(stories))
const untilReady = (rig: Rig) => until(() => expect(rig.sights.at(-1)).toEqual({ phase: 'ready', reasons: [] }))

/** The card, and what happens when its n-th command arrives. */
function cardThat(card: SimCard, at: number, happens: () => void): SimCard {
  let count = 0
  return {
    atr: card.atr,
    powerUp: () => card.powerUp(),
    answer(apdu) {
      count += 1
      const answer = card.answer(apdu)
      if (count === at) happens()
      return answer
    },
  }
}

describe('a card that is put in', () => {
  test('is told of at once, read by its profile, and told of when it is pulled', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'read']])
    expect(rig.news.at(-1)).toMatchObject({
      kind: 'card-read',
      identity: {
        profileId: 'social-security-card',
        identifiers: [
          { kind: 'id-number', value: holder.idNumber },
          { kind: 'card-number', value: holder.cardNumber },
        ],
        name: '张䶮',
        birthDate: '1990-03-07',
      },
    })
    pcscd.remove(left)
    await untilStories(rig, [['inserted', 'read', 'removed']])
  })

  test('is read when it was there before the driver', async () => {
    pcscd.insert(left, hospitalCard({ cardNumber: 'YZ00012345' }))
    await untilStories(await startReader(), [['inserted', 'read']])
  })

  test('the wrong way up is refused as that, and read once it is turned', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(left, upsideDownCard())
    await untilStories(rig, [['inserted', 'upside-down']])
    pcscd.remove(left)
    pcscd.insert(left, contactlessCard({ uid: '04A1B2C3' }))
    await untilStories(rig, [
      ['inserted', 'upside-down', 'removed'],
      ['inserted', 'read'],
    ])
  })

  test('slowly, so that it gave no sign at first, is read at the second try', async () => {
    let tries = 0
    const rig = await startReader({
      around: (transport) => ({
        watch: (watcher) => transport.watch(watcher),
        audit: () => transport.audit(),
        async connect(name, limits) {
          tries += 1
          if (tries === 1) throw new PcscFault('card-mute', 'the card gives no sign')
          return transport.connect(name, limits)
        },
      }),
    })
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'read']])
  })

  test('of no known kind is refused as that, with a hash of its ATR and nothing else for the log', async () => {
    const rig = await startReader()
    await untilReady(rig)
    const card = unknownCard()
    pcscd.insert(left, card)
    await untilStories(rig, [['inserted', 'unknown-card']])
    const logged = rig.news.filter(({ kind }) => kind === 'log')
    expect(logged).toEqual([
      { kind: 'log', record: { event: 'card-unmatched', atrHash: expect.stringMatching(/^[0-9a-f]{16}$/) } },
    ])
    expect(JSON.stringify(logged)).not.toContain(Buffer.from(card.atr).toString('hex'))
  })

  test('in a second reader is refused while the first holds one, and read when that is out', async () => {
    pcscd.attachReader(right)
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'read']])
    pcscd.insert(right, hospitalCard({ cardNumber: 'YZ00012345' }))
    await untilStories(rig, [
      ['inserted', 'read'],
      ['inserted', 'two-cards'],
    ])
    pcscd.remove(left)
    await untilStories(rig, [
      ['inserted', 'read', 'removed'],
      ['inserted', 'two-cards', 'removed'],
      ['inserted', 'read'],
    ])
  })

  test('in a reader that the configuration leaves out is not looked at', async () => {
    pcscd.attachReader('Other Reader 00 00')
    pcscd.insert('Other Reader 00 00', socialSecurityCard(holder))
    const rig = await startReader({ readers: ['Test Reader'] })
    await untilReady(rig)
    pcscd.insert(left, contactlessCard({ uid: '04A1B2C3' }))
    await untilStories(rig, [['inserted', 'read']])
  })
})

describe('a card that is pulled', () => {
  test('at whichever command: it never yields an identity, and is told of to the end', async () => {
    const rig = await startReader()
    await untilReady(rig)
    const commands = 6
    for (let at = 1; at <= commands; at += 1) {
      pcscd.insert(
        left,
        cardThat(socialSecurityCard(holder), at, () => pcscd.remove(left)),
      )
      const pulled = Array.from({ length: at }, () => ['inserted', 'removed-early', 'removed'])
      await untilStories(rig, pulled)
    }
    pcscd.insert(
      left,
      cardThat(socialSecurityCard(holder), commands + 1, () => pcscd.remove(left)),
    )
    await until(() => expect(rig.stories().at(-1)).toEqual(['inserted', 'read']))
  })

  test('and changed for another in the middle: only the other one is read', async () => {
    const rig = await startReader()
    await untilReady(rig)
    const other = { ...holder, idNumber: '990000199003070048', name: '测试乙', cardNumber: 'B00000002' }
    const swap = () => {
      pcscd.remove(left)
      pcscd.insert(left, socialSecurityCard(other))
    }
    for (let at = 1; at <= 6; at += 1) {
      rig.news.length = 0
      pcscd.insert(left, cardThat(socialSecurityCard(holder), at, swap))
      await until(() => expect(rig.stories().flat()).toContain('read'))
      expect(JSON.stringify(rig.news)).toContain('测试乙')
      expect(JSON.stringify(rig.news)).not.toContain('张䶮')
      pcscd.remove(left)
      await until(() => expect(rig.stories().at(-1)?.at(-1)).toBe('removed'))
    }
  })

  test('and changed for another right after its last answer: only the other one is read', async () => {
    const other = { ...holder, idNumber: '990000199003070048', name: '测试乙', cardNumber: 'B00000002' }
    let swaps = 0
    const rig = await startReader({
      around: (transport) => ({
        watch: (watcher) => transport.watch(watcher),
        audit: () => transport.audit(),
        async connect(name, limits) {
          const session = await transport.connect(name, limits)
          const close = async () => {
            await session.close()
            swaps += 1
            if (swaps === 1) pcscd.remove(left)
            if (swaps === 1) pcscd.insert(left, socialSecurityCard(other))
          }
          return { atr: session.atr, protocol: session.protocol, transmit: session.transmit.bind(session), close }
        },
      }),
    })
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder))
    await until(() => expect(rig.stories().flat()).toContain('read'))
    expect(JSON.stringify(rig.news)).toContain('测试乙')
    expect(JSON.stringify(rig.news)).not.toContain('张䶮')
  })

  test('and put back at once after it was read begins a new reading', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'read']])
    pcscd.remove(left)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [
      ['inserted', 'read', 'removed'],
      ['inserted', 'read'],
    ])
  })
})

describe('a broken exchange', () => {
  test('is tried once more, then the card is unreadable', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.setFault(left, { kind: 'cut', bytes: 1 })
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'unreadable']])
    expect(pcscd.state().counters.connects).toBe(2)
  })

  test('that never ends is cut at its limit; the card is left alone, and the next one is read', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder, { faults: { hangAt: 4 } }))
    await untilStories(rig, [['inserted', 'unreadable']])
    expect(rig.sights.at(-1)).toEqual({ phase: 'degraded', reasons: ['hung'] })
    expect(rig.processEnds).toBe(0)
    pcscd.remove(left)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [
      ['inserted', 'unreadable', 'removed'],
      ['inserted', 'read'],
    ])
    await untilReady(rig)
  })

  test('that never ends takes the process with it where the back end cannot cut it', async () => {
    const rig = await startReader({ claims: 'pcsclite' })
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder, { faults: { hangAt: 1 } }))
    await until(() => expect(rig.processEnds).toBe(1))
    expect(rig.stories()).toEqual([['inserted', 'unreadable']])
    expect(rig.news).toContainEqual({ kind: 'card-hung', readerName: left, eventCounter: 1 })
  })

  test('that took the last process with it is not begun again by the next, until the card was out', async () => {
    pcscd.insert(left, socialSecurityCard(holder))
    const rig = await startReader({ leaveAlone: [{ kind: 'card-hung', readerName: left, eventCounter: 1 }] })
    await untilStories(rig, [['inserted', 'unreadable']])
    expect(pcscd.state().counters.connects).toBe(0)
    pcscd.remove(left)
    pcscd.insert(left, socialSecurityCard(holder))
    await until(() => expect(rig.stories().at(-1)).toEqual(['inserted', 'read']))
  })
})

describe('readers and the card service that come and go', () => {
  test('a reader unplugged in the middle is told as lost; without any reader the device is absent, and back at once', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(
      left,
      cardThat(socialSecurityCard(holder), 4, () => pcscd.detachReader(left)),
    )
    await untilStories(rig, [['inserted', 'reader-lost', 'removed']])
    await until(() => expect(rig.sights.at(-1)).toEqual({ phase: 'absent', reasons: ['link-lost'] }))
    pcscd.attachReader(left)
    await untilReady(rig)
  })

  test('one of two readers unplugged: the device still serves, and says that one is lost until it is back', async () => {
    pcscd.attachReader(right)
    const rig = await startReader()
    await untilReady(rig)
    pcscd.detachReader(right)
    await until(() => expect(rig.sights.at(-1)).toEqual({ phase: 'degraded', reasons: ['link-lost'] }))
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'read']])
    pcscd.attachReader(right)
    await untilReady(rig)
  })

  test('a reader that is back within half a second was never gone', async () => {
    const rig = await startReader()
    await untilReady(rig)
    for (let flap = 0; flap < 20; flap += 1) {
      pcscd.detachReader(left)
      pcscd.attachReader(left)
    }
    pcscd.insert(left, socialSecurityCard(holder))
    await until(() => expect(rig.stories().at(-1)).toEqual(['inserted', 'read']))
    expect(rig.sights.filter(({ phase }) => phase !== 'ready' && phase !== 'opening')).toEqual([])
  })

  test('the card service killed in the middle of a reading is told as a lost reader; the card is read when it is back', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(
      left,
      cardThat(socialSecurityCard(holder), 4, () => void pcscd.die()),
    )
    await untilStories(rig, [['inserted', 'reader-lost', 'removed']])
    expect(rig.sights.at(-1)).toEqual({ phase: 'fault', reasons: ['daemon-down'] })
    await pcscd.revive()
    await untilStories(rig, [
      ['inserted', 'reader-lost', 'removed'],
      ['inserted', 'read'],
    ])
    await untilReady(rig)
  })

  test('a card that was answered is not read again when the card service, or its reader, is back: it is read when it is put in anew', async () => {
    const rig = await startReader()
    await untilReady(rig)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [['inserted', 'read']])
    await pcscd.die()
    await untilStories(rig, [['inserted', 'read', 'removed']])
    await pcscd.revive()
    await untilReady(rig)
    pcscd.remove(left)
    pcscd.insert(left, socialSecurityCard(holder))
    await untilStories(rig, [
      ['inserted', 'read', 'removed'],
      ['inserted', 'read'],
    ])
  })

  test('without a card service the device says so, and is ready when there is one', async () => {
    await pcscd.die()
    const rig = await startReader()
    await until(() => expect(rig.sights.at(-1)).toEqual({ phase: 'fault', reasons: ['daemon-down'] }))
    await pcscd.revive()
    await untilReady(rig)
  })

  test('a card that the watch never told of is found by the look that is taken now and then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    cleanups.push(async () => vi.useRealTimers())
    let isWatchDeaf = false
    const rig = await startReader({
      around: (transport) => ({
        audit: () => transport.audit(),
        connect: (name, limits) => transport.connect(name, limits),
        watch: (watcher) =>
          transport.watch({
            ...watcher,
            onReaders: (readers) => (isWatchDeaf ? undefined : watcher.onReaders(readers)),
          }),
      }),
    })
    await untilReady(rig)
    isWatchDeaf = true
    pcscd.insert(left, socialSecurityCard(holder))
    await vi.advanceTimersByTimeAsync(31_000)
    await untilStories(rig, [['inserted', 'read']])
  })
})

test('profiles that nobody signed are refused by name, and no card is read by them', async () => {
  const profilesFile = join(folder, 'cards.json')
  const rig = await startReader({ profilesFile })
  await until(() => expect(rig.sights.at(-1)).toEqual({ phase: 'fault', reasons: ['config-mismatch'] }))
  expect(rig.news).toEqual([
    { kind: 'log', record: { event: 'card-profiles-refused', error: 'profiles-missing', detail: profilesFile } },
  ])
  expect(shippedProfilesFile).toMatch(/card-profiles/)
})

test('no identity is in anything but the news of the reading', async () => {
  const rig = await startReader()
  await untilReady(rig)
  pcscd.insert(left, socialSecurityCard(holder))
  await untilStories(rig, [['inserted', 'read']])
  const others = rig.news.filter((news): news is CardNews => news.kind !== 'card-read')
  expect(JSON.stringify([others, rig.sights])).not.toMatch(/张䶮|990000|A12345678/)
})
