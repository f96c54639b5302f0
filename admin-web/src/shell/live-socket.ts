import type { CentrePushName } from '@yizhan/contracts/centre'
import type { LivePort } from './admin-services.ts'

/** Where the centre's doorbell hangs and what it can ring, by the contract. */
const livePath = '/live'
const pushNames = ['bookings-changed', 'stations-changed'] as const satisfies readonly CentrePushName[]

/** The centre's doorbell over socket.io, whose code is fetched after the first page stands. */
export function createLiveSocket(): LivePort {
  return {
    start({ onPush, onState }) {
      let stopped = false
      const connecting = import('socket.io-client').then(({ io }) => {
        const socket = io({ path: livePath, transports: ['websocket'], autoConnect: false })
        socket.on('connect', () => onState(true))
        socket.on('disconnect', () => onState(false))
        for (const name of pushNames) socket.on(name, () => onPush(name))
        if (!stopped) socket.connect()
        return socket
      })
      // A doorbell whose code cannot be fetched is a silent one: the page says so and asks by the clock.
      connecting.catch(() => onState(false))
      return {
        async stop() {
          stopped = true
          const socket = await connecting.catch(() => null)
          socket?.disconnect()
        },
      }
    },
  }
}
