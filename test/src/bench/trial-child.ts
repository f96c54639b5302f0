import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A file of ours in a process of its own, which does one thing after the other as it is told. */
export interface TrialChild {
  pid: number
  /** Tells it to do something and resolves with what it answers; rejects when it ends instead. */
  ask<Answer>(question: object): Promise<Answer>
  stop(): Promise<void>
}

const stopWithinMs = 10_000

/** Starts a file; resolves when it has said that it is ready. */
export async function startTrialChild(file: string, args: readonly string[], folder?: string): Promise<TrialChild> {
  const child = fork(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...(folder ? { cwd: folder } : {}) })
  const ended = once(child, 'exit')
  const answer = async <Answer>(): Promise<Answer> => {
    const early = ended.then(() => Promise.reject(new Error(`${file} ended early`)))
    const [told] = (await Promise.race([once(child, 'message'), early])) as [Answer]
    return told
  }
  await answer()
  return {
    pid: child.pid ?? 0,
    async ask(question) {
      const answered = answer<never>()
      child.send(question)
      return await answered
    },
    async stop() {
      child.disconnect()
      const overdue = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await ended
      clearTimeout(overdue)
    },
  }
}

/** The other side: says that it is ready, answers each question with what `work` makes of it, and ends when it is let go. */
export function answerTrials<Question>(
  work: (question: Question) => Promise<object>,
  end: () => Promise<void> | void,
): void {
  process.on('message', (question: Question) => {
    void work(question).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`)
        process.exit(1)
      },
    )
  })
  process.on('disconnect', () => void Promise.resolve(end()).then(() => process.exit(0)))
  process.send?.({ ready: true })
}
