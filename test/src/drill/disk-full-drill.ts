import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DrillResult } from './drill-verdict.ts'
import { runInTrialProcess } from './trial-process.ts'

/** How a disk-full drill goes. */
export interface DiskFullDrillPlan {
  /** How many times the disk is filled. */
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

const trialFile = fileURLToPath(new URL('disk-full-trial-main.ts', import.meta.url))

/** Why no small disk can be mounted here; null when one can. */
export function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can mount a small disk'
  const tried = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt'])
  return tried.status === 0 ? null : 'this system lets nobody mount a small disk of their own'
}

/** Runs the trial in a mount namespace of its own: the small disk is seen by nobody else, and goes with the process. */
export async function runDiskFullDrill({ kills, seed, say }: DiskFullDrillPlan): Promise<DrillResult> {
  const reason = whyNoSmallDisk()
  if (reason !== null) {
    const nothing = { operations: 0, faults: 0, lost: 0, duplicated: 0, torn: 0 }
    return { verdict: { name: 'disk-full', seed, ...nothing, ok: true }, findings: [`skipped: ${reason}`] }
  }
  return await runInTrialProcess([trialFile, String(kills), String(seed)], { ownMounts: true, say })
}
