import { type BenchCardReaders, startBenchCardReaders } from './bench-card-readers.ts'
import { openPtyPair, type PtyMaker } from './pty-pair.ts'
import { type SimIdReader, startSimIdReader } from './sim-id-reader.ts'
import { type SimIndicator, startSimIndicator } from './sim-indicator.ts'
import { type SimKeypad, startSimKeypad } from './sim-keypad.ts'
import { type SimPcscd, startSimPcscd } from './sim-pcscd.ts'
import { type SimUps, startSimUps } from './sim-ups.ts'

/** Where the bench's further devices hang. */
export interface BenchDevicesConfig {
  idReaderLink: string
  keypadLink: string
  indicatorLink: string
  pcscdSocket: string
  /** 0 picks a free one. */
  upsPort: number
}

/** The bench's devices besides printer, scanner and network. */
export interface BenchDevices {
  idReader: SimIdReader
  cardReaders: BenchCardReaders
  pcscd: SimPcscd
  keypad: SimKeypad
  indicator: SimIndicator
  ups: SimUps
  stop(): Promise<void>
}

/** The profiles that the demo station is configured with. */
const benchProfiles = { keypad: 'framed-sum', indicator: 'lcus-4', upsName: 'ups' } as const

/** Starts them all, with both card readers plugged in and empty. */
export async function startBenchDevices(
  config: BenchDevicesConfig,
  deps: { maker: PtyMaker; changed: () => void },
): Promise<BenchDevices> {
  const { maker, changed } = deps
  const [idPty, keypadPty, indicatorPty] = await Promise.all(
    ([config.idReaderLink, config.keypadLink, config.indicatorLink] as const).map((path) =>
      openPtyPair({ path, maker }),
    ),
  )
  if (idPty === undefined || keypadPty === undefined || indicatorPty === undefined) throw new Error('a line is missing')
  const common = { now: Date.now, onChange: changed }
  const idReader = startSimIdReader({ ...common, pty: idPty })
  const keypad = startSimKeypad({ ...common, pty: keypadPty, profile: benchProfiles.keypad })
  const indicator = startSimIndicator({ ...common, pty: indicatorPty, profile: benchProfiles.indicator })
  const ups = await startSimUps({ ...common, port: config.upsPort, upsName: benchProfiles.upsName })
  const pcscd = await startSimPcscd({ socketPath: config.pcscdSocket })
  pcscd.onChange(changed)
  return {
    idReader,
    cardReaders: startBenchCardReaders(pcscd, changed),
    pcscd,
    keypad,
    indicator,
    ups,
    stop: async () => {
      await Promise.all([idReader, keypad, indicator, ups, pcscd].map((device) => device.stop()))
    },
  }
}

/** What the further devices are, for the bench's page. */
export function viewBenchDevices(devices: BenchDevices): object {
  const { idReader, cardReaders, pcscd, keypad, indicator, ups } = devices
  const { mains, chargePercent } = ups.state()
  return {
    idReader: { attached: idReader.state().attached, cardIn: idReader.state().cardIn },
    cardReaders: cardReaders.view(),
    pcscd: { running: pcscd.state().alive },
    keypad: { attached: keypad.state().attached, presses: keypad.state().presses },
    indicator: { attached: indicator.state().attached, signal: indicator.state().signal ?? 'off' },
    ups: { mains, chargePercent },
  }
}
