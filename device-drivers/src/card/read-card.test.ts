import { idNumberCheckDigit } from '@yizhan/rules/patient/id-number'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeGb18030 } from '../printing/gb18030-text.ts'
import type { SimCard } from '../sim/sim-card.ts'
import { contactlessCard, hospitalCard, socialSecurityCard, unknownCard } from '../sim/virtual-card.ts'
import type { CardProfile } from './card-profile.ts'
import { cardProfileKeys } from './card-profile-keys.ts'
import { loadCardProfiles, shippedProfilesFile } from './card-profile-set.ts'
import { type CardSession, PcscFault } from './pcsc-transport.ts'
import { type CardReading, readCard } from './read-card.ts'

/** Nobody: the region 990000 does not exist. */
const holder = { idNumber: '99000019900307003X', name: '张䶮', birthDate: '19900307', cardNumber: 'A12345678' }
const identity = {
  profileId: 'social-security-card',
  identifiers: [
    { kind: 'id-number', value: '99000019900307003X' },
    { kind: 'card-number', value: 'A12345678' },
  ],
  name: '张䶮',
  birthDate: '1990-03-07',
}

let profiles: CardProfile[]

beforeAll(async () => {
  const loaded = await loadCardProfiles(shippedProfilesFile, cardProfileKeys)
  if (!loaded.ok) throw new Error(`${loaded.error}: ${loaded.detail}`)
  profiles = loaded.profiles
})

interface Trace {
  apdus: string[]
  longestWaitMs: number
}

/** A session with a card in this process; it answers T=0 as cards with a `61xx` habit do when told so. */
function sessionWith(card: SimCard, protocol: 'T=0' | 'T=1' = 'T=1'): CardSession & Trace {
  card.powerUp()
  const trace: Trace = { apdus: [], longestWaitMs: 0 }
  return {
    ...trace,
    atr: card.atr,
    protocol,
    async transmit(apdu, { timeoutMs }) {
      this.apdus.push(Buffer.from(apdu).toString('hex'))
      this.longestWaitMs = Math.max(this.longestWaitMs, timeoutMs)
      const answer = card.answer(apdu)
      if (answer === 'hang') throw new PcscFault('timeout', 'no answer')
      return answer
    },
    close: async () => undefined,
  }
}

function read(session: CardSession): Promise<CardReading> {
  return readCard(session, profiles, () => performance.now())
}

/** A card that answers every command by a rule. */
function cardOf(answer: (apdu: Uint8Array) => number[], atr = [0x3b, 0x60, 0, 0]): SimCard {
  return { atr: Uint8Array.from(atr), answer: (apdu) => Uint8Array.from(answer(apdu)), powerUp: () => undefined }
}

/** The records of a social-security card that says something else for one of them. */
function cardSaying(tag: number, value: Uint8Array): SimCard {
  const honest = socialSecurityCard(holder)
  return {
    ...honest,
    answer: (apdu) =>
      apdu[1] === 0xb2 && apdu[2] === tag
        ? Uint8Array.of(tag, value.length, ...value, 0x90, 0x00)
        : honest.answer(apdu),
  }
}

describe('the cards of the shipped profiles', () => {
  test.each(['by-tag', 'counted'] as const)(
    'a social-security card with records %s gives ID number, card number, name and birth date',
    async (numbering) => {
      const session = sessionWith(socialSecurityCard(holder, { numbering }))
      expect(await read(session)).toEqual({ ok: true, identity })
      expect(session.apdus.length).toBeLessThanOrEqual(10)
    },
  )

  test('a hospital card gives its number, with a name and a birth date where it has them', async () => {
    const full = hospitalCard({ cardNumber: 'YZ00012345', name: '测试甲', birthDate: '19850101' })
    expect(await read(sessionWith(full))).toEqual({
      ok: true,
      identity: {
        profileId: 'hospital-card',
        identifiers: [{ kind: 'card-number', value: 'YZ00012345' }],
        name: '测试甲',
        birthDate: '1985-01-01',
      },
    })
    const bare = await read(sessionWith(hospitalCard({ cardNumber: 'YZ00012345' })))
    expect(bare).toMatchObject({ ok: true, identity: { identifiers: [{ value: 'YZ00012345' }] } })
  })

  test('a contactless card gives its serial number, unless it makes up a new one at every touch', async () => {
    const profileId = 'contactless-uid'
    for (const uid of ['04A1B2C3', '04A1B2C3D4E5F6', '0812345678ABCD'])
      expect(await read(sessionWith(contactlessCard({ uid })))).toEqual({
        ok: true,
        identity: { profileId, identifiers: [{ kind: 'card-uid', value: uid }] },
      })
    expect(await read(sessionWith(contactlessCard({ uid: '08A1B2C3' })))).toEqual({
      ok: false,
      problem: 'unknown-card',
    })
    expect(await read(sessionWith(contactlessCard({ uid: '04A1B2' })))).toEqual({ ok: false, problem: 'unreadable' })
  })

  test('a card of no known kind is unknown; a contact card is never taken for a serial number', async () => {
    expect(await read(sessionWith(unknownCard()))).toEqual({ ok: false, problem: 'unknown-card' })
    const willing = cardOf((apdu) => (apdu[0] === 0xff ? [1, 2, 3, 4, 0x90, 0] : [0x6a, 0x82]))
    expect(await read(sessionWith(willing))).toEqual({ ok: false, problem: 'unknown-card' })
  })
})

describe('cards that lie', () => {
  test('lengths that lie, and answers cut in half that claim success, give no identity', async () => {
    // The first two commands ask which card this is; the next four read it.
    for (let at = 3; at <= 6; at += 1)
      for (const faults of [{ lieAt: at }, { truncateAt: at }])
        expect(await read(sessionWith(socialSecurityCard(holder, { faults })))).toEqual({
          ok: false,
          problem: 'unreadable',
        })
    for (const faults of [{ lieAt: 2 }, { truncateAt: 2 }])
      expect(await read(sessionWith(hospitalCard({ cardNumber: 'YZ0001' }, { faults })))).toMatchObject({ ok: false })
  })

  test('an empty success is no value', async () => {
    const empty = cardOf(() => [0x90, 0x00])
    expect(await read(sessionWith(empty))).toEqual({ ok: false, problem: 'unreadable' })
  })

  test.each([
    ['a wrong check digit', 0x08, '990000199003070031'],
    ['a birthday that does not exist', 0x08, `99000019900230001${idNumberCheckDigit('99000019900230001')}`],
    ['an ID number that is too short', 0x08, '99000019900307'],
    ['a card number with a control character', 0x07, 'A1234\x1b678'],
  ])('%s makes the card unreadable', async (_, tag, text) => {
    expect(await read(sessionWith(cardSaying(tag, Buffer.from(text, 'latin1'))))).toEqual({
      ok: false,
      problem: 'unreadable',
    })
  })

  test.each([
    ['broken GB18030', Uint8Array.of(0xd5, 0xc5, 0x81)],
    ['a direction-changing character', encodeGb18030('张\u202e三')],
    ['an escape sequence', Uint8Array.of(0xd5, 0xc5, 0x1b, 0x40)],
    ['nothing but digits', encodeGb18030('12345')],
    ['nothing but padding', new Uint8Array(30)],
  ])('a name of %s makes the card unreadable', async (_, value) => {
    expect(await read(sessionWith(cardSaying(0x09, value)))).toEqual({ ok: false, problem: 'unreadable' })
  })

  test('a birth date that is not the one in the ID number makes the card unreadable', async () => {
    expect(await read(sessionWith(cardSaying(0x0d, Uint8Array.of(0x19, 0x90, 0x03, 0x08))))).toEqual({
      ok: false,
      problem: 'unreadable',
    })
  })

  test('whatever a card answers, the reading ends within its limits, and what it names is an ID number', async () => {
    const answer = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }).map((data) => Uint8Array.of(...data, 0x90, 0x00)),
      fc.tuple(fc.constantFrom(0x61, 0x6c), fc.nat({ max: 255 })).map((status) => Uint8Array.from(status)),
      fc
        .constantFrom(0x07, 0x08, 0x09, 0x0d, 0x70)
        .chain((tag) =>
          fc.uint8Array({ maxLength: 40 }).map((value) => Uint8Array.of(tag, value.length, ...value, 0x90, 0x00)),
        ),
    )
    const atr = fc.constantFrom<number[]>([0x3b, 0x60, 0, 0], [0x3b, 0x8f, 0x80, 0x01], [])
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(answer),
        atr,
        fc.constantFrom('T=0', 'T=1'),
        async (answers, bytes, protocol) => {
          const session = sessionWith(
            cardOf(() => [...(answers.next().value ?? [])], bytes),
            protocol,
          )
          const reading = await read(session).catch((fault: unknown) => fault)
          expect(session.apdus.length).toBeLessThanOrEqual(64 + 24)
          expect(session.longestWaitMs).toBeLessThanOrEqual(1000)
          if (reading instanceof PcscFault) return
          expect(reading).toHaveProperty('ok')
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the two protocols', () => {
  /** The social-security card as a T=0 card gives it: `61xx` first, and `6Cxx` for any other length. */
  function strictCard(): SimCard {
    const honest = socialSecurityCard(holder)
    let waiting: Uint8Array = new Uint8Array()
    return {
      ...honest,
      answer(apdu) {
        if (apdu[1] === 0xc0) return waiting
        const answer = honest.answer(apdu)
        if (answer === 'hang' || answer.length === 2) return answer
        const length = answer.length - 2
        if (apdu.at(-1) !== length) return Uint8Array.of(0x6c, length)
        waiting = answer
        return Uint8Array.of(0x61, length)
      },
    }
  }

  test('61xx and 6Cxx are followed where T=0 sends them', async () => {
    expect(await read(sessionWith(strictCard(), 'T=0'))).toEqual({ ok: true, identity })
  })

  test('from a T=1 card they are a broken exchange, not an answer', async () => {
    await expect(read(sessionWith(strictCard(), 'T=1'))).rejects.toMatchObject({ reason: 'protocol' })
  })

  test('an answer without a whole status word is a broken exchange', async () => {
    for (const bytes of [[], [0x90]])
      await expect(read(sessionWith(cardOf(() => bytes)))).rejects.toMatchObject({ reason: 'protocol' })
  })

  test('a card that always has more to say is unreadable', async () => {
    const endless = cardOf(() => [...new Uint8Array(256), 0x61, 0x00])
    expect(await read(sessionWith(endless, 'T=0'))).toEqual({ ok: false, problem: 'unreadable' })
  })

  test('a card that takes its time at every command is given up when its time is spent', async () => {
    let nowMs = 0
    const slow = socialSecurityCard(holder)
    const session = sessionWith({
      ...slow,
      answer(apdu) {
        nowMs += 1100
        return slow.answer(apdu)
      },
    })
    expect(await readCard(session, profiles, () => nowMs)).toEqual({ ok: false, problem: 'unreadable' })
    expect(session.apdus.length).toBeLessThan(8)
  })
})
