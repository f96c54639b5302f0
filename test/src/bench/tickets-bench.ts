import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import { type SimPrinter, startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import { type BenchLine, compareCosts, compareRates, median } from './bench-line.ts'
import { benchNumber } from './bench-slip.ts'
import { makeFsyncCount } from './fsync-count.ts'
import type { PreloadShim } from './preload-shim.ts'

const trialFile = fileURLToPath(new URL('./tickets-trial-main.ts', import.meta.url))
const peerFile = fileURLToPath(new URL('./tickets-peer-main.ts', import.meta.url))
// On the disk of the checkout: a temporary folder may be memory, where a sync costs nothing.
const scratch = fileURLToPath(new URL('../../../.tmp', import.meta.url))

const slips = 1000
const rounds = 3
const goalMs = 3000
/** The ledger's step to `sending` and the one to `confirmed`, each of them durable. */
const stepsPerSlip = 2
/** A printer without mechanics cuts within milliseconds; what is not there by then was lost. */
const settleMs = 2000

/** What one trial of ours told. */
interface Trial {
  tookMs: number
  proved: number
  syncsAt: { start: number | null; firstBytes: number[]; end: number | null }
}

/** What one trial of the peer showed. */
interface PeerTrial {
  tookMs: number
  onPaper: number
}

/** 1,000 slips back to back through the print loop to a printer without mechanics: time, order, proof, and durable steps. */
export async function benchTickets(): Promise<BenchLine[]> {
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'bench-tickets-'))
  try {
    const shim = makeFsyncCount(folder)
    const trials: Trial[] = []
    const peer: PeerTrial[] = []
    for (let round = 0; round < rounds; round += 1) {
      trials.push(await withPrinter((printer) => printOurs(folder, printer, shim)))
      peer.push(await withPrinter(printTheirs))
    }
    return compare(trials, peer, shim)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type PortPrinter = SimPrinter & { port: number }

async function withPrinter<Result>(use: (printer: PortPrinter) => Promise<Result>): Promise<Result> {
  const speedMmPerS = Number.POSITIVE_INFINITY
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS, paperMm: 1_000_000, now: Date.now })
  try {
    return await use(printer)
  } finally {
    await printer.stop()
  }
}

/** A trial in a child of its own, whose fsyncs are counted; the driver is the child's child, and not counted. */
async function printOurs(folder: string, printer: PortPrinter, shim: PreloadShim): Promise<Trial> {
  const own = mkdtempSync(join(folder, 'ledger-'))
  await prepareStationFolder(own, [], 0)
  const args = [trialFile, own, String(printer.port), String(slips)]
  const trial = (await runChild(args, shim.ok ? shim.env : {})) as Trial
  refuseDisorder(printer)
  if (trial.proved !== slips) throw new Error(`only ${trial.proved} slips were proved`)
  return trial
}

/** The peer's time until it has called every slip printed, and how many of them lie there a while later. */
async function printTheirs(printer: PortPrinter): Promise<PeerTrial> {
  const { tookMs } = (await runChild([peerFile, String(printer.port), String(slips)], {})) as PeerTrial
  const givenUpAt = performance.now() + settleMs
  while (printer.journal().length < slips && performance.now() < givenUpAt) await sleep(10)
  return { tookMs, onPaper: printer.journal().length }
}

/** Runs a file of ours in a child and answers with the JSON that it printed. */
async function runChild(args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [told, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${args[0]} ended with status ${String(code)}`)
  return JSON.parse(told)
}

/** Throws unless exactly the slips that were asked for lie there, whole and in order. */
function refuseDisorder(printer: PortPrinter): void {
  const paper = printer.journal()
  const numbers = paper.map(({ lines }) => /^A\d{4}$/m.exec(textOfSlip(lines))?.[0] ?? '')
  const wrong = numbers.findIndex((number, at) => number !== benchNumber(at) || paper[at]?.partial)
  if (paper.length !== slips || wrong >= 0) {
    throw new Error(`${paper.length} slips on paper, the first wrong one at ${wrong}: ${numbers[wrong]}`)
  }
}

function compare(trials: readonly Trial[], peer: readonly PeerTrial[], shim: PreloadShim): BenchLine[] {
  const ours = median(trials.map(({ tookMs }) => tookMs))
  const line = { unit: 'ms', ours, runs: rounds }
  return [
    shim.ok ? compareSyncs(trials) : { name: 'tickets, fsyncs counted', skipped: shim.reason },
    compareRates({
      name: `tickets, on paper of ${slips} that were called printed`,
      unit: 'slips',
      ours: slips,
      other: median(peer.map(({ onPaper }) => onPaper)),
      // A printer on the network serves one connection at a time; the next one comes before the last is let go.
      otherName: "node-thermal-printer's own TCP transport, one connection for each slip",
      goal: 1,
      runs: rounds,
    }),
    compareCosts({
      ...line,
      name: `tickets, ${slips} back to back`,
      other: median(peer.map(({ tookMs }) => tookMs)),
      otherName: "node-thermal-printer's own TCP transport, the same bytes; nothing proved or written down",
      // The goal's three seconds against the half second that a sender needs who asks nothing.
      goal: 0.15,
    }),
    compareCosts({
      ...line,
      name: `tickets, ${slips} back to back, each step of the ledger durable`,
      other: goalMs,
      otherName: 'the goal itself',
      goal: 1,
    }),
  ]
}

/** Durable writes per slip; throws when a slip's first byte left before its own two had been waited for. */
function compareSyncs(trials: readonly Trial[]): BenchLine {
  const perSlip = trials.map(({ syncsAt: { start, firstBytes, end } }) => {
    if (start === null || end === null || firstBytes.length !== slips) throw new Error('fsyncs were not counted')
    const steps = firstBytes.map((count, at) => count - (firstBytes[at - 1] ?? start))
    // Between two first bytes lie the end of one slip and the beginning of the next; before the first only a beginning.
    const early = steps.findIndex((grown, at) => grown < (at === 0 ? 1 : stepsPerSlip))
    if (early >= 0) throw new Error(`slip ${early} began with ${steps[early]} fsyncs since the one before`)
    return (end - start) / slips
  })
  return compareRates({
    name: 'tickets, fsyncs counted in the station process',
    unit: 'fsyncs per slip',
    ours: median(perSlip),
    other: stepsPerSlip,
    otherName: 'one for each step of the ledger',
    goal: 1,
    runs: rounds,
  })
}
