import { implement } from '@orpc/server'
import { readinessContract } from '@yizhan/contracts/readiness'
import type { Readiness } from './readiness-check.ts'

/** The readiness calls of the kiosk, as the contract has them. */
export function readinessProcedures(readiness: Readiness) {
  const os = implement(readinessContract)
  return os.router({
    view: os.view.handler(() => readiness.view()),
    start: os.start.handler(({ input, errors }) => {
      const started = readiness.start(input.operationId)
      if (started.ok) return started.report
      if (started.error === 'session-running') throw errors['session-running']()
      throw errors['tested-just-now']({ data: { retryAfterMs: started.retryAfterMs } })
    }),
    print: os.print.handler(async ({ input, errors }) => {
      const printed = await readiness.print(input.operationId)
      if (!printed.ok) throw errors[printed.error]()
      return printed.report
    }),
    end: os.end.handler(() => readiness.end()),
  })
}
