/** How waiting for an answer ended. */
export type WaitEnd<Reply> = { kind: 'answered'; reply: Reply } | { kind: 'silent' } | { kind: 'closed' }

interface Waiter<Reply> {
  matches: (reply: Reply) => boolean
  end: (end: WaitEnd<Reply>) => void
}

/** The questions that are out, oldest first; a reply goes to the first that it answers, a closed link ends them all. */
export class ReplyWait<Reply> {
  #waiters: Waiter<Reply>[] = []
  #closed = false

  /** The first matching reply from now on; `silent` after `timeoutMs`, or when `giveUp` is called. */
  expect(
    matches: (reply: Reply) => boolean,
    timeoutMs: number | null,
  ): { answer: Promise<WaitEnd<Reply>>; giveUp: () => void } {
    let giveUp: () => void = () => undefined
    const answer = new Promise<WaitEnd<Reply>>((resolve) => {
      if (this.#closed) return resolve({ kind: 'closed' })
      const timer = timeoutMs === null ? undefined : setTimeout(() => waiter.end({ kind: 'silent' }), timeoutMs)
      const waiter: Waiter<Reply> = {
        matches,
        end: (end) => {
          clearTimeout(timer)
          this.#waiters = this.#waiters.filter((other) => other !== waiter)
          resolve(end)
        },
      }
      giveUp = () => waiter.end({ kind: 'silent' })
      this.#waiters.push(waiter)
    })
    return { answer, giveUp }
  }

  /** Hands a reply to the waiter it answers; false when nobody waits for it. */
  offer(reply: Reply): boolean {
    const waiter = this.#waiters.find((candidate) => candidate.matches(reply))
    waiter?.end({ kind: 'answered', reply })
    return waiter !== undefined
  }

  /** Ends every waiter as closed, now and later. */
  close(): void {
    this.#closed = true
    for (const waiter of [...this.#waiters]) waiter.end({ kind: 'closed' })
  }
}
