import { randomBytes } from 'node:crypto'
import type { DeviceChange } from '@yizhan/contracts/device'
import type { HealthListener } from '@yizhan/device-drivers/device/health-log'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import type { StationLog } from '../station/station-log.ts'
import { startStationLoop } from '../station/station-loop.ts'
import type { StationDb } from '../storage/station-db.ts'
import { insertDeviceChanges } from './device-change-store.ts'
import { FlapLimit } from './flap-limit.ts'

/** What keeping device changes needs. */
export interface DeviceChangesDeps {
  db: StationDb
  now: () => number
  log: StationLog
  /** Told after changes are durable. */
  onWritten: () => void
}

/** The station's ring of device changes (设备状态变化). */
export interface DeviceChanges {
  /** Takes a change of health in; never waits for the disk. */
  note: HealthListener
  /** Writes what is still in memory, and takes no more. */
  stop(): Promise<void>
}

/**
 * Changes are gathered this long before they are written: staff read them minutes later, and a device that flaps must not
 * cost an fsync a flap. After a write the disk refused, the wait grows, as a full disk is a matter of minutes.
 */
const writePace = { idleMs: 1000, firstRetryMs: 1000, longestRetryMs: 60_000 }

/** What a full disk may hold back in memory: hours of the fastest flapping that is let through. */
const mostUnwritten = 1000

/** Starts keeping every change of a device's health in a ring of 10,000, within a second of its happening. */
export function startDeviceChanges(deps: DeviceChangesDeps): DeviceChanges {
  const { now } = deps
  const limit = new FlapLimit()
  let unwritten: DeviceChange[] = []
  const write = async (): Promise<'done'> => {
    const { changes, dropped } = limit.take(now())
    if (dropped.length > 0) deps.log.warn({ dropped }, 'a device changes too often; some of its changes were left out')
    // Kept until they are durable; while the disk refuses, the newest of them.
    unwritten = [...unwritten, ...changes].slice(-mostUnwritten)
    const writing = unwritten
    if (writing.length === 0) return 'done'
    await deps.db.transact((sql) => insertDeviceChanges(sql, writing))
    unwritten = []
    deps.onWritten()
    return 'done'
  }
  const loop = startStationLoop('device-changes', writePace, deps.log, write)
  return {
    note: (health, source) => {
      const at = now()
      limit.offer({ ...health, changeId: uuidV7(at, randomBytes(10)), source }, at)
    },
    async stop() {
      await loop.stop()
      await write().catch((error: unknown) => deps.log.warn({ error: String(error) }, 'the last device changes'))
    },
  }
}
