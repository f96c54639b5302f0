import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** A booking of the demonstration, with what it is there to show. */
export interface DemoBooking {
  code: string
  secondItem: string
  qr: string
  shows: string
}

/** The demonstration as `npm start` brings it up: real centre, real station, simulated devices. */
export interface RunningHospital {
  kiosk: string
  admin: string
  bench: string
  reference: string
  bookings: DemoBooking[]
  administrator: { email: string; oneTimePassword: string }
  /** Everything that the start has printed so far. */
  printed(): string
  /** Presses Ctrl-C and resolves with the exit status once everything has ended. */
  stop(): Promise<number | null>
}

/** Pages are built and the database is made from nothing: minutes on a slow machine, not seconds. */
const readyWithinMs = 180_000

/** Starts the demonstration with data of its own; free ports are found if the usual ones are taken. */
export async function startHospital(): Promise<RunningHospital> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'yz-hospital-'))
  // Run by root, the database's own user has to walk in; else its cluster would be made, and left, elsewhere.
  chmodSync(dataFolder, 0o755)
  const child = spawn(process.execPath, [join(repository, 'deploy/boot.mjs'), 'start'], {
    env: { ...process.env, YIZHAN_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let printed = ''
  const listen = (bytes: Buffer) => {
    printed += bytes.toString()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  await untilPrinted(child, () => printed, /Ctrl-C/)
  const address = (name: string) => new RegExp(`^${name} +(http\\S+)$`, 'm').exec(printed)?.[1] ?? ''
  const demo = JSON.parse(readFileSync(join(dataFolder, 'demo.json'), 'utf8')) as {
    bookings: DemoBooking[]
    admin: { email: string; oneTimePassword: string }
  }
  return {
    kiosk: address('kiosk'),
    admin: address('admin'),
    bench: address('device bench'),
    reference: address('API reference'),
    bookings: demo.bookings,
    administrator: demo.admin,
    printed: () => printed,
    async stop() {
      child.kill('SIGINT')
      const status = await ended
      rmSync(dataFolder, { recursive: true, force: true })
      return status
    },
  }
}

/** Acts at the device bench as a person's hands would. */
export async function atBench(
  hospital: RunningHospital,
  path: 'printer' | 'scanner' | 'network',
  act: object,
): Promise<void> {
  const { origin } = new URL(hospital.bench)
  const answer = await fetch(`${origin}/bench/${path}`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify(act),
  })
  if (!answer.ok) throw new Error(`the bench refused ${JSON.stringify(act)}: ${answer.status} ${await answer.text()}`)
}

/** What lies under the bench's printer. */
export async function benchState(hospital: RunningHospital) {
  const answer = await fetch(new URL('/bench/state', hospital.bench))
  return (await answer.json()) as {
    printer: { printing: boolean; paperMm: number }
    tickets: { partial: boolean; text: string; pictureUrl: string }[]
  }
}

function untilPrinted(child: ChildProcess, printed: () => string, what: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearInterval(look)
      clearTimeout(patience)
      reject(new Error(`${why}; it printed:\n${printed()}`))
    }
    const look = setInterval(() => {
      if (!what.test(printed())) return
      clearInterval(look)
      clearTimeout(patience)
      resolve()
    }, 100)
    const patience = setTimeout(() => fail('the start took too long'), readyWithinMs)
    child.once('exit', (status) => fail(`the start ended with ${status}`))
  })
}
