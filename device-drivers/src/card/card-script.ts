import { type ApduExchange, fitsStatus } from './apdu-exchange.ts'
import type { CardProfile, CardStep } from './card-profile.ts'
import { CardNonsense, decodeValue, fitsMask, takeDataObject } from './card-value.ts'

/** A value that a script found: its bytes, for later commands, and its text. */
export interface CardValue {
  bytes: Uint8Array
  text: string
}

/** A card of a known kind whose number identifies nobody; it is to be treated as unknown. */
export class CardSaysNothing extends Error {
  override readonly name = 'CardSaysNothing'
}

/**
 * Runs a profile's steps, each once and in order, and gives the values that they found. Throws CardNonsense for whatever the card
 * answers that does not fit, CardSaysNothing for a value that identifies nobody, and a PcscFault.
 */
export async function runCardScript(profile: CardProfile, exchange: ApduExchange): Promise<Map<string, CardValue>> {
  const values = new Map<string, CardValue>()
  for (const step of profile.steps) {
    if (!isWanted(step, values)) continue
    const bytes = 'apdu' in step ? await ask(step, exchange, values) : values.get(step.from)?.bytes
    if (step.as === undefined) continue
    const value = bytes === undefined ? undefined : takeValue(bytes, step)
    if (value !== undefined) values.set(step.as, value)
    else if (!step.optional) throw new CardNonsense(`${step.as} is missing`)
  }
  return values
}

function isWanted({ when }: CardStep, values: ReadonlyMap<string, CardValue>): boolean {
  if (when === undefined) return true
  return 'found' in when ? values.has(when.found) : !values.has(when.missing)
}

async function ask(
  step: Extract<CardStep, { apdu: string }>,
  exchange: ApduExchange,
  values: ReadonlyMap<string, CardValue>,
): Promise<Uint8Array | undefined> {
  const { data, status } = await exchange.ask(apduOf(step.apdu, values))
  if (fitsStatus(status, step.sw)) return data
  if (step.optional) return undefined
  throw new CardNonsense('the card refuses a command')
}

/** The command's bytes with the values put in. */
export function apduOf(pattern: string, values: ReadonlyMap<string, CardValue>): Uint8Array {
  const hex = pattern.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new CardNonsense(`${name} is missing`)
    return Buffer.from(value.bytes).toString('hex')
  })
  const apdu = Buffer.from(hex, 'hex')
  if (apdu.length < 4 || apdu.length > 261) throw new CardNonsense('a command has a wrong length')
  return apdu
}

function takeValue(answer: Uint8Array, step: CardStep): CardValue | undefined {
  const object = step.tlv === undefined ? answer : takeDataObject(answer, Number.parseInt(step.tlv, 16))
  if (object === undefined || object.length === 0) return undefined
  const bytes = step.slice === undefined ? object : sliceOf(object, step.slice)
  if (step.lengths !== undefined && !step.lengths.includes(bytes.length))
    throw new CardNonsense('a value has a wrong length')
  if (step.not?.some((mask) => fitsMask(bytes, mask)) === true) throw new CardSaysNothing(step.as)
  const text = decodeValue(bytes, step.decode)
  return text === '' ? undefined : { bytes, text }
}

function sliceOf(bytes: Uint8Array, { at, length }: { at: number; length: number }): Uint8Array {
  if (at + length > bytes.length) throw new CardNonsense('a value is too short')
  return bytes.subarray(at, at + length)
}
