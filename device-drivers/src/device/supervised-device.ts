import type { DeviceHealth } from '@yizhan/contracts/device'
import type { Outcome } from './driver.ts'
import { type HealthListener, HealthLog } from './health-log.ts'
import type { HostConfig } from './host-message.ts'
import { Supervisor } from './supervisor.ts'

/** What every supervised device is started with. */
export interface DeviceDeps {
  log: (record: object) => void
  now: () => number
}

/** A device whose driver runs in its own supervised process, without what is special to its kind. */
export interface SupervisedDevice<News> {
  /** The last known health; `seq` only grows. */
  health(): DeviceHealth
  /** Calls on every change; the answer ends it. */
  onHealth(listener: HealthListener): () => void
  /** Calls for all that the driver tells without being asked. */
  onNews(listener: (news: News) => void): () => void
  /** Runs a command in the driver process, which is killed if it has not ended it some time after the deadline. */
  run(command: object, limits: { deadlineMs: number; signal?: AbortSignal }): Promise<Outcome<unknown>>
  /** Ends the driver process and starts it again at once, as a person who re-enables a device wants it. */
  restart(): void
  stop(): Promise<void>
}

/**
 * Starts a device's driver process and keeps it alive until `stop`. The type of news is the caller's word: driver and caller
 * are one source, and only the IPC lies between.
 */
export function startSupervisedDevice<News>(
  deviceId: string,
  config: HostConfig,
  deps: DeviceDeps,
): SupervisedDevice<News> {
  const health = new HealthLog(deviceId, config.kind, deps.now)
  const listeners = new Set<(news: News) => void>()
  const supervisor = new Supervisor(deviceId, config, {
    ...deps,
    onEvent: (event) => {
      if (event.kind === 'sight') return health.see(event.sight, 'driver')
      for (const listener of listeners) listener(event.news as News)
    },
    onDown: (reason) => health.see({ phase: 'fault', reasons: [reason] }, 'supervisor'),
  })
  return {
    health: () => health.last,
    onHealth: (listener) => health.listen(listener),
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    run: (command, limits) => supervisor.run(command, limits),
    restart: () => supervisor.restart(),
    stop: () => supervisor.stop(),
  }
}
