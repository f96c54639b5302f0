import type { DeviceChange } from '@yizhan/contracts/device'

/**
 * How many changes of a device its station left out just before this one, because there were too many. A device's `seq` grows
 * by one with each change and begins anew when its station does; `older` are the changes before it, newest first.
 */
export function omittedBefore(change: DeviceChange, older: readonly DeviceChange[]): number {
  const before = older.find(({ deviceId }) => deviceId === change.deviceId)
  return before === undefined ? 0 : Math.max(0, change.seq - before.seq - 1)
}
