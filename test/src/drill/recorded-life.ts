import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CutDisk } from '../fault/cut-disk.ts'
import type { TraceEvent } from '../fault/syscall-trace.ts'

/** What a cut of power did. */
export interface CutOutcome {
  /** What had been said to somebody before the cut, and is there no more. */
  lost: string[]
  /** Whether it could be opened only by rebuilding what was damaged. */
  rebuilt: boolean
}

/** A recorded piece of life, to be cut anywhere. */
export interface RecordedLife {
  events: readonly TraceEvent[]
  /** How many things were acknowledged in all. */
  said: number
  /** Opens what a disk would hold after the event before `at`; with random numbers, some of what was not synced arrived. */
  cut(at: number, random: (() => number) | null): Promise<CutOutcome>
}

/** It writes thousands of calls a second; a pause as long as this is the end. */
const recorderRestMs = 2000

/** A recorded folder, a copy of how it was before, and where to lay it out as it would be after a cut. */
export interface CutPlace {
  folder: string
  before: string
  cutFolder: string
}

/** Lays a folder out as the disk would hold it after some events. */
export function layOut(
  events: readonly TraceEvent[],
  { folder, before, cutFolder }: CutPlace,
  random: (() => number) | null,
): void {
  const disk = new CutDisk((path) => {
    const file = join(before, path.slice(folder.length))
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : null
  })
  for (const [index, event] of events.entries()) disk.apply(event, index)
  rmSync(cutFolder, { recursive: true, force: true })
  execFileSync('cp', ['-a', before, cutFolder])
  for (const [path, bytes] of disk.afterCut(random)) {
    const file = join(cutFolder, path.slice(folder.length))
    if (bytes === null) rmSync(file, { force: true })
    else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
    }
  }
}

/** Resolves when nothing more is written to the trace of a process that has ended: the recorder is a moment behind. */
export async function untilRecorded(traceFile: string): Promise<void> {
  for (let [size, before] = [statSync(traceFile).size, -1]; size > before; size = statSync(traceFile).size) {
    before = size
    await sleep(recorderRestMs)
  }
}
