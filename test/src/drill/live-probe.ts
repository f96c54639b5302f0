import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks a station again and again whether it lives, as its page's calls would come, and takes the time of each answer. */
export interface LiveProbe {
  /** Ends it; how long the answers took: of a hundred all but one took no longer than `p99Ms`. */
  stop(): Promise<{ answers: number; p99Ms: number; worstMs: number }>
}

/** Often enough that a stall of 50 ms is seen, so seldom that the asking costs nothing. */
const pauseMs = 20

/** Starts asking. An answer other than 200 throws when it ends. */
export function startLiveProbe(url: string): LiveProbe {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const tookMs: number[] = []
  let stopped = false
  const life = (async () => {
    while (!stopped) {
      const askedAt = performance.now()
      await askLive(`${url}/health/live`, agent)
      tookMs.push(performance.now() - askedAt)
      await sleep(pauseMs)
    }
  })()
  life.catch(() => undefined)
  return {
    async stop() {
      stopped = true
      await life
      agent.destroy()
      const sorted = tookMs.toSorted((a, b) => a - b)
      const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10
      return { answers: sorted.length, p99Ms: at(0.99), worstMs: at(1) }
    },
  }
}

function askLive(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (answer) => {
      answer.resume()
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`the station answered ${answer.statusCode}`))
      })
    })
    request.once('error', reject)
  })
}
