import { makeBenchCard } from './bench-card-readers.ts'
import type { BenchDevices } from './bench-devices.ts'
import { argOf, textArg, wholeArg } from './control-args.ts'
import { readSimIdCard } from './sim-id-card.ts'
import type { SimWire } from './sim-wire.ts'

/** What a hand did, or why it could not; the word goes to the page. */
export type HandResult = { refusal: string } | undefined

/** At this charge the simulated UPS has long called its battery low. */
const lowChargePercent = 10

/** What hands can do at the further devices, by the end of their path under `/bench/`. */
export type BenchHands = Readonly<Record<string, (order: unknown) => Promise<HandResult> | HandResult>>

/** The hands of the ID reader, the card readers and their service, keypad, indicator and UPS. */
export function makeBenchHands(devices: BenchDevices): BenchHands {
  return {
    'id-reader': (order) => handleIdReader(devices, order),
    'card-readers': (order) => handleCardReaders(devices, order),
    pcscd: (order) => handlePcscd(devices, order),
    keypad: (order) => handleKeypad(devices, order),
    indicator: (order) => handlePlug(devices.indicator.wire, order),
    ups: (order) => handleUps(devices, order),
  }
}

const unknownAction = { refusal: 'action-unknown' }

function handleIdReader({ idReader }: BenchDevices, order: unknown): Promise<HandResult> | HandResult {
  switch (argOf(order, 'action')) {
    case 'place-card': {
      const card = readSimIdCard(argOf(order, 'card'))
      if (card === undefined) return { refusal: 'name-too-long' }
      return idReader.placeCard(card) ? undefined : { refusal: 'card-lies-there' }
    }
    case 'take-card':
      return idReader.takeCard() ? undefined : { refusal: 'no-card' }
    default:
      return handlePlug(idReader.wire, order)
  }
}

function handleCardReaders({ cardReaders }: BenchDevices, order: unknown): HandResult {
  const reader = textArg(order, 'reader', 128) ?? ''
  switch (argOf(order, 'action')) {
    case 'attach':
      return cardReaders.attach(reader) ? undefined : { refusal: 'reader-attached' }
    case 'detach':
      return cardReaders.detach(reader) ? undefined : { refusal: 'reader-not-attached' }
    case 'insert': {
      const card = makeBenchCard(argOf(order, 'card'))
      if (card === undefined) return { refusal: 'card-unknown' }
      return cardReaders.insert(reader, card) ? undefined : { refusal: 'reader-not-empty' }
    }
    case 'remove':
      return cardReaders.remove(reader) ? undefined : { refusal: 'no-card' }
    default:
      return unknownAction
  }
}

async function handlePcscd({ pcscd }: BenchDevices, order: unknown): Promise<HandResult> {
  const running = argOf(order, 'running')
  if (typeof running !== 'boolean') return { refusal: 'running-missing' }
  await (running ? pcscd.revive() : pcscd.die())
  return undefined
}

function handleKeypad({ keypad }: BenchDevices, order: unknown): Promise<HandResult> | HandResult {
  if (argOf(order, 'action') !== 'press') return handlePlug(keypad.wire, order)
  return keypad.press(wholeArg(order, 'score', { least: 1, most: 5 }) ?? 0) ? undefined : { refusal: 'score-unknown' }
}

function handleUps({ ups }: BenchDevices, order: unknown): HandResult {
  switch (argOf(order, 'action')) {
    case 'mains-off':
      ups.setMains(false)
      return undefined
    case 'mains-on':
      ups.setMains(true)
      ups.setCharge(100)
      return undefined
    case 'battery-low':
      ups.setMains(false)
      ups.setCharge(lowChargePercent)
      return undefined
    case 'set-charge': {
      const percent = wholeArg(order, 'percent', { least: 0, most: 100 })
      if (percent === undefined) return { refusal: 'percent-invalid' }
      ups.setCharge(percent)
      return undefined
    }
    default:
      return unknownAction
  }
}

async function handlePlug(wire: SimWire, order: unknown): Promise<HandResult> {
  switch (argOf(order, 'action')) {
    case 'unplug':
      await wire.unplug()
      return undefined
    case 'plug-in':
      await wire.plugIn()
      return undefined
    default:
      return unknownAction
  }
}
