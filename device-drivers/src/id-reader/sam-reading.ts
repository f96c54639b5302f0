import { readIdCard } from './id-card-text.ts'
import { type SamCommand, samStatus } from './sam-frame.ts'
import type { SamAnswer } from './sam-session.ts'

/** Asks the reader one thing. */
export type AskSam = (command: SamCommand) => Promise<SamAnswer>

/** What came of reading a card. */
export type SamReading = ReturnType<typeof readIdCard>

/** A reading that failed is tried once more: most fail because the card was still moving. */
const readingAttempts = 2

/** Selects the card that was just found and reads it; says why when it cannot be read. */
export async function readSamCard(ask: AskSam): Promise<SamReading> {
  let isSelected = false
  for (let attempt = 1; attempt <= readingAttempts; attempt += 1) {
    // A card that moved has to be found again; one that is still selected does not answer to that, and is read at once.
    if (attempt > 1 && isStatus(await ask('find'), samStatus.found)) isSelected = false
    if (!isSelected) {
      const selected = await ask('select')
      if (isStatus(selected, samStatus.notAuthorised)) return { problem: 'not-authorised' }
      isSelected = isStatus(selected, samStatus.done)
    }
    const reading = isSelected ? await readSelected(ask) : undefined
    if (reading !== undefined) return reading
  }
  return { problem: (await isCardFelt(ask)) === false ? 'removed-early' : 'unreadable' }
}

/**
 * Whether the card lies there still; undefined when the reader does not say. A selected card does not answer "find" on many readers
 * until it is taken away, so it is asked for the new address, which most cards do not have (91); only then is it looked for.
 */
export async function isCardFelt(ask: AskSam): Promise<boolean | undefined> {
  const address = await ask('read-new-address')
  if (address.kind !== 'answered') return undefined
  address.data.fill(0)
  if (address.status === samStatus.done || address.status === samStatus.noSuchContent) return true
  const found = await ask('find')
  return found.kind === 'answered' ? found.status !== samStatus.noneFound : undefined
}

/** Whether the answer came and has this status. */
export function isStatus(answer: SamAnswer, status: number): boolean {
  return answer.kind === 'answered' && answer.status === status
}

/** Undefined when the card did not answer as it should; what it did answer is wiped once it was looked at, the picture with it. */
async function readSelected(ask: AskSam): Promise<SamReading | undefined> {
  const read = await ask('read')
  if (isStatus(read, samStatus.notAuthorised)) return { problem: 'not-authorised' }
  if (read.kind !== 'answered' || read.status !== samStatus.done) return undefined
  const reading = readIdCard(read.data)
  read.data.fill(0)
  return reading
}
