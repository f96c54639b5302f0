import { fileURLToPath } from 'node:url'
import { whyNoSmallDisk } from './disk-full-drill.ts'
import type { DrillResult } from './drill-verdict.ts'
import { runInTrialProcess } from './trial-process.ts'

/** How a proxy drill goes. */
export interface ProxyDrillPlan {
  /** Rounds: storms, each followed by peace and an audit. */
  kills: number
  seed: number
  /** How many stations the hall has. */
  stations?: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

const trialFile = fileURLToPath(new URL('proxy-trial-main.ts', import.meta.url))

/**
 * A real centre with its own PostgreSQL and real stations, joined by links that are made bad, while patients check in: processes are
 * killed and stopped, disks filled, bits turned. Where small disks cannot be mounted, none is filled, and the drill says so.
 */
export async function runProxyDrill({ kills, seed, stations = 3, say }: ProxyDrillPlan): Promise<DrillResult> {
  const reason = whyNoSmallDisk()
  const disks = reason === null ? 'small-disks' : 'no'
  const result = await runInTrialProcess([trialFile, String(kills), String(seed), disks, String(stations)], {
    ownMounts: reason === null,
    say,
  })
  return reason === null ? result : { ...result, findings: [...result.findings, `no disk was filled: ${reason}`] }
}
