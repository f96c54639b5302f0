import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceReason } from '@yizhan/contracts/device'
import { type ByteLink, type LinkAddress, LinkFault } from '../device/byte-link.ts'
import { type DeviceSight, type Driver, type DriverEvent, type Outcome, takesNoCommands } from '../device/driver.ts'
import { startKeptLink } from '../device/kept-link.ts'
import { ReplyWait } from '../printing/reply-wait.ts'
import { type NutAnswer, NutLineFramer, readNutAnswer } from './nut-line.ts'
import { readUpsNumber, readUpsStatus, type UpsNews } from './ups-status.ts'

/** What a UPS's driver process is started with. */
export interface UpsHostConfig {
  kind: 'ups'
  link: LinkAddress
  upsName: string
}

/** NUT's drivers ask the UPS itself each 2 s (`pollinterval` of ups.conf(5)); asking the server more often tells nothing new. */
const pollMs = 2000

/** The server answers from memory, on this machine or in this network; this long without an answer it is stuck. */
const answerTimeoutMs = 2000

/** A connection that was silent this often is opened anew, which cures one that the other end has forgotten. */
const maxSilences = 3

const maxRuntimeS = 7 * 24 * 3600

/** How asking for one variable ended. */
type Asked =
  | { kind: 'value'; value: string }
  | { kind: 'refused'; word: string }
  | { kind: 'silent' }
  | { kind: 'closed' }

/** One UPS behind a NUT server (RFC 9271): keeps the connection, asks every two seconds. It takes no commands. */
export class NutUps implements Driver<never, never, never> {
  readonly kind = 'ups'
  readonly #emit: (event: DriverEvent<UpsNews>) => void
  readonly #upsName: string
  readonly #lines = new NutLineFramer()
  readonly #life: { stop(): Promise<void> }
  #answers = new ReplyWait<NutAnswer>()
  #silences = 0
  #droppedByUs = false
  #lastPower = ''

  constructor(config: UpsHostConfig, emit: (event: DriverEvent<UpsNews>) => void) {
    this.#emit = emit
    this.#upsName = config.upsName
    this.#life = startKeptLink({
      address: config.link,
      onData: (bytes) => this.#receive(bytes),
      onUp: (link) => this.#startPolling(link),
      onDown: () => this.#lines.reset(),
      tell: (sight) => this.#tellOfLink(sight),
    })
  }

  submit(): Promise<Outcome<never>> {
    return takesNoCommands('a UPS')
  }

  async close(): Promise<void> {
    await this.#life.stop()
  }

  #receive(bytes: Uint8Array): void {
    for (const line of this.#lines.push(bytes)) this.#answers.offer(readNutAnswer(line))
  }

  #startPolling(link: ByteLink): void {
    const answers = new ReplyWait<NutAnswer>()
    this.#answers = answers
    const over = new AbortController()
    void link.closed.then(() => {
      answers.close()
      over.abort()
    })
    void this.#poll(link, over.signal)
  }

  async #poll(link: ByteLink, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.#look(link)
      } catch (fault) {
        if (!(fault instanceof LinkFault)) throw fault
        link.destroy()
      }
      await sleep(pollMs, undefined, { signal: over }).catch(() => undefined)
    }
  }

  async #look(link: ByteLink): Promise<void> {
    const status = await this.#ask(link, 'ups.status')
    if (status.kind === 'silent') return this.#beSilent(link)
    if (status.kind === 'closed') return
    this.#silences = 0
    if (status.kind === 'refused') return this.#tellFault(reasonOf(status.word))
    const known = readUpsStatus(status.value)
    // WAIT and other words say that the server has not heard from the UPS yet.
    if (known === undefined) return this.#tellFault('mute')
    const charge = await this.#ask(link, 'battery.charge')
    const runtime = await this.#ask(link, 'battery.runtime')
    this.#tell(known.sight)
    this.#tellPower({
      kind: 'power',
      state: known.state,
      chargePercent: readUpsNumber(textOf(charge), 100),
      runtimeS: readUpsNumber(textOf(runtime), maxRuntimeS),
    })
  }

  async #ask(link: ByteLink, name: string): Promise<Asked> {
    const matches = (answer: NutAnswer) =>
      answer.kind === 'refusal' ||
      (answer.kind === 'variable' && answer.name === name && answer.upsName === this.#upsName)
    const { answer } = this.#answers.expect(matches, answerTimeoutMs)
    await link.write(Buffer.from(`GET VAR ${this.#upsName} ${name}\n`), { progressMs: answerTimeoutMs })
    const end = await answer
    if (end.kind !== 'answered') return end
    if (end.reply.kind === 'variable') return { kind: 'value', value: end.reply.value }
    return { kind: 'refused', word: end.reply.kind === 'refusal' ? end.reply.word : '' }
  }

  #beSilent(link: ByteLink): void {
    this.#tellFault('mute')
    this.#lines.reset()
    this.#silences += 1
    if (this.#silences < maxSilences) return
    this.#silences = 0
    this.#droppedByUs = true
    link.destroy()
  }

  /** A link that we ended because the server is mute tells nothing new: `mute` stays until something answers, or nobody listens. */
  #tellOfLink(sight: DeviceSight): void {
    const ours = this.#droppedByUs
    this.#droppedByUs = false
    if (!ours) this.#tell(sight)
  }

  #tellPower(news: UpsNews): void {
    const power = JSON.stringify(news)
    if (power === this.#lastPower) return
    this.#lastPower = power
    this.#emit({ kind: 'news', news })
  }

  #tellFault(reason: DeviceReason): void {
    this.#tell({ phase: 'fault', reasons: [reason] })
  }

  #tell(sight: DeviceSight): void {
    this.#emit({ kind: 'sight', sight })
  }
}

function textOf(asked: Asked): string | undefined {
  return asked.kind === 'value' ? asked.value : undefined
}

/** What a refused status means (the error words of RFC 9271). */
function reasonOf(word: string): DeviceReason {
  switch (word) {
    case 'UNKNOWN-UPS':
      return 'config-mismatch'
    case 'DATA-STALE':
    case 'DRIVER-NOT-CONNECTED':
      return 'mute'
    case 'ACCESS-DENIED':
      return 'not-authorised'
    default:
      return 'protocol'
  }
}
