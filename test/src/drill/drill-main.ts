import { parseArgs } from 'node:util'
import { runAuditDrill } from './audit-drill.ts'
import { runCardDrill } from './card-drill.ts'
import { runClockDrill } from './clock-drill.ts'
import { runCorruptDrill } from './corrupt-drill.ts'
import { runDiskFullDrill } from './disk-full-drill.ts'
import { runKillDrill } from './kill-drill.ts'
import { runPowerCutDrill } from './power-cut-drill.ts'
import { runPrinterDrill } from './printer-drill.ts'
import { runProxyDrill } from './proxy-drill.ts'
import { runSyncDrill } from './sync-drill.ts'

const drills = {
  audit: { run: runAuditDrill, count: 1000 },
  card: { run: runCardDrill, count: 20 },
  clock: { run: runClockDrill, count: 200 },
  corrupt: { run: runCorruptDrill, count: 300 },
  'disk-full': { run: runDiskFullDrill, count: 20 },
  kill: { run: runKillDrill, count: 100 },
  'power-cut': { run: runPowerCutDrill, count: 300 },
  printer: { run: runPrinterDrill, count: 200 },
  proxy: { run: runProxyDrill, count: 50 },
  sync: { run: runSyncDrill, count: 1000 },
} as const

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string' } },
})
const [name = ''] = positionals
const say = (line: string) => void process.stderr.write(`${line}\n`)
const drill = Object.hasOwn(drills, name) ? drills[name as keyof typeof drills] : null
const kills = Number(values.count ?? drill?.count)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))

if (drill === null || !Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  say(`usage: npm run drill -- <${Object.keys(drills).join('|')}> [--count N] [--seed S]`)
  process.exitCode = 2
} else {
  const { parts = [], verdict, findings } = await drill.run({ kills, seed, say })
  for (const finding of findings) say(finding)
  for (const part of parts) process.stdout.write(`${JSON.stringify(part)}\n`)
  process.stdout.write(`${JSON.stringify(verdict)}\n`)
  process.exitCode = verdict.ok ? 0 : 1
}
