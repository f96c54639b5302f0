import type { CardNews } from './card-news.ts'

/**
 * Which readings of cards have begun and not ended, so that each can be told to its end when the process that would tell it is gone: a
 * page that waits for a card must not wait for ever.
 */
export class OpenReadings {
  readonly #stages = new Map<string, 'running' | 'told'>()

  note(news: CardNews): void {
    if (news.kind === 'card-removed') this.#stages.delete(news.readingId)
    else this.#stages.set(news.readingId, news.kind === 'card-inserted' ? 'running' : 'told')
  }

  /** The news that end every open reading: not read because the reader was lost, and gone. */
  endAll(): CardNews[] {
    const ends = [...this.#stages].flatMap(([readingId, stage]): CardNews[] => {
      const removed: CardNews = { kind: 'card-removed', readingId }
      return stage === 'told' ? [removed] : [{ kind: 'card-refused', readingId, problem: 'reader-lost' }, removed]
    })
    this.#stages.clear()
    return ends
  }
}
