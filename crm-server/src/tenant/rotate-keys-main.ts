import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { openDatabase, tenantIds } from '../postgres/database.ts'
import { reachDatabase } from '../postgres/running-database.ts'
import { drawNewKey, type KeyRotationDeps, settleKeys } from './field-key-rotation.ts'
import { openKeyRing } from './key-ring.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['CENTRE_DATA'] ?? '.data/centre' },
    hospital: { type: 'string' },
    /** Only goes on with what was begun. */
    resume: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const dataDir = resolve(values.data)
const reached = await reachDatabase({ dataDir, databaseUrl: process.env['DATABASE_URL'] })
const { db, close } = openDatabase(reached.appUrl, { maxConnections: 2, onIdleError: () => undefined })
try {
  let broken = 0
  const deps: KeyRotationDeps = {
    db,
    keys: await openKeyRing(join(dataDir, 'keys')),
    onStep: say,
    onBroken: (places) => {
      broken += places.length
      for (const { table, column, rowId } of places) say(`DOES NOT OPEN: ${table}.${column} of ${rowId}`)
    },
  }
  for (const tenantId of await tenantIds(db)) {
    if (values.hospital !== undefined && values.hospital !== tenantId) continue
    say(`hospital ${tenantId}`)
    await settleKeys(deps, tenantId)
    if (values.resume) continue
    for (const purpose of ['field', 'index'] as const) await drawNewKey(deps, tenantId, purpose)
    await settleKeys(deps, tenantId)
  }
  process.exitCode = broken > 0 ? 1 : 0
} finally {
  await close()
  await reached.stop()
}
