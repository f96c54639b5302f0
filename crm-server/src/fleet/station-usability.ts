import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationLink, Usability } from '@yizhan/contracts/fleet'
import type { StationReport } from '@yizhan/contracts/sync'

/** Three missed reports of 15 seconds. */
const onlineWithinMs = 45_000
/** A station stops recording check-ins before its disk is full; below this it does, or is about to. */
const leastDiskFreeBytes = 100 * 1024 * 1024
const workingPhases: ReadonlySet<DeviceHealth['phase']> = new Set(['ready', 'busy', 'opening'])

/** Whether the centre is in touch with a station. */
export function stationLink(
  station: { lastReportAt: number | null; revokedAt: number | null },
  nowMs: number,
): StationLink {
  if (station.revokedAt !== null) return 'revoked'
  if (station.lastReportAt === null) return 'never-seen'
  return nowMs - station.lastReportAt < onlineWithinMs ? 'online' : 'offline'
}

/**
 * Whether patients can use a station. Only an online one is known: `down` when nothing can be recorded, `degraded` when
 * check-in works but a device does not (no paper: the number stands on the screen; no scanner: codes are typed).
 */
export function stationUsability(link: StationLink, report: StationReport | null): Usability {
  if (link !== 'online' || report === null) return 'unknown'
  if (report.diskFreeBytes < leastDiskFreeBytes) return 'down'
  const printerWorks = report.devices.some(({ kind, phase }) => kind === 'printer' && workingPhases.has(phase))
  const allWork = report.devices.every(({ phase }) => workingPhases.has(phase))
  return printerWorks && allWork ? 'usable' : 'degraded'
}
