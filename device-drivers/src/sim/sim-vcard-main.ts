import { makeBenchCard } from './bench-card-readers.ts'
import { runSimulator } from './sim-process.ts'
import { portEnv } from './sim-setting.ts'
import { insertSimVcard, type SimVcard, usualVpcdPort } from './sim-vcard.ts'

/** The virtual card as a program: put into vpcd's slot at `SIM_VCARD_PORT` and taken out again over its control port. */
const port = portEnv('SIM_VCARD_PORT') || usualVpcdPort
let inserted: { title: string; vcard: SimVcard } | undefined

async function remove(): Promise<void> {
  await inserted?.vcard.remove()
  inserted = undefined
}

async function insert(order: unknown): Promise<unknown> {
  const made = makeBenchCard(order)
  if (made === undefined) return { refusal: 'card-unknown' }
  await remove()
  inserted = { title: made.title, vcard: insertSimVcard({ host: '127.0.0.1', port, card: made.card }) }
  return undefined
}

const state = () => ({ card: inserted?.title ?? null })
await runSimulator({ name: 'VCARD', verbs: { insert, remove }, state, journal: () => [], stop: remove }, { port })
process.exit(0)
