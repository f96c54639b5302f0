import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ProfileName } from '@yizhan/device-drivers/printing/printer-profile'
import { fixtureIds } from '@yizhan/station-server/fixture/demo-rows'
import { type KioskClient, kioskClient, openScreen } from '@yizhan/station-server/fixture/station-fixture'

/** A station in a process of its own, as it runs in a lobby. */
export interface StationProcess {
  /** Calls as its screen makes them. */
  client: KioskClient
  /** Where its screen is served, and the cookie of the opened screen. */
  url: string
  cookie: string
  pid: number
  /** The process that drives a device, its printer where none is named; null between the end of one and the start of the next. */
  driverPid(deviceId?: string): number | null
  /** Ends the process without a word, as a pulled plug ends it for everything but the disk. */
  kill(): Promise<void>
  /** Ends it in order; rejects when it does not end by itself. */
  stop(): Promise<void>
}

const printerId = 'printer'
const mainFile = fileURLToPath(import.meta.resolve('@yizhan/station-server/main'))
/** Loading the sources takes a second here, several on a busy machine. */
const readyWithinMs = 60_000
const stopWithinMs = 15_000
/** Nothing listens there: port 9 is the discard service. */
const noCentre = 'http://127.0.0.1:9'

/** Starts `main.ts` of the station over a prepared folder and resolves when its screen can be served; its further devices are settings, `under` a command that runs it. */
export async function startStationProcess(
  folder: string,
  printerPort: number,
  profile: ProfileName = 'epson-80',
  furtherSettings: Record<string, string> = {},
  under: readonly string[] = [],
): Promise<StationProcess> {
  const page = join(folder, 'page')
  mkdirSync(page, { recursive: true })
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>kiosk</title>')
  const launchTokenFile = join(folder, 'launch-token')
  const [command = process.execPath, ...args] = [...under, process.execPath, mainFile]
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      STATION_PORT: '0',
      STATION_DATA: folder,
      STATION_STATIC_DIR: page,
      STATION_CENTRE_URL: noCentre,
      STATION_TENANT_ID: fixtureIds.tenant,
      STATION_PRINTER: JSON.stringify({
        deviceId: printerId,
        profile,
        link: { kind: 'tcp', host: '127.0.0.1', port: printerPort },
      }),
      STATION_LAUNCH_TOKEN_FILE: launchTokenFile,
      STATION_DEMO: '1',
      ...furtherSettings,
    },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const log = createInterface(child.stdout)
  const driverPids = followDrivers(log)
  const port = await readReadyPort(log, ended).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const url = `http://127.0.0.1:${port}`
  const cookie = await openScreen(url, launchTokenFile)
  return {
    client: kioskClient(url, cookie),
    url,
    cookie,
    pid: child.pid ?? 0,
    driverPid: (deviceId = printerId) => driverPids.get(deviceId) ?? null,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      await within(stopWithinMs, ended, 'the station did not stop')
    },
  }
}

/** Reads from the station's log which process drives which device. */
function followDrivers(log: NodeJS.EventEmitter): ReadonlyMap<string, number> {
  const driving = new Map<string, number>()
  log.on('line', (line: string) => {
    const { event, deviceId, pid } = JSON.parse(line) as { event?: string; deviceId: string; pid: number }
    if (event === 'driver-started') driving.set(deviceId, pid)
    if (event === 'driver-ended') driving.delete(deviceId)
  })
  return driving
}

/** The port that the station's log names once it is ready. The log is read on, so that the station never waits for us. */
function readReadyPort(log: NodeJS.EventEmitter, ended: Promise<void>): Promise<number> {
  const ready = new Promise<number>((resolve, reject) => {
    log.on('line', (line: string) => {
      const record = JSON.parse(line) as { msg?: string; port?: number }
      if (record.msg === 'station ready' && record.port !== undefined) resolve(record.port)
    })
    void ended.then(() => reject(new Error('the station ended before it was ready')))
  })
  return within(readyWithinMs, ready, 'the station did not become ready')
}

async function within<Value>(limitMs: number, work: Promise<Value>, complaint: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
