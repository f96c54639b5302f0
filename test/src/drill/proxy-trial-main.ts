import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProxyTrial } from './proxy-trial.ts'

/** Room for a station, its ballast of 32 MiB and as much again, which is when it opens after a full disk. */
const stationDiskSize = '128m'
/** Room for a cluster of 40 MB, its log of a few segments of 16 MB, and copies of the binaries. */
const centreDiskSize = '512m'

const [count = '1', seed = '1', small = 'no', stationCount = '3'] = process.argv.slice(2)
const root = mkdtempSync(join(tmpdir(), 'yz-proxy-drill-'))
const mounted: string[] = []
const disk = (name: string, size: string) => {
  const folder = join(root, name)
  mkdirSync(folder)
  if (small === 'small-disks') {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', folder])
    mounted.push(folder)
  }
  return folder
}
try {
  execFileSync('chmod', ['755', root])
  const result = await runProxyTrial({
    kills: Number(count),
    seed: Number(seed),
    disks: {
      centre: disk('centre', centreDiskSize),
      stations: Array.from({ length: Number(stationCount) }, (_, at) => disk(`station-${at}`, stationDiskSize)),
      small: small === 'small-disks',
    },
    say: (line) => void process.stderr.write(`${line}\n`),
  })
  process.stdout.write(JSON.stringify(result))
} finally {
  for (const folder of mounted) execFileSync('umount', ['--lazy', folder])
  rmSync(root, { recursive: true, force: true })
}
