import { useState } from 'preact/hooks'

/** A piece of work sent to the centre: whether it runs, and whether it broke off because the centre is out of reach. */
export interface Sending {
  busy: boolean
  failed: boolean
  /** Runs the work unless it already runs; a fault is kept for the page to say. */
  send(work: () => Promise<void>): Promise<void>
}

/** Guards a form against double sending and lost faults. */
export function useSending(): Sending {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  return {
    busy,
    failed,
    async send(work) {
      if (busy) return
      setBusy(true)
      setFailed(false)
      try {
        await work()
      } catch {
        setFailed(true)
      } finally {
        setBusy(false)
      }
    },
  }
}
