import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openDatabase, tenantIds } from '../postgres/database.ts'
import { reachDatabase } from '../postgres/running-database.ts'
import { erasePerson } from './erasure.ts'
import { erasureList } from './erasure-list.ts'
import { liftHolds, placeHold } from './legal-hold.ts'
import { carryOutRetention } from './retention.ts'

const usage = 'usage: npm run retention -- run | hold|lift|erase --hospital ID --patient KEY --reason TEXT'
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: process.env['CENTRE_DATA'] ?? '.data/centre' },
    hospital: { type: 'string' },
    patient: { type: 'string' },
    reason: { type: 'string' },
  },
})
const asked = z
  .union([
    z.object({ deed: z.literal('run') }),
    z.object({
      deed: z.enum(['hold', 'lift', 'erase']),
      hospital: z.guid(),
      patient: z.guid(),
      reason: z.string().min(1).max(300),
    }),
  ])
  .safeParse({ deed: positionals[0], ...values }).data
const say = (line: string) => void process.stdout.write(`${line}\n`)
if (asked === undefined) {
  say(usage)
  process.exit(2)
}
const dataDir = resolve(values.data)
const reached = await reachDatabase({ dataDir, databaseUrl: process.env['DATABASE_URL'] })
const { db, close } = openDatabase(reached.appUrl, { maxConnections: 2, onIdleError: () => undefined })
try {
  if (asked.deed === 'run') {
    for (const tenantId of await tenantIds(db)) {
      for (const { rule, count } of await carryOutRetention({ db, now: Date.now }, tenantId)) {
        say(`hospital ${tenantId}: ${rule}, ${count} gone`)
      }
    }
  } else {
    const { deed, hospital: tenantId, patient: patientKey, reason } = asked
    const actor = { kind: 'system' as const, id: `shell ${userInfo().username}`, requestId: randomUUID() }
    const caller = { tenantId, nowMs: Date.now(), actor }
    const list = erasureList(join(dataDir, 'keys/erasures.jsonl'))
    const deeds = {
      hold: () => placeHold(db, caller, { patientKey, reason }),
      lift: () => liftHolds(db, caller, { patientKey, reason }),
      erase: () => erasePerson({ db, list }, caller, { patientKey, reason }),
    }
    const outcome = await deeds[deed]()
    say(outcome.ok ? `${deed}: done ${JSON.stringify(outcome.value)}` : `${deed}: refused, ${outcome.error}`)
    process.exitCode = outcome.ok ? 0 : 1
  }
} finally {
  await close()
  await reached.stop()
}
