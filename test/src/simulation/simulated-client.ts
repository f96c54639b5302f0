import { ORPCError } from '@orpc/client'
import type { CentreClient } from '@yizhan/station-server/sync/centre-client'
import type { CentreAnswer, CentreCall } from './centre-state.ts'
import type { SimulatedNet } from './simulated-net.ts'

interface ClientDeps {
  net: SimulatedNet
  stationId: string
  nextCounter: () => Promise<number>
  /** What a planted bug makes of an answer. */
  heard: (call: CentreCall, answer: CentreAnswer) => CentreAnswer
}

/** The centre as a station's process calls it: one call after another, each under the next counter, over the simulated network. */
export function simulatedClient({ net, stationId, nextCounter, heard }: ClientDeps): CentreClient {
  let last: Promise<unknown> = Promise.resolve()
  const through = (name: CentreCall['name']) => (input: unknown) => {
    const call = { name, input: structuredClone(input) } as CentreCall
    const answered = last.then(async () => net.send({ from: stationId, call, counter: await nextCounter() }))
    last = answered.catch(() => undefined)
    return answered.then((answer) => valueIn(heard(call, answer)))
  }
  const calls = {
    hello: through('hello'),
    upload: through('upload'),
    pull: through('pull'),
    leaseNumbers: through('leaseNumbers'),
    report: through('report'),
  }
  // Telemetry of devices has no simulation; calling it here would be a fault and says so.
  return calls as unknown as CentreClient
}

function valueIn(answer: CentreAnswer): unknown {
  if (answer.ok) return structuredClone(answer.value)
  throw new ORPCError(answer.code, { defined: true, status: answer.status, data: answer.data ?? null })
}
