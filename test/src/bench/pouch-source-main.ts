import type { EventEnvelope } from '@yizhan/contracts/sync'
import { openPouch, type PouchDatabase } from './pouch-peer.ts'
import { answerTrials } from './trial-child.ts'

/** What the station's side of PouchDB is asked for: to keep events as documents, or to replicate them. */
export type PouchQuestion = { act: 'fill'; name: string; events: EventEnvelope[] } | { act: 'replicate'; to: string }

/** As many documents in one exchange as our first batch has events: measured, 1,000 and 2,000 are slower. */
const batch = 500

const [folder = ''] = process.argv.slice(2)
const open = await openPouch(folder)
let database: PouchDatabase | null = null

answerTrials<PouchQuestion>(
  async (question) => {
    if (question.act === 'fill') {
      database = new open(question.name)
      await database.bulkDocs(question.events.map(({ eventId, ...event }) => ({ _id: eventId, ...event })))
      return {}
    }
    if (database === null) throw new Error('there is nothing to replicate')
    const startedAt = performance.now()
    const { docs_written: written } = await database.replicate.to(question.to, { batch_size: batch })
    return { tookMs: performance.now() - startedAt, written }
  },
  () => database?.close(),
)
