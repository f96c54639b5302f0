import { type ByteLink, type LinkAddress, LinkFault } from './byte-link.ts'
import type { DeviceSight } from './driver.ts'
import { openLink } from './open-link.ts'
import { watchArrival } from './path-arrival.ts'
import { backOffMs } from './restart-plan.ts'

/** A device that was plugged in again should serve the person who stands before it. */
const longestReconnectMs = 1000

/** What a simple device's driver does with its link. */
export interface KeptLinkUse {
  address: LinkAddress
  onData: (bytes: Uint8Array) => void
  /** The link is up: greet the device if it has to be. A LinkFault thrown here ends the link; it is opened again. */
  onUp: (link: ByteLink) => Promise<void> | void
  /** The link is over, and what was half received with it. */
  onDown: () => void
  tell: (sight: DeviceSight) => void
}

/**
 * Keeps a link open until `stop`: opens it, tells `opening`, `absent` or `fault`, and opens it again with back-off of at most a
 * second, or at once when the path of a device that was plugged in appears. That the device is `ready` is told by its driver, who knows what that means.
 */
export function startKeptLink(use: KeptLinkUse): { stop(): Promise<void> } {
  const closing = new AbortController()
  const life = keepOpen(use, closing.signal)
  return {
    async stop() {
      closing.abort()
      await life
    },
  }
}

async function keepOpen(use: KeptLinkUse, signal: AbortSignal): Promise<void> {
  const arrival = watchArrival(use.address, signal)
  let everUp = false
  use.tell({ phase: 'opening', reasons: [] })
  for (let failures = 0; !signal.aborted; failures += 1) {
    arrival.forget()
    if (await useLink(use, signal)) {
      failures = 0
      everUp = true
    }
    if (signal.aborted) return
    use.tell({ phase: everUp ? 'fault' : 'absent', reasons: ['link-lost'] })
    await arrival.wait(backOffMs(failures, Math.random(), longestReconnectMs))
  }
}

/** Uses the link until it ends; false when it never came up. */
async function useLink(use: KeptLinkUse, signal: AbortSignal): Promise<boolean> {
  let link: ByteLink | undefined
  const stop = () => link?.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    link = await openLink(use.address, use.onData)
    if (signal.aborted) stop()
    await use.onUp(link)
    await link.closed
    return true
  } catch (fault) {
    if (!(fault instanceof LinkFault)) throw fault
    link?.destroy()
    return link !== undefined
  } finally {
    signal.removeEventListener('abort', stop)
    use.onDown()
  }
}
