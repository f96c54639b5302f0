import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { whyNoAddon } from '@yizhan/device-drivers/card/pcsc-capability'
import { startStandInRig } from '@yizhan/device-drivers/card/pcsc-rig'
import type { ApduTrialAnswer, ApduTrialQuestion } from './apdu-trial-main.ts'
import { type BenchLine, compareCosts, percentile } from './bench-line.ts'

const trialMain = fileURLToPath(new URL('./apdu-trial-main.ts', import.meta.url))
const askSerial = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00)

/** Both sides in turn, so that a noisy minute hits both; the first round is not counted. */
const rounds = 6
const apdusPerRound = 2000

/** A card is read in about ten exchanges, and its holder waits at most a second: 3 ms each would not be noticed. */
const goalOfP99Us = 3000

/** A second process and its messages may cost three times what they carry; more means that something else goes on. */
const leastShare = 0.25

interface Trial {
  backend: string
  burst(count: number): Promise<number[]>
  apdu(): Promise<void>
  stop(): Promise<void>
}

/** An APDU through a process of its own, as a driver host has it, against the bare way to the card service in the same run. */
export async function benchApdu(): Promise<BenchLine[]> {
  const noAddon = await whyNoAddon()
  const rig = await startStandInRig()
  const [reader, other] = rig.readers
  await rig.insert(reader, { serial: 1 })
  await rig.insert(other, { serial: 2 })
  const hosted = await startTrial('hosted', rig.socketPath, reader)
  const bare = await startTrial(noAddon === undefined ? 'bare-addon' : 'direct', rig.socketPath, other)
  try {
    const times = await measure(hosted, bare)
    return [...skippedLines(noAddon), ...compare(times, hosted.backend, noAddon === undefined)]
  } finally {
    await hosted.stop()
    await bare.stop()
    await rig.stop()
  }
}

function skippedLines(noAddon: string | undefined): BenchLine[] {
  return noAddon === undefined
    ? []
    : [{ name: 'apdu, against the bare add-on', skipped: `${noAddon}; the bare direct client stands in` }]
}

async function measure(hosted: Trial, bare: Trial): Promise<{ oursMs: number[]; otherMs: number[] }> {
  const oursMs: number[] = []
  const otherMs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const ours = await timeHosted(hosted)
    const others = await bare.burst(apdusPerRound)
    if (round === 0) continue
    oursMs.push(...ours)
    otherMs.push(...others)
  }
  return { oursMs, otherMs }
}

async function timeHosted(hosted: Trial): Promise<number[]> {
  const timesMs: number[] = []
  for (let sent = 0; sent < apdusPerRound; sent += 1) {
    const sentAt = performance.now()
    await hosted.apdu()
    timesMs.push(performance.now() - sentAt)
  }
  return timesMs
}

function compare(times: { oursMs: number[]; otherMs: number[] }, backend: string, isAddon: boolean): BenchLine[] {
  const runs = times.oursMs.length
  const bareName = isAddon ? 'the bare add-on in its own process' : 'the bare direct client in its own process'
  const us = (timesMs: readonly number[], share: number) => percentile(timesMs, share) * 1000
  const line = (share: number, other: number, otherName: string, goal: number) =>
    compareCosts({
      name: `apdu by ${backend} through a host process, p${share * 100}`,
      unit: 'us',
      ours: us(times.oursMs, share),
      other,
      otherName,
      goal,
      runs,
    })
  return [
    line(0.5, us(times.otherMs, 0.5), bareName, leastShare),
    line(0.99, us(times.otherMs, 0.99), bareName, leastShare),
    line(0.99, goalOfP99Us, 'the goal itself', 1),
  ]
}

async function startTrial(kind: string, socketPath: string, reader: string): Promise<Trial> {
  const child = fork(trialMain, [kind, socketPath, reader], { serialization: 'advanced', execArgv: [] })
  const ready = await nextAnswer(child, 'ready')
  const ask = (question: ApduTrialQuestion) => child.send(question)
  return {
    backend: ready.backend,
    async burst(count) {
      ask({ type: 'burst', count })
      return (await nextAnswer(child, 'times')).timesMs
    },
    async apdu() {
      ask({ type: 'apdu', apdu: askSerial })
      await nextAnswer(child, 'answer')
    },
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

async function nextAnswer<Type extends ApduTrialAnswer['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<ApduTrialAnswer, { type: Type }>> {
  const [answer] = (await once(child, 'message')) as [ApduTrialAnswer]
  if (answer.type !== type) throw new Error(`the trial said ${answer.type} instead of ${type}`)
  return answer as Extract<ApduTrialAnswer, { type: Type }>
}
