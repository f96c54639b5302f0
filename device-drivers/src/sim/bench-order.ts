/*
 * The bench over HTTP, all of it under /bench. A POST takes JSON and answers {"done":true}, or 422 {"refusal":word}.
 *
 * GET  /state          {printer, tickets, scanner, network, demo,
 *                       idReader: {attached, cardIn},
 *                       cardReaders: [{name, attached, card: title or null}], pcscd: {running},
 *                       keypad: {attached, presses}, indicator: {attached, signal: ready|error|call|off},
 *                       ups: {mains, chargePercent}}
 * GET  /events         server-sent events: something changed
 * GET  /tickets/N.svg  the picture of a slip
 * POST /printer        {action: pull-paper|open-cover|close-cover|power-off|power-on}, {action:"load-paper", mm?},
 *                      {action:"set-speed", mmPerS}
 * POST /scanner        {text} or {base64}
 * POST /network        {cut}
 * POST /id-reader      {action:"place-card", card?: {name?, idNumber?}}, {action: take-card|unplug|plug-in}
 * POST /card-readers   {action: attach|detach|remove, reader}, {action:"insert", reader, card: {kind, name?, idNumber?, cardNumber?,
 *                      uid?}}; kind: social-security|hospital|contactless|unknown|upside-down; reader: a name of the state
 * POST /pcscd          {running}
 * POST /keypad         {action:"press", score: 1 to 5}, {action: unplug|plug-in}
 * POST /indicator      {action: unplug|plug-in}
 * POST /ups            {action: mains-off|mains-on|battery-low}, {action:"set-charge", percent}
 */

/** What a person does at the printer. */
export type PrinterHand =
  | { action: 'pull-paper' | 'open-cover' | 'close-cover' | 'power-off' | 'power-on' }
  | { action: 'load-paper'; mm: number }
  | { action: 'set-speed'; mmPerS: number }

/** A whole roll, when nothing else is said. */
const fullRollMm = 60_000

/** What needs no number. */
export const plainPrinterActions = ['pull-paper', 'open-cover', 'close-cover', 'power-off', 'power-on'] as const

/** Reads the body of `POST /bench/printer`; undefined when it is not one of the known actions. */
export function readPrinterHand(body: unknown): PrinterHand | undefined {
  if (!isRecord(body)) return undefined
  const plain = plainPrinterActions.find((action) => action === body['action'])
  if (plain !== undefined) return { action: plain }
  const { action, mm = fullRollMm, mmPerS } = body
  if (action === 'load-paper' && isWithin(mm, 1, 1_000_000)) return { action, mm }
  if (action === 'set-speed' && isWithin(mmPerS, 1, 10_000)) return { action, mmPerS }
  return undefined
}

/** Reads the body of `POST /bench/scanner`: a code as text, or raw bytes as base64, at most 64 KiB. */
export function readScannerHand(body: unknown): { text: string } | { bytes: Uint8Array } | undefined {
  if (!isRecord(body)) return undefined
  const { text, base64 } = body
  if (typeof text === 'string' && text.length > 0) return { text }
  if (typeof base64 !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  return { bytes: Buffer.from(base64, 'base64') }
}

/** Reads the body of `POST /bench/network`. */
export function readNetworkHand(body: unknown): { cut: boolean } | undefined {
  if (!isRecord(body) || typeof body['cut'] !== 'boolean') return undefined
  return { cut: body['cut'] }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}
