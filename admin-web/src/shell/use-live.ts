import { useQueryClient } from '@tanstack/preact-query'
import type { CentrePushName } from '@yizhan/contracts/centre'
import { useEffect, useState } from 'preact/hooks'
import { useServices } from './admin-services.ts'

/** Which data a push says is worth asking for again. */
const dataOfPush: Record<CentrePushName, string> = {
  'bookings-changed': 'bookings',
  'stations-changed': 'stations',
  'todos-changed': 'todos',
  'notices-changed': 'notices',
}

/** Pages ask again this often by themselves, so that a silent doorbell costs no more than a station's report interval. */
export const pollEveryMs = 15_000

/** Listens to the doorbell while the console is open; answers whether it can be heard. */
export function useLive(): boolean {
  const { live } = useServices()
  const queries = useQueryClient()
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    const listening = live.start({
      onPush: (name) => {
        // A failed re-read shows on the page that asked; here there is nobody to tell.
        queries.invalidateQueries({ queryKey: [dataOfPush[name]] }).catch(() => undefined)
      },
      onState: (now) => {
        setConnected(now)
        if (now) queries.invalidateQueries({ queryKey: ['bookings'] }).catch(() => undefined)
      },
    })
    return () => {
      listening.stop().catch(() => undefined)
    }
  }, [live, queries])
  return connected
}
