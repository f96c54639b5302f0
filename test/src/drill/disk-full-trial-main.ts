import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOnSmallDisk } from './disk-full-trial.ts'

/** Room for the station, its ballast of 32 MiB and as much again, which is when it opens after a full disk. */
const diskSize = '128m'

const [count = '1', seed = '1'] = process.argv.slice(2)
const disk = mkdtempSync(join(tmpdir(), 'yz-small-disk-'))
execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskSize}`, 'tmpfs', disk])
try {
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  process.stdout.write(JSON.stringify(await runOnSmallDisk(disk, { kills: Number(count), seed: Number(seed), say })))
} finally {
  execFileSync('umount', ['--lazy', disk])
  rmSync(disk, { recursive: true, force: true })
}
