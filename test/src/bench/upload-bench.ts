import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { type BenchCentre, settleInbox, startBenchCentre } from './bench-centre.ts'
import { type BenchLine, compareCosts, compareRates, median, type SkippedComparison } from './bench-line.ts'
import { type CopyTrial, openCopyLimit } from './copy-rate.ts'
import { findMosquitto } from './mosquitto-broker.ts'
import { openMqttPeer } from './mqtt-rate.ts'
import { openPouchPeer, type PeerTrial } from './pouch-rate.ts'
import { cpuSecondsOf } from './process-cpu.ts'
import { startTrialChild, type TrialChild } from './trial-child.ts'
import type { UploadTrial } from './upload-trial-main.ts'

const trialFile = fileURLToPath(new URL('./upload-trial-main.ts', import.meta.url))
// On the disk of the checkout: a temporary folder may be memory, where a sync costs nothing.
const scratch = fileURLToPath(new URL('../../../.tmp', import.meta.url))

const events = 20_000
/** The first of them meets code that is not compiled yet, on all sides, and is not counted. */
const rounds = 6
/** Shares of COPY, multiples of the peers, compression, and processor seconds per 10,000 events. */
const goals = { copy: 0.2, pouch: 3.5, mosquitto: 1.3, wireShare: 0.25, cpuSeconds: 0.7 }

interface Round {
  ours: UploadTrial & { cpuSeconds: number; jsonBytes: number }
  copy: CopyTrial
  pouch: PeerTrial
  mqtt: PeerTrial | null
}

/** 20,000 check-ins from a station's outbox to the centre, against COPY, PouchDB and mosquitto, in turn in one run. */
export async function benchUpload(): Promise<BenchLine[]> {
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'bench-upload-'))
  const stops: (() => Promise<void>)[] = []
  try {
    const centre = await startBenchCentre(folder)
    stops.push(() => centre.stop())
    const station = await startTrialChild(trialFile, [centre.stationFolder, centre.url, centre.tenantId])
    stops.push(() => station.stop())
    const copy = await openCopyLimit(centre)
    stops.push(() => copy.stop())
    const pouch = await openPouchPeer(folder)
    stops.push(() => pouch.stop())
    const found = findMosquitto()
    const mqtt = found.ok ? await openMqttPeer(found.binary, folder, centre) : null
    if (mqtt !== null) stops.push(() => mqtt.stop())
    const all: Round[] = []
    for (let round = 0; round < rounds; round += 1) {
      const { ours, sent } = await uploadOurs(centre, station)
      all.push({
        ours,
        copy: await copyWhole(copy),
        pouch: await pouch.measure(sent),
        mqtt: mqtt === null ? null : await mqtt.measure(sent),
      })
    }
    return compare(all.slice(1), found.ok ? null : { name: 'upload, mosquitto', skipped: found.reason })
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One upload of ours, whose rows are then taken from the projector: what applies them is no part of the comparison. */
async function uploadOurs(centre: BenchCentre, station: TrialChild) {
  await station.ask({ act: 'fill', count: events })
  const { events: sent } = await station.ask<{ events: EventEnvelope[] }>({ act: 'tell' })
  const pids = [station.pid, centre.pids.centre, centre.pids.postgres]
  const before = cpuSecondsOf(pids)
  const trial = await station.ask<UploadTrial>({ act: 'upload' })
  const cpuSeconds = cpuSecondsOf(pids) - before
  await settleInbox(centre)
  const jsonBytes = sent.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0)
  return { ours: { ...trial, cpuSeconds, jsonBytes }, sent }
}

async function copyWhole(copy: { measure(): Promise<CopyTrial> }): Promise<CopyTrial> {
  const trial = await copy.measure()
  if (trial.rows !== events) throw new Error(`the inbox has ${trial.rows} of ${events} events`)
  return trial
}

function compare(all: readonly Round[], skipped: SkippedComparison | null): BenchLine[] {
  const rateOf = (trials: readonly { tookMs: number }[]) => median(trials.map(({ tookMs }) => (events * 1000) / tookMs))
  const ours = all.map((round) => round.ours)
  const pouch = all.map((round) => round.pouch)
  const mqtt = all.flatMap((round) => round.mqtt ?? [])
  const rate = (name: string, other: number, otherName: string, goal: number) =>
    compareRates({
      name: `upload, ${events} events durable at both ends${name}`,
      unit: 'events/s',
      ours: rateOf(ours),
      other,
      otherName,
      goal,
      runs: all.length,
    })
  const mosquitto = 'mosquitto QoS 1 with persistence, a consumer that commits into the same PostgreSQL'
  return [
    ...compareCpu(ours, pouch, mqtt),
    compareCosts({
      name: 'upload, bytes of an event on the wire, HTTP headers and answers included',
      unit: 'bytes',
      ours: median(ours.map(({ wireBytes }) => wireBytes / events)),
      other: median(ours.map(({ jsonBytes }) => jsonBytes / events)),
      otherName: 'the event as JSON, without any HTTP',
      goal: 1 / goals.wireShare,
      runs: all.length,
    }),
    skipped ?? rate(', mosquitto', rateOf(mqtt), mosquitto, goals.mosquitto),
    rate(', PouchDB', rateOf(pouch), 'PouchDB to express-pouchdb, LevelDB at both ends', goals.pouch),
    rate('', rateOf(all.map(({ copy }) => copy)), 'one COPY of the same rows, one commit', goals.copy),
  ]
}

function compareCpu(ours: readonly PeerTrial[], pouch: readonly PeerTrial[], mqtt: readonly PeerTrial[]): BenchLine[] {
  const cpuOf = (trials: readonly PeerTrial[]) => median(trials.map(({ cpuSeconds }) => (cpuSeconds * 10_000) / events))
  const cost = (other: number, otherName: string, goal: number) =>
    compareCosts({
      name: 'upload, processor time of everybody who takes part',
      unit: 's per 10,000 events',
      ours: cpuOf(ours),
      other,
      otherName,
      goal,
      runs: ours.length,
    })
  return [
    ...(mqtt.length === 0 ? [] : [cost(cpuOf(mqtt), 'mosquitto, its publisher, its consumer and PostgreSQL', 1)]),
    cost(cpuOf(pouch), 'PouchDB at both ends', 1),
    cost(goals.cpuSeconds, 'the goal itself', 1),
  ]
}
