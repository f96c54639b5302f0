import type { DeviceHealth, DeviceKind } from '@yizhan/contracts/device'
import { type SupervisedCardReader, startCardReader } from '@yizhan/device-drivers/card/supervised-card-reader'
import type { HealthListener } from '@yizhan/device-drivers/device/health-log'
import type { DeviceDeps } from '@yizhan/device-drivers/device/supervised-device'
import { type SupervisedIdReader, startIdReader } from '@yizhan/device-drivers/id-reader/supervised-id-reader'
import { type SupervisedIndicator, startIndicator } from '@yizhan/device-drivers/indicator/supervised-indicator'
import { type SupervisedKeypad, startKeypad } from '@yizhan/device-drivers/keypad/supervised-keypad'
import { type SupervisedPrinter, startPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import { type SupervisedScanner, startScanner } from '@yizhan/device-drivers/scanner/supervised-scanner'
import { type SupervisedUps, startUps } from '@yizhan/device-drivers/ups/supervised-ups'
import type { DeviceConfigs } from '../station-config.ts'
import type { InputTaker } from './credential-routing.ts'
import { disabledHealth, disabledPrinter } from './disabled-device.ts'

/** The devices of a station, each driven by its own child process; null where the station has none of the kind. */
export interface StationDevices {
  printer: SupervisedPrinter
  scanner: SupervisedScanner | null
  cardReader: SupervisedCardReader | null
  idReader: SupervisedIdReader | null
  keypad: SupervisedKeypad | null
  indicator: SupervisedIndicator | null
  ups: SupervisedUps | null
  /** The health of all of them. */
  healths(): DeviceHealth[]
  /** The health of the device of a kind; null where the station has none. */
  healthOf(kind: DeviceKind): DeviceHealth | null
  /** Starts devices anew that were set aside after failing again and again. */
  restartQuarantined(): void
  stop(): Promise<void>
}

/** What starting the devices needs. */
export interface StationDevicesDeps extends DeviceDeps {
  /** Told of every change of health. */
  onHealth: HealthListener
  /** Told of all that somebody does at a device. */
  onInput: InputTaker
}

/** Starts the configured devices, but for those that are switched off, and tells of every change of their health, and of what is done at them. */
export function startDevices(config: DeviceConfigs, deps: StationDevicesDeps): StationDevices {
  const off: DeviceHealth[] = []
  const startIfOn = <Config extends { deviceId: string; disabled?: boolean }, Device>(
    kind: DeviceKind,
    its: Config | null,
    start: (its: Config) => Device,
  ): Device | null => {
    if (its?.disabled !== true) return its === null ? null : start(its)
    off.push(disabledHealth(its.deviceId, kind, deps.now()))
    return null
  }
  const { printer } = config
  const devices = {
    printer: printer.disabled === true ? disabledPrinter(printer.deviceId, deps.now()) : startPrinter(printer, deps),
    scanner: startIfOn('scanner', config.scanner, (its) => startScanner(its, deps)),
    cardReader: startIfOn('card-reader', config.cardReader, (its) => startCardReader(its, deps)),
    idReader: startIfOn('id-reader', config.idReader, (its) => startIdReader(its, deps)),
    keypad: startIfOn('keypad', config.keypad, (its) => startKeypad(its, deps)),
    indicator: startIfOn('indicator', config.indicator, (its) => startIndicator(its, deps)),
    ups: startIfOn('ups', config.ups, (its) => startUps(its, deps)),
  }
  hearInputs(devices, deps.onInput)
  const all = Object.values(devices).filter((device) => device !== null)
  for (const device of all) device.onHealth(deps.onHealth)
  const healths = () => [...all.map((device) => device.health()), ...off]
  return {
    ...devices,
    healths,
    healthOf: (kind) => healths().find((health) => health.kind === kind) ?? null,
    restartQuarantined: () => restartQuarantined(all),
    async stop() {
      await Promise.all(all.map((device) => device.stop()))
    },
  }
}

type InputDevices = Pick<StationDevices, 'scanner' | 'cardReader' | 'idReader' | 'keypad'>

function hearInputs({ scanner, cardReader, idReader, keypad }: InputDevices, onInput: InputTaker): void {
  const idOf = (device: { health(): DeviceHealth }) => device.health().deviceId
  scanner?.onScan((scan) => onInput({ kind: 'scan', deviceId: idOf(scanner), scan }))
  cardReader?.onCard((news) => onInput({ kind: 'card', deviceId: idOf(cardReader), news }))
  idReader?.onNews((news) => onInput({ kind: 'card', deviceId: idOf(idReader), news }))
  keypad?.onNews(() => onInput({ kind: 'key', deviceId: idOf(keypad) }))
}

/** Starts those devices anew that their supervisor has set aside, and leaves all others alone. */
export function restartQuarantined(devices: readonly { health(): DeviceHealth; restart(): void }[]): void {
  for (const device of devices) if (device.health().reasons.includes('quarantined')) device.restart()
}
