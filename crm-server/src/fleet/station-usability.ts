import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationLink, Usability } from '@yizhan/contracts/fleet'
import type { StationReport } from '@yizhan/contracts/sync'

/** Two missed reports of 15 seconds, and ten for the third: what then follows until a page shows it ends within 45. */
export const onlineWithinMs = 40_000
/** A station stops recording check-ins before its disk is full; below this it does, or is about to. */
const leastDiskFreeBytes = 100 * 1024 * 1024
/** Switched off on purpose is nothing that is wrong. */
const soundPhases: ReadonlySet<DeviceHealth['phase']> = new Set(['ready', 'busy', 'opening', 'disabled'])
/** What patients touch. A dark lamp or a silent UPS (不间断电源) takes nothing from them; staff see it as a device in fault. */
const patientDevices: ReadonlySet<DeviceHealth['kind']> = new Set([
  'printer',
  'scanner',
  'card-reader',
  'id-reader',
  'keypad',
])

/** Whether the centre is in touch with a station. */
export function stationLink(
  station: { lastReportAt: number | null; revokedAt: number | null; quarantinedAt: number | null },
  nowMs: number,
): StationLink {
  if (station.revokedAt !== null) return 'revoked'
  if (station.quarantinedAt !== null) return 'quarantined'
  if (station.lastReportAt === null) return 'never-seen'
  return nowMs - station.lastReportAt < onlineWithinMs ? 'online' : 'offline'
}

/**
 * Whether patients can use a station. Only an online one is known: `down` when nothing can be recorded or the mains failed
 * (no new patient is taken on the battery), `degraded` when check-in works but a device does not (no paper: the number
 * stands on the screen; no scanner or card reader: codes are typed).
 */
export function stationUsability(link: StationLink, report: StationReport | null): Usability {
  if (link !== 'online' || report === null) return 'unknown'
  if (report.diskFreeBytes < leastDiskFreeBytes) return 'down'
  if (report.devices.some(({ reasons }) => reasons.includes('on-battery'))) return 'down'
  const touched = report.devices.filter(({ kind }) => patientDevices.has(kind))
  const printerWorks = touched.some(({ kind, phase }) => kind === 'printer' && phase !== 'disabled')
  return printerWorks && touched.every(({ phase }) => soundPhases.has(phase)) ? 'usable' : 'degraded'
}
