import type { StationPush, StationPushName } from '@yizhan/contracts/station'

/** What the page wants to hear from its station. */
export interface PushListener {
  /** The line is there (again): whatever was pushed meanwhile is lost, so ask. */
  connected(): void
  /** The line broke: perhaps the station is gone. */
  disconnected(): void
  stationChanged(): void
  printJobChanged(push: StationPush<'print-job-changed'>): void
  scanReceived(push: StationPush<'scan-received'>): void
  scanRefused(push: StationPush<'scan-refused'>): void
  cardInserted(push: StationPush<'card-inserted'>): void
  cardRead(push: StationPush<'card-read'>): void
  cardRefused(push: StationPush<'card-refused'>): void
  cardRemoved(push: StationPush<'card-removed'>): void
  readinessChanged(push: StationPush<'readiness-changed'>): void
}

/** Connects a listener to a station's pushes until it is stopped. */
export type StartPushes = (listener: PushListener) => { stop(): Promise<void> }

type PushHandlers = { [Name in StationPushName]: (push: StationPush<Name>) => void }

/** A station on loopback is back within 3 s of a kill, so waiting longer between attempts only delays the patient. */
const reconnectMaxMs = 2_000

/** Listens over socket.io, loaded after the first paint because a first screen can be used without it. */
export const startSocketPushes: StartPushes = (listener) => {
  const connecting = connect(listener)
  return {
    async stop() {
      const socket = await connecting
      socket.disconnect()
    },
  }
}

/** A page that is not shown is never painted; it connects after a second all the same. */
const paintPatienceMs = 1_000

/** Resolves once the browser says that it has painted the page. */
function firstPaint(): Promise<void> {
  return new Promise((resolve) => {
    new PerformanceObserver(() => resolve()).observe({ type: 'paint', buffered: true })
    setTimeout(resolve, paintPatienceMs)
  })
}

async function connect(listener: PushListener) {
  await firstPaint()
  const { io } = await import('socket.io-client')
  const socket = io({ transports: ['websocket'], reconnectionDelay: 250, reconnectionDelayMax: reconnectMaxMs })
  const handlers: PushHandlers = {
    'station-changed': () => listener.stationChanged(),
    'print-job-changed': (push) => listener.printJobChanged(push),
    'scan-received': (push) => listener.scanReceived(push),
    'scan-refused': (push) => listener.scanRefused(push),
    'card-inserted': (push) => listener.cardInserted(push),
    'card-read': (push) => listener.cardRead(push),
    'card-refused': (push) => listener.cardRefused(push),
    'card-removed': (push) => listener.cardRemoved(push),
    'readiness-changed': (push) => listener.readinessChanged(push),
  }
  for (const [name, hear] of Object.entries(handlers)) socket.on(name, hear)
  socket.on('connect', () => listener.connected())
  socket.on('disconnect', () => listener.disconnected())
  return socket
}
