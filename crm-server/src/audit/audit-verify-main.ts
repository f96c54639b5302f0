import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { openDatabase, tenantIds } from '../postgres/database.ts'
import { reachDatabase } from '../postgres/running-database.ts'
import { openKeyRing } from '../tenant/key-ring.ts'
import { acceptRestore, checkAudit } from './audit-check.ts'
import { auditWitness } from './audit-witness.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['CENTRE_DATA'] ?? '.data/centre' },
    hospital: { type: 'string' },
    /** The database was put back on purpose: the end that it has now is the one to hold from here on. */
    'accept-restore': { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const dataDir = resolve(values.data)
const reached = await reachDatabase({ dataDir, databaseUrl: process.env['DATABASE_URL'] })
const { db, close } = openDatabase(reached.appUrl, { maxConnections: 2, onIdleError: () => undefined })
const keysFolder = join(dataDir, 'keys')
const deps = { db, keys: await openKeyRing(keysFolder), witness: auditWitness(keysFolder), now: Date.now }
try {
  let wrong = 0
  for (const tenantId of await tenantIds(db)) {
    if (values.hospital !== undefined && values.hospital !== tenantId) continue
    if (values['accept-restore']) await acceptRestore(deps, tenantId)
    const { blocks, rows, findings } = await checkAudit(deps, tenantId)
    say(`hospital ${tenantId}: ${rows} rows in ${blocks} blocks, ${findings.length === 0 ? 'whole' : 'NOT WHOLE'}`)
    for (const { kind, block, auditId } of findings) {
      const where = [block === null ? null : `block ${block}`, auditId === null ? null : `row ${auditId}`]
      say(`  ${[kind, ...where.filter((part) => part !== null)].join(', ')}`)
    }
    wrong += findings.length
  }
  process.exitCode = wrong === 0 ? 0 : 1
} finally {
  await close()
  await reached.stop()
}
