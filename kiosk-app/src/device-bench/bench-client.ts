import type { BenchState, OrderedDevice, PrinterAction } from './bench-state.ts'

/** The bench server's few calls. */
export interface BenchClient {
  state(): Promise<BenchState>
  printer(action: PrinterAction): Promise<void>
  scan(text: string): Promise<void>
  cutNetwork(cut: boolean): Promise<void>
  /** Does something at one of the other devices, in the words of the bench's server. */
  order(device: OrderedDevice, what: object): Promise<void>
  /** Calls back when something on the bench changed, and when the line to it breaks or comes back. */
  onChange(listener: () => void): { stop(): Promise<void> }
}

/** The bench that served this page. */
export function createBenchClient(origin: string): BenchClient {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${origin}/bench/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`the bench answered ${answer.status} to ${path}`)
  }
  return {
    async state() {
      const answer = await fetch(`${origin}/bench/state`)
      if (!answer.ok) throw new Error(`the bench answered ${answer.status}`)
      return answer.json()
    },
    printer: (action) => post('printer', { action }),
    scan: (text) => post('scanner', { text }),
    cutNetwork: (cut) => post('network', { cut }),
    order: post,
    onChange(listener) {
      const events = new EventSource(`${origin}/bench/events`)
      events.addEventListener('message', listener)
      events.addEventListener('open', listener)
      events.addEventListener('error', listener)
      return {
        stop() {
          events.close()
          return Promise.resolve()
        },
      }
    },
  }
}
