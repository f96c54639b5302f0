import type { CentrePushName } from '@yizhan/contracts/centre'
import type { LivePort } from './admin-services.ts'
import type { HospitalChoice } from './hospital-choice.ts'

/** Where the centre's doorbell hangs and what it can ring, by the contract. */
const livePath = '/live'
const pushNames = [
  'bookings-changed',
  'stations-changed',
  'todos-changed',
  'notices-changed',
] as const satisfies readonly CentrePushName[]

/** A person does not notice two seconds without live news; a session that is over is refused once and not asked for again. */
const comeBackMs = 2_000

/** The centre's doorbell over socket.io, whose code is fetched after the first page stands. */
export function createLiveSocket(hospital: Pick<HospitalChoice, 'chosen'>): LivePort {
  return {
    start({ onPush, onState }) {
      let stopped = false
      const connecting = import('socket.io-client').then(({ io }) => {
        const auth = (tell: (auth: object) => void) => tell({ hospital: hospital.chosen() ?? undefined })
        const socket = io({ path: livePath, transports: ['websocket'], autoConnect: false, auth })
        socket.on('connect', () => onState(true))
        socket.on('disconnect', (why) => {
          onState(false)
          // A proof of the second factor changes the session's token, and the centre closes what came with the old one.
          if (why === 'io server disconnect' && !stopped) setTimeout(() => !stopped && socket.connect(), comeBackMs)
        })
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
