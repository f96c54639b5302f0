import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { type BenchLine, compareCosts, median } from './bench-line.ts'
import { type ColdLoad, loadCold } from './cold-load.ts'
import { startPageServer } from './page-server.ts'
import { ensurePeers, peersFolder } from './peer-packages.ts'

const checkout = fileURLToPath(new URL('../../..', import.meta.url))
const loads = 11
/** Both first screens say so. */
const firstWords = '自助签到'
const reactName = 'the same screens in bare React 19, no kit'

/** The kiosk's first load against a bare React page, both built in this run, cold loads in turn. */
export async function benchKioskLoad(): Promise<BenchLine[]> {
  ensurePeers()
  const folder = mkdtempSync(join(tmpdir(), 'yz-bench-kiosk-'))
  buildPage(join(checkout, 'kiosk-app'), join(folder, 'kiosk'))
  buildPage(join(peersFolder, 'kiosk-page'), join(folder, 'react'))
  const kiosk = await startPageServer(join(folder, 'kiosk'))
  const react = await startPageServer(join(folder, 'react'))
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const ours: ColdLoad[] = []
    const other: ColdLoad[] = []
    // The first load of each warms the browser's own caches and is not counted.
    for (let load = 0; load <= loads; load++) {
      const pair = [await loadCold(browser, kiosk.url, firstWords), await loadCold(browser, react.url, firstWords)]
      if (load === 0 || pair[0] === undefined || pair[1] === undefined) continue
      ours.push(pair[0])
      other.push(pair[1])
    }
    return compare(ours, other)
  } finally {
    await browser.close()
    await Promise.all([kiosk.stop(), react.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

function buildPage(source: string, target: string): void {
  const require = createRequire(join(checkout, 'package.json'))
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--outDir', target, '--emptyOutDir', '--logLevel', 'error'], {
    cwd: source,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function compare(ours: readonly ColdLoad[], other: readonly ColdLoad[]): BenchLine[] {
  const line = (name: string, unit: string, cost: keyof ColdLoad, goal: number) =>
    compareCosts({
      name: `kiosk-load, ${name}`,
      unit,
      ours: median(ours.map((load) => load[cost])),
      other: median(other.map((load) => load[cost])),
      otherName: reactName,
      goal,
      runs: ours.length,
    })
  return [
    line('JavaScript of the first load', 'bytes, gzip -9', 'scriptBytes', 1.5),
    line('JavaScript asked for before the first paint', 'bytes, gzip -9', 'firstPaintScriptBytes', 1.5),
    line('largest paint, 6 × slower processor', 'ms', 'largestPaintMs', 1),
    line('first contentful paint, 6 × slower processor', 'ms', 'firstPaintMs', 1.3),
  ]
}
