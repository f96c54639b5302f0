import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CentreFixture, startCentreFixture } from '@yizhan/crm-server/fixture/centre-fixture'
import { type HospitalFixture, openHospital } from '@yizhan/crm-server/fixture/hospital-fixture'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { bootStation } from '@yizhan/station-server/boot-station'
import {
  type KioskClient,
  kioskClient,
  noOptionalDevices,
  openScreen,
  silentLog,
} from '@yizhan/station-server/fixture/station-fixture'
import type { Station } from '@yizhan/station-server/station'
import type { StationConfig } from '@yizhan/station-server/station-config'

/** A machine in a lobby: a folder of its own, and a station program that is started and stopped. */
export interface Machine {
  folder: string
  config: StationConfig
  /** Starts the program; answers with its screen. */
  start(): Promise<KioskClient>
  stop(): Promise<void>
}

/** A centre with an administrator signed in, and machines that reach it. */
export interface StationsAtCentre {
  hospital: HospitalFixture
  centre: CentreFixture
  /** A machine with an empty folder, or with the one given. */
  machine(changes?: Partial<StationConfig>): Machine
  stop(): Promise<void>
}

/** Opens the centre; machines are made and started by the test. */
export async function openStationsAtCentre(): Promise<StationsAtCentre> {
  const root = mkdtempSync(join(tmpdir(), 'yz-identity-'))
  const hospital = await openHospital()
  const centre = await startCentreFixture(hospital)
  centre.signIn('administrator')
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 5000, now: Date.now })
  const machines: Machine[] = []
  mkdirSync(join(root, 'page'))
  writeFileSync(join(root, 'page/index.html'), '<!doctype html><title>kiosk</title>')
  return {
    hospital,
    centre,
    machine(changes = {}) {
      const folder = changes.dataFolder ?? join(root, `machine-${machines.length}`)
      const made = machineIn({
        port: 0,
        dataFolder: folder,
        copyFolder: join(folder, 'copy'),
        staticFolder: join(root, 'page'),
        centreUrl: centre.url,
        tenantId: hospital.tenantId,
        keyProfile: 'offline-boot',
        devices: {
          ...noOptionalDevices,
          printer: {
            deviceId: 'printer',
            profile: 'epson-80',
            link: { kind: 'tcp', host: '127.0.0.1', port: printer.port },
          },
        },
        decoder: null,
        launchTokenFile: join(root, `launch-token-${machines.length}`),
        demo: true,
        ...changes,
      })
      machines.push(made)
      return made
    },
    async stop() {
      await Promise.all(machines.map((machine) => machine.stop()))
      await printer.stop()
      await centre.stop()
      await hospital.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function machineIn(config: StationConfig): Machine {
  let station: Station | null = null
  return {
    folder: config.dataFolder,
    config,
    async start() {
      station = await bootStation(config, { log: silentLog, now: Date.now })
      return kioskClient(station.url, await openScreen(station.url, config.launchTokenFile))
    },
    async stop() {
      await station?.stop()
      station = null
    },
  }
}
