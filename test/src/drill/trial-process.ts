import { spawn } from 'node:child_process'
import type { DrillResult } from './drill-verdict.ts'

/**
 * Runs a script that prints a drill's result, in a process of its own; with `ownMounts` in a mount namespace of its own too, whose disks
 * nobody else sees and which go with the process. What it says on stderr is passed on.
 */
export async function runInTrialProcess(
  script: readonly string[],
  { ownMounts, say }: { ownMounts: boolean; say: (line: string) => void },
): Promise<DrillResult> {
  const [command, args] = ownMounts
    ? ['unshare', ['--mount', process.execPath, ...script]]
    : [process.execPath, [...script]]
  const trial = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let answer = ''
  trial.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  trial.stderr.setEncoding('utf8').on('data', (text: string) => say(text.trimEnd()))
  const status = await new Promise((resolve) => trial.once('close', resolve))
  if (status !== 0) throw new Error(`the trial ended with ${String(status)}`)
  return JSON.parse(answer) as DrillResult
}
