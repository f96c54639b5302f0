import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadPcscAddon } from '@yizhan/device-drivers/card/addon-module'
import type { SimCard } from '@yizhan/device-drivers/sim/sim-card'
import { type SimPcscd, startSimPcscd } from '@yizhan/device-drivers/sim/sim-pcscd'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { socialSecurityCard } from '@yizhan/device-drivers/sim/virtual-card'
import { idNumberCheckDigit } from '@yizhan/rules/patient/id-number'
import { fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import { type CardScreen, openCardScreen } from './card-screen.ts'
import type { DrillResult, DrillVerdict } from './drill-verdict.ts'
import { startLiveProbe } from './live-probe.ts'
import { type ProcessSize, sizeOfProcess } from './process-size.ts'
import { seededRandom } from './seeded-random.ts'
import { type StationProcess, startStationProcess } from './station-process.ts'

/** How a card drill goes. */
export interface CardDrillPlan {
  /** How often pcscd is killed; readers flap fifty times as often, and an exchange hangs a quarter as often. */
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
  /** A card that is not read within this time counts as lost; a busy test machine gets more than a patient has. */
  usableWithinMs?: number
  /** The longest that 99 of 100 of the station's answers may take. */
  liveWithinMs?: number
}

const usableWithinMs = 4000
const liveWithinMs = 50
const flapsPerKill = 50
/** A hung native call ends its process, and more than ten ends in ten minutes set the device aside, as they should. */
const mostHangs = 8
/** The commands of one reading: two that ask which card it is, four that read it. */
const commandsPerReading = 6
/** A killed pcscd is started again by its unit within such a time. */
const longestDeathMs = 300
/** A plug that bounces: a reader is gone and back within a millisecond or two. */
const flapMs = 2
/** What varies from one look to the next without anything being kept: a connection just closing, a heap not yet swept. */
const sizeSlack = { descriptors: 4, residentMb: 40 }

/** The native package's connections are closed a moment after their last use; what is still held then is kept. */
const settleMs = 2500

const readerName = 'Drill Reader 00 00'
const deviceId = 'card-reader'

/**
 * Hangs exchanges, kills pcscd, unplugs the reader over and over, while cards are put in between: each must reach the screen
 * of a real station in time, once; one that was pulled in the middle must not. Once by each back end that this machine has.
 */
export async function runCardDrill(plan: CardDrillPlan): Promise<DrillResult> {
  const parts = [await drillBackend('direct', plan)]
  if (await isAddonCompiled()) parts.push(await drillBackend('pcsclite', plan))
  else plan.say('pcsclite: not compiled on this machine, not drilled')
  const sum = (of: (verdict: DrillVerdict) => number) => parts.reduce((total, { verdict }) => total + of(verdict), 0)
  return {
    parts: parts.map(({ verdict }) => verdict),
    verdict: {
      name: 'card',
      seed: plan.seed,
      operations: sum(({ operations }) => operations),
      faults: sum(({ faults }) => faults),
      lost: sum(({ lost }) => lost),
      duplicated: sum(({ duplicated }) => duplicated),
      torn: sum(({ torn }) => torn),
      ok: parts.every(({ verdict }) => verdict.ok),
    },
    findings: parts.flatMap(({ findings }) => findings),
  }
}

async function isAddonCompiled(): Promise<boolean> {
  const failure = await loadPcscAddon().then(
    () => null,
    (error: unknown) => error,
  )
  return failure === null
}

interface Hall {
  plan: CardDrillPlan
  pcscd: SimPcscd
  screen: CardScreen
  random: () => number
  /** How long after a fault the next card was read. */
  usableMs: number[]
  operations: number
  faults: number
  lost: string[]
  duplicated: string[]
  torn: string[]
}

async function drillBackend(backend: 'direct' | 'pcsclite', plan: CardDrillPlan): Promise<DrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-card-drill-'))
  await prepareStationFolder(folder, fixtureStructure(), 0)
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 1000, paperMm: 1000, now: Date.now })
  const pcscd = await startSimPcscd({ socketPath: join(folder, 'pcscd.comm') })
  pcscd.attachReader(readerName)
  const cardReader = JSON.stringify({ deviceId, backend, socketPath: pcscd.socketPath })
  const station = await startStationProcess(folder, printer.port, 'epson-80', { STATION_CARD_READER: cardReader })
  const screen = await openCardScreen(station)
  const counts = { usableMs: [], operations: 0, faults: 0, lost: [], duplicated: [], torn: [] }
  const hall: Hall = { plan, pcscd, screen, random: seededRandom(plan.seed), ...counts }
  try {
    return await judge(backend, hall, station)
  } finally {
    screen.close()
    await station.stop().catch(() => station.kill())
    await pcscd.stop()
    await printer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function judge(backend: string, hall: Hall, station: StationProcess): Promise<DrillResult> {
  const { plan } = hall
  await warmUp(hall)
  await sleep(settleMs)
  const before = sizesOf(station)
  const probe = startLiveProbe(station.url)
  await hangExchanges(hall)
  await killPcscd(hall)
  await flapReader(hall)
  const live = await probe.stop()
  await sleep(settleMs)
  const after = sizesOf(station)
  const worstUsableMs = Math.round(Math.max(...hall.usableMs))
  plan.say(`${backend}: a card is read at most ${worstUsableMs} ms after a fault`)
  plan.say(`${backend}: /health/live ${live.answers} answers, p99 ${live.p99Ms} ms, worst ${live.worstMs} ms`)
  plan.say(`${backend}: before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`)
  const slow = live.p99Ms > (plan.liveWithinMs ?? liveWithinMs) ? [`/health/live took ${live.p99Ms} ms (p99)`] : []
  const grown = [
    ...findGrowth('the station', before.station, after.station),
    ...findGrowth('the driver', before.driver, after.driver),
  ]
  const [lost, duplicated, torn] = [hall.lost.length, hall.duplicated.length, hall.torn.length]
  const findings = [...hall.lost, ...hall.duplicated, ...hall.torn, ...slow, ...grown].map((it) => `${backend}: ${it}`)
  const { operations, faults } = hall
  const verdict = { name: `card-${backend}`, seed: plan.seed, operations, faults, lost, duplicated, torn }
  return { verdict: { ...verdict, ok: findings.length === 0 }, findings }
}

/** Cards that are read before anything happens: code is compiled and buffers are made by the first. */
async function warmUp(hall: Hall): Promise<void> {
  for (let round = 0; round < 30; round += 1) await visit(hall, { after: 'nothing', sinceMs: performance.now() })
}

async function hangExchanges(hall: Hall): Promise<void> {
  const hangs = Math.min(mostHangs, Math.ceil(hall.plan.kills / 4))
  for (let hang = 0; hang < hangs; hang += 1) {
    const sinceMs = performance.now()
    const from = hall.screen.words().length
    const hangAt = 1 + Math.floor(hall.random() * commandsPerReading)
    await insert(hall, socialSecurityCard(holderOf(hall), { faults: { hangAt } }))
    hall.faults += 1
    await hall.screen.until(({ word }) => word === 'refused', { from, patienceMs: usableWithinMs })
    hall.pcscd.remove(readerName)
    await visit(hall, { after: `an exchange that hung at command ${hangAt}`, sinceMs })
  }
}

async function killPcscd(hall: Hall): Promise<void> {
  for (let kill = 0; kill < hall.plan.kills; kill += 1) {
    await pullOneEarly(hall)
    await hall.pcscd.die()
    hall.faults += 1
    await sleep(hall.random() * longestDeathMs)
    await hall.pcscd.revive()
    await visit(hall, { after: 'pcscd came back', sinceMs: performance.now() })
  }
}

async function flapReader(hall: Hall): Promise<void> {
  for (let round = 0; round < hall.plan.kills; round += 1) {
    for (let flap = 0; flap < flapsPerKill; flap += 1) {
      hall.pcscd.detachReader(readerName)
      await sleep(hall.random() * flapMs)
      hall.pcscd.attachReader(readerName)
      hall.faults += 1
      await sleep(hall.random() * flapMs)
    }
    await visit(hall, { after: 'the reader came back', sinceMs: performance.now() })
  }
}

/** A card is put in and must reach the screen, once, while the fault before it is not longer ago than a patient waits. */
async function visit(hall: Hall, { after, sinceMs }: { after: string; sinceMs: number }): Promise<void> {
  const from = hall.screen.words().length
  hall.operations += 1
  await insert(hall, socialSecurityCard(holderOf(hall)))
  const patienceMs = (hall.plan.usableWithinMs ?? usableWithinMs) - (performance.now() - sinceMs)
  const read = await hall.screen.until(({ word }) => word === 'read', { from, patienceMs })
  if (read === null) hall.lost.push(`a card was not read in time after ${after}`)
  else if (after !== 'nothing') hall.usableMs.push(read.atMs - sinceMs)
  hall.pcscd.remove(readerName)
  await untilRemoved(hall, from)
  const reads = wordsSince(hall, from).filter(({ word }) => word === 'read').length
  if (reads > 1) hall.duplicated.push(`one card was read ${reads} times after ${after}`)
}

/** A card that is pulled in the middle of its reading must not be told as read. */
async function pullOneEarly(hall: Hall): Promise<void> {
  const from = hall.screen.words().length
  const at = 1 + Math.floor(hall.random() * (commandsPerReading - 1))
  const card = socialSecurityCard(holderOf(hall))
  let commands = 0
  const pulled: SimCard = {
    atr: card.atr,
    powerUp: () => card.powerUp(),
    answer(apdu) {
      commands += 1
      if (commands === at) hall.pcscd.remove(readerName)
      return card.answer(apdu)
    },
  }
  await insert(hall, pulled)
  hall.faults += 1
  await untilRemoved(hall, from)
  const read = wordsSince(hall, from).find(({ word }) => word === 'read')
  if (read !== undefined) hall.torn.push(`a card pulled at command ${at} was told as read`)
}

/** A hand puts the card in again until the reader takes it: it may be unplugged just now. */
async function insert(hall: Hall, card: SimCard): Promise<void> {
  while (!hall.pcscd.insert(readerName, card)) await sleep(1)
}

async function untilRemoved(hall: Hall, from: number): Promise<void> {
  const isOver = () => {
    const words = wordsSince(hall, from)
    const removed = new Set(words.filter(({ word }) => word === 'removed').map(({ readingId }) => readingId))
    return words.length > 0 && words.every(({ readingId }) => removed.has(readingId))
  }
  await hall.screen.until(isOver, { from, patienceMs: usableWithinMs })
}

function wordsSince(hall: Hall, from: number) {
  return hall.screen.words().slice(from)
}

/** Nobody: the region 990000 does not exist. */
function holderOf(hall: Hall) {
  const seventeen = `99000019900307${String(hall.operations % 1000).padStart(3, '0')}`
  const idNumber = `${seventeen}${idNumberCheckDigit(seventeen)}`
  return { idNumber, name: '张䶮', birthDate: '19900307', cardNumber: 'A12345678' }
}

function sizesOf(station: StationProcess): { station: ProcessSize; driver: ProcessSize } {
  const driverPid = station.driverPid(deviceId)
  if (driverPid === null) throw new Error('the card reader’s driver does not run')
  return { station: sizeOfProcess(station.pid), driver: sizeOfProcess(driverPid) }
}

function findGrowth(what: string, before: ProcessSize, after: ProcessSize): string[] {
  const grown = (of: keyof ProcessSize) => after[of] > before[of] + sizeSlack[of]
  return [
    ...(grown('descriptors') ? [`${what} holds ${after.descriptors} descriptors, before ${before.descriptors}`] : []),
    ...(grown('residentMb') ? [`${what} holds ${after.residentMb} MB, before ${before.residentMb}`] : []),
  ]
}
