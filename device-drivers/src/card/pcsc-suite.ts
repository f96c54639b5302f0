import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import type { PcscRig } from './pcsc-rig.ts'
import { PcscFault, type PcscTransport, type ReaderState } from './pcsc-transport.ts'

const askSerial = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00)
const countCommands = Uint8Array.of(0x80, 0xcd, 0x00, 0x00)
const hang = Uint8Array.of(0x80, 0xde, 0x00, 0x00)
const usual = { timeoutMs: 30_000 }

/** What the suite is run against. */
export interface PcscUnderTest {
  startRig: () => Promise<PcscRig>
  openTransport: (rig: PcscRig) => Promise<PcscTransport> | PcscTransport
}

/** A watch that tests can wait on. */
class ReaderEye {
  readonly downs: PcscFault[] = []
  #readers: readonly ReaderState[] | undefined
  readonly #waiting = new Set<() => void>()
  readonly #watch: { stop(): Promise<void> }

  constructor(transport: PcscTransport) {
    this.#watch = transport.watch({
      onReaders: (readers) => {
        this.#readers = readers
        for (const look of this.#waiting) look()
      },
      onDown: (fault) => {
        this.#readers = undefined
        this.downs.push(fault)
        for (const look of this.#waiting) look()
      },
    })
  }

  reader(name: string): ReaderState | undefined {
    return this.#readers?.find((reader) => reader.name === name)
  }

  /** The reader, once it is as wanted; undefined stands for one that is not there. */
  until(name: string, isSo: (reader: ReaderState | undefined) => boolean): Promise<ReaderState | undefined> {
    return this.#untilTrue(
      () => this.#readers !== undefined && isSo(this.reader(name)),
      () => this.reader(name),
    )
  }

  untilDown(): Promise<unknown> {
    return this.#untilTrue(
      () => this.downs.length > 0,
      () => undefined,
    )
  }

  stop(): Promise<void> {
    return this.#watch.stop()
  }

  #untilTrue<Result>(isTrue: () => boolean, result: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isTrue()) return
        this.#waiting.delete(look)
        resolve(result())
      }
      this.#waiting.add(look)
      look()
    })
  }
}

async function reasonOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing
  } catch (error) {
    if (error instanceof PcscFault) return error.reason
    throw error
  }
  return 'no fault'
}

const isPresent = (reader: ReaderState | undefined) => reader?.card === 'present'
const isAbsent = (reader: ReaderState | undefined) => reader?.card === 'absent'

/** Starts a rig, a transport and a watch for one test, and ends them after it. */
function startsOf(underTest: PcscUnderTest) {
  const endings: (() => Promise<unknown>)[] = []

  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
  })

  return async () => {
    const rig = await underTest.startRig()
    endings.push(() => rig.stop())
    const transport = await underTest.openTransport(rig)
    const eye = new ReaderEye(transport)
    endings.push(() => eye.stop())
    const [reader, other] = rig.readers
    await eye.until(other, isAbsent)
    return { rig, transport, eye, reader, other }
  }
}

async function readSerial(transport: PcscTransport, reader: string): Promise<number | undefined> {
  const session = await transport.connect(reader, usual)
  const answer = await session.transmit(askSerial, usual)
  await session.close()
  return answer[3]
}

/** What every way to the card service promises, against any card service. */
export function promisePcsc(underTest: PcscUnderTest): void {
  const start = startsOf(underTest)
  promiseReading(start)
  promiseFailingCards(start)
  promiseService(start)
}

type Start = ReturnType<typeof startsOf>

function promiseReading(start: Start): void {
  test('reads a card of either protocol, and powers it anew for each session', async () => {
    const { rig, transport, eye, reader, other } = await start()
    await rig.insert(reader, { serial: 7, protocol: 'T=1' })
    await rig.insert(other, { serial: 8, protocol: 'T=0' })
    const seen = await eye.until(reader, isPresent)
    await eye.until(other, isPresent)
    const sessions = [await transport.connect(reader, usual), await transport.connect(other, usual)]
    expect(sessions.map(({ protocol }) => protocol)).toEqual(['T=1', 'T=0'])
    expect(sessions[0]?.atr).toEqual(seen?.atr)
    const answers = await Promise.all(sessions.map((session) => session.transmit(askSerial, usual)))
    expect(answers.map((answer) => [...answer.subarray(-3)])).toEqual([
      [7, 0x90, 0x00],
      [8, 0x90, 0x00],
    ])
    for (const session of sessions) await session.close()
    const again = await transport.connect(reader, usual)
    expect([...(await again.transmit(countCommands, usual))]).toEqual([1, 0x90, 0x00])
    await again.close()
  })

  test('misses none of twenty cards put in and taken out', async () => {
    const { rig, eye, reader } = await start()
    let lastCounter = eye.reader(reader)?.eventCounter ?? Number.NaN
    for (let card = 0; card < 20; card += 1) {
      await rig.insert(reader, { serial: card })
      const present = await eye.until(reader, isPresent)
      expect(present?.eventCounter).toBeGreaterThan(lastCounter)
      await rig.remove(reader)
      lastCounter = (await eye.until(reader, isAbsent))?.eventCounter ?? Number.NaN
    }
  })
}

function promiseFailingCards(start: Start): void {
  test('says that a card pulled in the middle of an exchange is gone, and reads the next one', async () => {
    const { rig, transport, eye, reader } = await start()
    await rig.insert(reader, { serial: 1 })
    await eye.until(reader, isPresent)
    const session = await transport.connect(reader, usual)
    const reason = reasonOf(session.transmit(hang, { timeoutMs: 20_000 }))
    // Long enough for the command to have reached the card; too short only makes the test easier.
    await sleep(100)
    await rig.remove(reader)
    expect(['card-removed', 'protocol']).toContain(await reason)
    await session.close()
    await eye.until(reader, isAbsent)
    await rig.insert(reader, { serial: 2 })
    await eye.until(reader, isPresent)
    expect(await readSerial(transport, reader)).toBe(2)
  })

  test('cuts a hung exchange at its deadline, while the other reader goes on', async () => {
    const { rig, transport, eye, reader, other } = await start()
    await rig.insert(reader, { serial: 1 })
    await rig.insert(other, { serial: 2 })
    await eye.until(reader, isPresent)
    await eye.until(other, isPresent)
    const session = await transport.connect(reader, usual)
    const reason = reasonOf(session.transmit(hang, { timeoutMs: 500 }))
    expect(await readSerial(transport, other)).toBe(2)
    expect(await reason).toBe('timeout')
    expect(await reasonOf(session.transmit(askSerial, usual))).toBe('timeout')
    expect(await readSerial(transport, other)).toBe(2)
    await session.close()
  })
}

function promiseService(start: Start): void {
  test('asks anew in an audit, and names what cannot be connected', async () => {
    const { rig, transport, eye, reader, other } = await start()
    await rig.insert(reader, { serial: 1 })
    await eye.until(reader, isPresent)
    const audit = await transport.audit()
    expect(audit.map(({ name, card }) => [name, card])).toEqual([
      [reader, 'present'],
      [other, 'absent'],
    ])
    expect(audit[0]).toEqual(eye.reader(reader))
    expect(await reasonOf(transport.connect(other, usual))).toBe('card-removed')
    expect(await reasonOf(transport.connect('No Such Reader', usual))).toBe('reader-lost')
  })

  test('tells once that the daemon was killed, and reads again when it is back', async () => {
    const { rig, transport, eye, reader } = await start()
    await rig.insert(reader, { serial: 3 })
    await eye.until(reader, isPresent)
    const session = await transport.connect(reader, usual)
    await rig.die()
    await eye.untilDown()
    expect(await reasonOf(session.transmit(askSerial, usual))).not.toBe('no fault')
    await session.close()
    expect(await reasonOf(transport.audit())).toBe('daemon-down')
    expect(await reasonOf(transport.connect(reader, usual))).toBe('daemon-down')
    await rig.revive()
    await eye.until(reader, isPresent)
    expect(await readSerial(transport, reader)).toBe(3)
    expect(eye.downs.map(({ reason }) => reason)).toEqual(['daemon-down'])
  })
}

/** The promises that need readers to come and go and cards to fail on command, which the real daemon’s virtual readers cannot. */
export function promisePcscOnStandIn(underTest: PcscUnderTest): void {
  const start = startsOf(underTest)

  test('tells a card that gives no answer to reset from a card', async () => {
    const { rig, transport, eye, reader } = await start()
    await rig.insert(reader, { serial: 1, mute: true })
    const seen = await eye.until(reader, (state) => state?.card !== 'absent')
    expect(seen).toMatchObject({ card: 'mute', atr: new Uint8Array() })
    expect(await reasonOf(transport.connect(reader, usual))).toBe('card-mute')
  })

  test('sees a reader go and come, and reads in it again', async () => {
    const { rig, transport, eye, reader } = await start()
    await rig.insert(reader, { serial: 1 })
    await eye.until(reader, isPresent)
    const session = await transport.connect(reader, usual)
    await rig.detach(reader)
    await eye.until(reader, (state) => state === undefined)
    expect(['reader-lost', 'card-removed']).toContain(await reasonOf(session.transmit(askSerial, usual)))
    await session.close()
    await rig.attach(reader)
    await rig.insert(reader, { serial: 9 })
    await eye.until(reader, isPresent)
    const again = await transport.connect(reader, usual)
    expect([...(await again.transmit(askSerial, usual))]).toEqual([0x04, 0x59, 0x5a, 9, 0x90, 0x00])
    await again.close()
  })

  test.each([
    { bytes: 0, reason: 'card-removed' },
    { bytes: 1, reason: 'protocol' },
  ])('takes a success of $bytes bytes for a failure, and ends the session', async ({ bytes, reason }) => {
    const { rig, transport, eye, reader } = await start()
    await rig.insert(reader, { serial: 1 })
    await eye.until(reader, isPresent)
    const session = await transport.connect(reader, usual)
    await rig.fault(reader, { kind: 'cut', bytes })
    expect(await reasonOf(session.transmit(askSerial, usual))).toBe(reason)
    await rig.fault(reader, { kind: 'none' })
    expect(await reasonOf(session.transmit(askSerial, usual))).toBe(reason)
    await session.close()
  })

  test('counts cards that come and go faster than anybody looks', async () => {
    const { rig, eye, reader } = await start()
    // libpcsclite begins to count with the first event that it sees.
    await rig.insert(reader, { serial: 0 })
    await eye.until(reader, isPresent)
    await rig.remove(reader)
    const before = (await eye.until(reader, isAbsent))?.eventCounter ?? Number.NaN
    for (let card = 0; card < 20; card += 1) {
      void rig.insert(reader, { serial: card })
      void rig.remove(reader)
    }
    await eye.until(reader, (state) => state?.eventCounter === before + 40)
    expect(eye.reader(reader)?.card).toBe('absent')
  })
}

/**
 * The promise that the native package cannot give inside the process of a test: libpcsclite (1.9.9, `SCardListReaders`) counts the
 * readers' names and then copies them, from one table that all contexts of a process read into unguarded. A reader that appears in
 * between is written past the end; AddressSanitizer finds it within some thousand flaps, and the process of a test dies of it.
 */
export function promisePcscUnderFlaps(underTest: PcscUnderTest): void {
  const start = startsOf(underTest)

  test('after a thousand flaps of a reader the state is right and no file is left open', async () => {
    const { rig, transport, eye, reader, other } = await start()
    const openFiles = () => readdirSync('/proc/self/fd').length
    const before = { files: openFiles(), clients: await rig.clients() }
    await rig.flap(other, 1000)
    await rig.insert(other, { serial: 5 })
    await eye.until(other, isPresent)
    expect(eye.reader(reader)?.card).toBe('absent')
    const session = await transport.connect(other, usual)
    expect((await session.transmit(askSerial, usual))[3]).toBe(5)
    await session.close()
    await expect.poll(openFiles, { timeout: patienceMs }).toBeLessThanOrEqual(before.files)
    await expect.poll(() => rig.clients(), { timeout: patienceMs }).toBeLessThanOrEqual(before.clients)
  })
}
