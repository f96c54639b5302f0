import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditFinding } from '@yizhan/contracts/audit'
import { recordAudit, recordRead } from '@yizhan/crm-server/audit/audit'
import { type SealingDeps, sealAudit } from '@yizhan/crm-server/audit/audit-sealing'
import { type ChainJudge, verifyAudit } from '@yizhan/crm-server/audit/audit-verification'
import { auditWitness } from '@yizhan/crm-server/audit/audit-witness'
import { type CentreDb, inTenant, openDatabase } from '@yizhan/crm-server/postgres/database'
import { startManagedPostgres } from '@yizhan/crm-server/postgres/managed-postgres'
import { migrate, readMigrations } from '@yizhan/crm-server/postgres/migration'
import { openKeyRing } from '@yizhan/crm-server/tenant/key-ring'
import { newId } from '@yizhan/crm-server/tenant/new-id'
import { sql } from 'kysely'
import { type Expected, type Mutation, mutations } from './audit-mutation.ts'
import type { DrillResult } from './drill-verdict.ts'
import { drilledTenant, openDrilledHospital } from './drilled-hospital.ts'
import type { KillDrillPlan } from './kill-drill.ts'
import { seededRandom } from './seeded-random.ts'

const blocks = 12
const rowsPerBlock = 24
const migrationsFolder = fileURLToPath(new URL('../../../crm-server/migrations', import.meta.url))

/** Changes a sealed audit trail on a real database as its owner, in every way that the drill knows; each must be found where it is. */
export async function runAuditDrill({ kills: count, seed, say }: KillDrillPlan): Promise<DrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-audit-drill-'))
  // Run by root, the database's own user has to walk in.
  chmodSync(folder, 0o755)
  const postgres = await startManagedPostgres({ dataDir: folder, onEvent: () => undefined })
  try {
    await migrate(postgres.address.migratorUrl, await readMigrations(migrationsFolder))
    const keysFolder = join(folder, 'keys')
    const app = openDatabase(postgres.address.appUrl, { maxConnections: 2, onIdleError: () => undefined })
    const keys = await openKeyRing(keysFolder)
    const witness = auditWitness(keysFolder)
    const rows = await fillTrail({ db: app.db, keys, witness, now: Date.now })
    await app.close()
    const { publicKey } = await keys.auditKey(drilledTenant)
    const judge = { publicKey, witness: await witness.read(drilledTenant), nowMs: Date.now() }
    const owner = openDatabase(postgres.address.migratorUrl, {
      maxConnections: 1,
      onIdleError: () => undefined,
      role: null,
    })
    const found = await mutate(owner.db, judge, { count, seed, say })
    await owner.close()
    const { lost, torn, duplicated } = found
    const ok = lost + torn + duplicated === 0 && rows > 0
    return {
      verdict: { name: 'audit', seed, operations: rows, faults: count, lost, duplicated, torn, ok },
      findings: found.findings,
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes rows of every kind, sealed block by block; answers how many. */
async function fillTrail(deps: SealingDeps): Promise<number> {
  await openDrilledHospital(deps.db)
  let rows = 0
  for (let block = 0; block < blocks; block += 1) {
    await inTenant(deps.db, drilledTenant, async (tx) => {
      for (let row = 0; row < rowsPerBlock; row += 1) {
        const actor = { kind: row % 3 === 0 ? ('station' as const) : ('user' as const), id: newId(Date.now()) }
        const caller = { tenantId: drilledTenant, nowMs: Date.now(), actor: { ...actor, requestId: randomUUID() } }
        const object = { objectKind: 'booking', objectId: newId(Date.now()) }
        if (row % 2 === 0) await recordAudit({ ...caller, tx }, { action: 'drilled', ...object, after: object })
        else await recordRead(tx, caller, { action: 'drill-read', ...object, shown: [newId(Date.now())] })
      }
    })
    rows += await sealAudit(deps, drilledTenant)
  }
  return rows
}

interface Found {
  /** Mutations that nobody noticed. */
  lost: number
  /** Noticed, but another place was named first. */
  torn: number
  /** The trail as it was is called changed. */
  duplicated: number
  findings: string[]
}

async function mutate(
  db: CentreDb,
  judge: ChainJudge,
  { count, seed, say }: { count: number; seed: number; say(line: string): void },
): Promise<Found> {
  const random = seededRandom(seed)
  const found: Found = { lost: 0, torn: 0, duplicated: 0, findings: [] }
  for (let nth = 1; nth <= count; nth += 1) {
    // Each way in its turn, so that a short drill tries them all; where it strikes is drawn.
    const mutation = mutations[(nth - 1) % mutations.length]
    if (mutation === undefined) continue
    const { expected, told } = await tryOne(db, judge, { mutation, random })
    if (told.length === 0) found.lost += 1
    else if (!isNamed(expected, told)) found.torn += 1
    if (!isNamed(expected, told)) {
      found.findings.push(
        `${mutation.name}: ${JSON.stringify(expected)} was told as ${JSON.stringify(told.slice(0, 3))}`,
      )
    }
    if (nth % 100 === 0) say(`${nth} mutations, ${found.lost} not found, ${found.torn} found elsewhere`)
  }
  const { told } = await tryOne(db, judge, { mutation: null, random })
  if (told.length > 0) found.findings.push(`the trail as it was: ${JSON.stringify(told)}`)
  found.duplicated = told.length
  return found
}

/** Names the right place first; a cut end may show in rows too. */
function isNamed(expected: Expected, told: readonly AuditFinding[]): boolean {
  const wanted = expected.kind === 'chain-cut' ? told : told.slice(0, 2)
  return wanted.some(
    ({ kind, auditId, block }) =>
      kind === expected.kind &&
      (expected.auditId === undefined || auditId === expected.auditId) &&
      (expected.block === undefined || block === expected.block),
  )
}

/** Ends the transaction of a mutation without leaving anything of it. */
class Undone extends Error {
  override name = 'Undone'
}

async function tryOne(
  db: CentreDb,
  judge: ChainJudge,
  { mutation, random }: { mutation: Mutation | null; random: () => number },
): Promise<{ expected: Expected; told: AuditFinding[] }> {
  let tried: { expected: Expected; told: AuditFinding[] } | undefined
  await inTenant(db, drilledTenant, async (tx) => {
    const chain = { tx, tenantId: drilledTenant }
    await sql`alter table audit disable trigger user`.execute(tx)
    await sql`alter table audit_block disable trigger user`.execute(tx)
    const expected = (await mutation?.change(chain, random)) ?? { kind: 'witness-missing' as const }
    tried = { expected, told: (await verifyAudit(chain, judge)).findings }
    throw new Undone()
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
  if (tried === undefined) throw new Error('a mutation was not tried')
  return tried
}
