import type { ByteLink } from '../device/byte-link.ts'
import { ReplyWait } from '../printing/reply-wait.ts'
import { encodeSamFrame, type SamCommand, samCommands, samStatus } from './sam-frame.ts'
import { type SamFrame, SamFramer } from './sam-framer.ts'

/** How an exchange with the reader ended; `garbled` is an answer whose checksum was wrong twice. */
export type SamAnswer = { kind: 'answered'; status: number; data: Buffer } | { kind: 'silent' | 'closed' | 'garbled' }

/**
 * Find and select take a reader some tens of milliseconds. Reading takes it about a second, and its 1,295 bytes 1.35 s at the
 * slowest line (9600 baud).
 */
const timeoutsMs: Readonly<Record<SamCommand, number>> = {
  find: 1000,
  select: 1000,
  read: 4000,
  'read-new-address': 1500,
}

/** What a success carries; answers do not say what they answer, so a late one is told by its status and size. */
const dataBytesOfRead = 4 + 256

/** The exchanges with one reader over one link, one at a time. */
export class SamSession {
  readonly #link: ByteLink
  readonly #framer = new SamFramer()
  readonly #answers = new ReplyWait<SamFrame>()

  constructor(link: ByteLink) {
    this.#link = link
    void link.closed.then(() => this.#answers.close())
  }

  receive(bytes: Uint8Array): void {
    for (const frame of this.#framer.push(bytes)) this.#answers.offer(frame)
  }

  /** Asks, and asks once more when the answer was garbled or the reader says that the question was. */
  async ask(command: SamCommand): Promise<SamAnswer> {
    const first = await this.#askOnce(command)
    const garbled = first.kind === 'garbled' || (first.kind === 'answered' && first.status === samStatus.badChecksum)
    return garbled ? this.#askOnce(command) : first
  }

  async #askOnce(command: SamCommand): Promise<SamAnswer> {
    this.#framer.reset()
    const timeoutMs = timeoutsMs[command]
    const { answer } = this.#answers.expect((frame) => mayAnswer(command, frame), timeoutMs)
    await this.#link.write(encodeSamFrame(samCommands[command]), { progressMs: timeoutMs })
    const end = await answer
    if (end.kind !== 'answered') {
      this.#framer.reset()
      return end
    }
    return end.reply.ok ? { kind: 'answered', status: end.reply.status, data: end.reply.data } : { kind: 'garbled' }
  }
}

function mayAnswer(command: SamCommand, frame: SamFrame): boolean {
  if (!frame.ok) return true
  const { status, data } = frame
  if (status === samStatus.found || status === samStatus.noneFound) return command === 'find'
  if (status === samStatus.selectFailed) return command === 'select'
  if (status === samStatus.noSuchContent) return command === 'read-new-address'
  if (status !== samStatus.done) return true
  return command === 'read' ? data.length >= dataBytesOfRead : command !== 'find' && data.length < dataBytesOfRead
}
