import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { cpuSecondsOf } from './process-cpu.ts'
import { startTrialChild } from './trial-child.ts'

/** One round of a peer: how long it took and how much processor time all its processes used. */
export interface PeerTrial {
  tookMs: number
  cpuSeconds: number
}

/** A peer that brings events from a station's process to a centre's. */
export interface UploadPeer {
  measure(events: EventEnvelope[]): Promise<PeerTrial>
  stop(): Promise<void>
}

const sourceFile = fileURLToPath(new URL('./pouch-source-main.ts', import.meta.url))
const targetFile = fileURLToPath(new URL('./pouch-target-main.ts', import.meta.url))

/** PouchDB at both ends, a process each; a fresh pair of databases for each round. */
export async function openPouchPeer(folder: string): Promise<UploadPeer> {
  const [sourceFolder, targetFolder] = [join(folder, 'pouch-source'), join(folder, 'pouch-target')]
  for (const each of [sourceFolder, targetFolder]) mkdirSync(each)
  const target = await startTrialChild(targetFile, [targetFolder], targetFolder)
  const source = await startTrialChild(sourceFile, [sourceFolder], sourceFolder)
  const { url } = await target.ask<{ url: string }>({})
  let rounds = 0
  return {
    async measure(events) {
      const name = `round-${++rounds}`
      await source.ask({ act: 'fill', name, events })
      const before = cpuSecondsOf([source.pid, target.pid])
      const trial = await source.ask<{ tookMs: number; written: number }>({ act: 'replicate', to: `${url}/${name}` })
      if (trial.written !== events.length)
        throw new Error(`PouchDB brought ${trial.written} of ${events.length} events`)
      return { tookMs: trial.tookMs, cpuSeconds: cpuSecondsOf([source.pid, target.pid]) - before }
    },
    async stop() {
      await source.stop()
      await target.stop()
    },
  }
}
