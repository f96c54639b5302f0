import { setTimeout as sleep } from 'node:timers/promises'
import type { SimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import type { StationProcess } from './station-process.ts'

/** What can happen to a slip on its way: the station or its driver's process is killed, or the printer loses its mains. */
export type PrinterFault = 'station-killed' | 'driver-killed' | 'power-cut'

const faults: readonly PrinterFault[] = ['station-killed', 'driver-killed', 'power-cut']

/**
 * A driver that ended more than ten times in ten minutes is set aside for five, which is right in a hospital and idle time in
 * a drill; a new station starts the count anew.
 */
const mostDriverKillsInARow = 8
/** Somebody pulls the plug and puts it back. */
const powerOff = { leastMs: 50, spreadMs: 450 }

/** The faults of a drill in order, the same for the same numbers. */
export function planFaults(count: number, random: () => number): PrinterFault[] {
  const plan: PrinterFault[] = []
  let driverKills = 0
  for (let at = 0; at < count; at += 1) {
    const drawn = faults[Math.floor(random() * faults.length)] ?? 'power-cut'
    const fault = drawn === 'driver-killed' && driverKills >= mostDriverKillsInARow ? 'station-killed' : drawn
    driverKills = fault === 'station-killed' ? 0 : driverKills + (fault === 'driver-killed' ? 1 : 0)
    plan.push(fault)
  }
  return plan
}

/** Makes a fault happen. A station that was killed is started again by `restart`. */
export async function strike(
  fault: PrinterFault,
  at: { station: StationProcess; printer: SimPrinter; restart: () => Promise<void>; random: () => number },
): Promise<void> {
  switch (fault) {
    case 'station-killed':
      await at.station.kill()
      await at.restart()
      return
    case 'driver-killed': {
      const pid = at.station.driverPid()
      if (pid !== null) process.kill(pid, 'SIGKILL')
      return
    }
    case 'power-cut':
      await at.printer.setPower(false)
      await sleep(powerOff.leastMs + at.random() * powerOff.spreadMs)
      await at.printer.setPower(true)
      return
    default:
      throw new TypeError(`unknown fault ${String(fault satisfies never)}`)
  }
}
