import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type HospitalFixture, horizonPassed, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { recordAudit } from './audit.ts'
import { acceptRestore, checkAudit } from './audit-check.ts'
import { type SealingDeps, sealAudit, startAuditSealing } from './audit-sealing.ts'
import { auditWitness } from './audit-witness.ts'

/** Enough for a loop of five seconds on a machine that is busy with other things. */
const patienceMs = 60_000

let hospital: HospitalFixture
let folder: string
let deps: SealingDeps
let owner: pg.Client
beforeAll(async () => {
  hospital = await openHospital()
  folder = await mkdtemp(join(tmpdir(), 'yizhan-witness-'))
  deps = { db: hospital.db, keys: hospital.keys, witness: auditWitness(folder), now: () => morningMs }
  owner = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await owner.connect()
  await owner.query("select set_config('app.tenant_id', $1, false)", [hospital.tenantId])
})
afterAll(async () => {
  await owner.end()
  await hospital.close()
  await rm(folder, { recursive: true })
})

async function write(objectId: string, nowMs = morningMs): Promise<void> {
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    recordAudit({ ...hospital.staff(nowMs), tx }, { action: 'tried', objectKind: 'thing', objectId }),
  )
}

async function seal(): Promise<number> {
  await horizonPassed(hospital.db)
  return await sealAudit(deps, hospital.tenantId)
}

const check = () => checkAudit(deps, hospital.tenantId)

/** Somebody with the owner's rights: no trigger stands in the way. */
async function tamper(statement: string, values: unknown[] = []): Promise<void> {
  await owner.query('begin')
  for (const table of ['audit', 'audit_block']) await owner.query(`alter table ${table} disable trigger user`)
  await owner.query(statement, values)
  for (const table of ['audit', 'audit_block']) await owner.query(`alter table ${table} enable trigger user`)
  await owner.query('commit')
}

async function idOf(objectId: string): Promise<string> {
  const { rows } = await owner.query<{ audit_id: string }>('select audit_id from audit where object_id = $1', [
    objectId,
  ])
  return rows[0]?.audit_id ?? ''
}

test('what was written before there was a chain, and what is written since, is sealed once and found whole', async () => {
  await write('one')
  expect(await seal()).toBeGreaterThan(1)
  await write('two')
  expect(await seal()).toBe(1)
  expect(await seal()).toBe(0)
  const verdict = await check()
  expect(verdict.findings).toEqual([])
  const { rows } = await owner.query<{ count: string }>('select count(*) from audit')
  expect(verdict.rows).toBe(Number(rows[0]?.count))
})

test('a row of a transaction that ends late is sealed after those that ended before it, and none is left out', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>()
  const late = inTenant(hospital.db, hospital.tenantId, async (tx) => {
    await recordAudit({ ...hospital.staff(), tx }, { action: 'tried', objectKind: 'thing', objectId: 'late' })
    hasWritten()
    await held
  })
  await written
  await Promise.all(Array.from({ length: 20 }, (_, at) => write(`beside ${at}`)))
  expect(await sealAudit(deps, hospital.tenantId)).toBe(0)
  letGo()
  await late
  expect(await seal()).toBe(21)
  expect((await check()).findings).toEqual([])
})

test('two nodes that seal at the same time make one chain', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, at) => write(`busy ${at}`)))
  await horizonPassed(hospital.db)
  await Promise.all([1, 2, 3].map(() => sealAudit(deps, hospital.tenantId)))
  await seal()
  expect((await check()).findings).toEqual([])
})

test('a changed, a removed and a put-in row are each named', async () => {
  await write('mine')
  await seal()
  const mine = await idOf('mine')
  await tamper(`update audit set at = at + interval '1 microsecond' where audit_id = $1`, [mine])
  expect((await check()).findings).toEqual([{ kind: 'row-changed', block: expect.any(Number), auditId: mine }])
  await tamper(`update audit set at = at - interval '1 microsecond' where audit_id = $1`, [mine])
  expect((await check()).findings).toEqual([])
  const putIn = newId(morningMs - 1)
  await tamper(
    `insert into audit (tenant_id, audit_id, at, actor_kind, actor_id, action, object_kind, object_id, request_id)
     select tenant_id, $2, at, actor_kind, actor_id, action, object_kind, object_id, request_id from audit where audit_id = $1`,
    [mine, putIn],
  )
  expect((await check()).findings).toEqual([{ kind: 'row-inserted', block: null, auditId: putIn }])
  await tamper('delete from audit where audit_id = $1', [putIn])
  expect((await check()).findings).toEqual([])
})

test('a row that is put in through the front door but claims to be an hour older than those before it is named', async () => {
  await write('in its time', morningMs)
  await write('backdated', morningMs - 2 * 3_600_000)
  await seal()
  const backdated = await idOf('backdated')
  expect((await check()).findings).toEqual([{ kind: 'row-backdated', block: expect.any(Number), auditId: backdated }])
  await tamper(`update audit set at = at + interval '2 hours' where audit_id = $1`, [backdated])
  expect((await check()).findings.map(({ kind }) => kind)).toEqual(['row-changed'])
  await tamper(`update audit set at = at - interval '2 hours' where audit_id = $1`, [backdated])
})

test('an end that was cut off is seen by the witness, until somebody says that the database was put back on purpose', async () => {
  const before = (await check()).findings
  await write('the end')
  await seal()
  await tamper('delete from audit_block where block = (select max(block) from audit_block)')
  await tamper('delete from audit where object_id = $1', ['the end'])
  expect((await check()).findings.slice(before.length)).toMatchObject([{ kind: 'chain-cut' }])
  await write('after it')
  await seal()
  expect((await check()).findings.slice(before.length)).toMatchObject([{ kind: 'chain-cut' }])
  await acceptRestore(deps, hospital.tenantId)
  await horizonPassed(hospital.db)
  await seal()
  expect((await check()).findings).toEqual(before)
  expect(await idOf(hospital.tenantId)).not.toBe('')
})

test('the loop seals by itself, and what it sealed can be changed by nobody that the centre works as', async () => {
  await write('by the loop')
  const faults: unknown[] = []
  const loop = startAuditSealing({ ...deps, onFault: (error) => faults.push(error) })
  const waiting = async () => {
    const { rows } = await owner.query<{ count: string }>('select count(*) from audit_waiting')
    return Number(rows[0]?.count)
  }
  await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: patienceMs, interval: 200 })
  await loop.stop()
  expect(faults).toEqual([])
  const asCentre = (statement: string) =>
    inTenant(hospital.db, hospital.tenantId, (tx) => sql.raw(statement).execute(tx))
  await expect(asCentre('delete from audit_block')).rejects.toMatchObject({ code: '42501' })
  await expect(asCentre(`update audit_block set head = 'x'`)).rejects.toMatchObject({ code: '42501' })
  await expect(asCentre(`select forget_audit_block(1, now())`)).resolves.toMatchObject({
    rows: [{ forget_audit_block: 0 }],
  })
  await expect(owner.query('delete from audit_block')).rejects.toThrow('never changed or removed')
  await expect(owner.query(`update audit_block set entries = null`)).rejects.toThrow('never changed or removed')
})
