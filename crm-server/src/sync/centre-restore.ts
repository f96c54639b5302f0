import { randomUUID } from 'node:crypto'
import type { ToldNumbers } from '@yizhan/contracts/queue'
import { addDays, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import { clinicsOf, hospitalOf } from '../tenant/tenant.ts'
import type { Caller, TenantScope } from '../tenant/tenant-scope.ts'
import { ring } from './bell.ts'
import type { LeaseWitness } from './lease-witness.ts'
import { feedHorizon } from './station-feed-store.ts'

/**
 * Looks for every hospital whether the database is an older copy of itself (中心回退): it is of another history, or has granted fewer
 * leases than the witness knows of. Answers the hospitals of which it noticed that now.
 */
export async function noticeRestores(db: CentreDb, witness: LeaseWitness, nowMs: number): Promise<string[]> {
  const noticed: string[] = []
  for (const tenantId of await tenantIds(db)) {
    const actor = { kind: 'system' as const, id: 'centre', requestId: randomUUID() }
    if (await noticeRestore(db, { tenantId, nowMs, actor }, witness)) noticed.push(tenantId)
  }
  return noticed
}

/** The same for one hospital, in a transaction of its own; true when a restore was noticed now. */
export async function noticeRestore(db: CentreDb, caller: Caller, witness: LeaseWitness): Promise<boolean> {
  const known = witness.position(caller.tenantId)
  return await inTenant(db, caller.tenantId, async (tx) => {
    const scope = { ...caller, tx }
    const memory = await lockMemory(scope)
    const { history } = await feedHorizon(tx)
    // A node that knows nothing of leases that were granted is new, or its folder was put back too.
    const isOlder = known === null ? witness.wasCopied || memory.leasePosition > 0 : known > memory.leasePosition
    const restored = isOlder || memory.history !== history
    if (restored) await beginDoubt(scope, witness, { history })
    else if (known === null) await witness.note(caller.tenantId, memory.leasePosition)
    return restored
  })
}

/** The name of the restore that was noticed last, null when none was: places in the feed of before it mean nothing after it. */
export async function lastRestore({ tx, tenantId }: Pick<TenantScope, 'tx' | 'tenantId'>): Promise<string | null> {
  const memory = await tx
    .selectFrom('centre_memory')
    .select('restore_id')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  return memory?.restore_id ?? null
}

/**
 * Takes in which numbers a station holds: they are not leased to anybody else. Numbers that the centre does not know to have leased
 * prove that it was put back. Answers the restore after which the station has yet to tell, null when there is none.
 */
export async function takeToldNumbers(
  scope: TenantScope,
  witness: LeaseWitness,
  { stationId, siteId }: { stationId: string; siteId: string },
  told: ToldNumbers | undefined,
): Promise<string | null> {
  if (told !== undefined && (await raiseSeries(scope, siteId, told.highest))) await beginDoubt(scope, witness, {})
  const restore = await restoreUntoldBy(scope, stationId)
  if (restore === null || told?.restore !== restore) return restore
  await scope.tx
    .updateTable('station')
    .set({ numbers_told_for: restore })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .execute()
  return null
}

/** The restore after which a station has yet to tell which numbers it holds; null when there is none. */
export async function restoreUntoldBy(scope: TenantScope, stationId: string): Promise<string | null> {
  const row = await scope.tx
    .selectFrom('centre_memory as memory')
    .innerJoin('station', 'station.tenant_id', 'memory.tenant_id')
    .select(['memory.restore_id as restore', 'station.numbers_told_for as toldFor'])
    .where('memory.tenant_id', '=', scope.tenantId)
    .where('memory.doubtful_until', 'is not', null)
    .where('station.station_id', '=', stationId)
    .executeTakeFirst()
  return row === undefined || row.restore === row.toldFor ? null : row.restore
}

/**
 * Whether leases of a letter and day may have been forgotten: the centre was put back while they could be granted, and a station
 * that could hold one has not told yet.
 */
export async function isLeaseDoubtful(scope: TenantScope, queueLetter: string, day: string): Promise<boolean> {
  const { restoreId, doubtfulUntil } = await lockMemory(scope)
  if (restoreId === null || doubtfulUntil === null || day > doubtfulUntil) return false
  const untold = await scope.tx
    .selectFrom('station')
    .select('station_id')
    .where('tenant_id', '=', scope.tenantId)
    .where('revoked_at', 'is', null)
    .where('numbers_told_for', 'is distinct from', restoreId)
    .where('site_id', 'in', (of) =>
      of
        .selectFrom('clinic')
        .select('clinic.site_id')
        .where('clinic.tenant_id', '=', scope.tenantId)
        .where('queue_letter', '=', queueLetter),
    )
    .executeTakeFirst()
  return untold !== undefined
}

/** How far the centre has come in granting leases. */
export async function leasePosition(scope: TenantScope): Promise<number> {
  return (await lockMemory(scope)).leasePosition
}

/** Counts a lease that is granted in this transaction; answers the position that it brings the centre to. */
export async function countLease({ tx, tenantId }: TenantScope): Promise<number> {
  const { leases_granted: position } = await tx
    .updateTable('centre_memory')
    .set(({ eb }) => ({ leases_granted: eb('leases_granted', '+', 1) }))
    .where('tenant_id', '=', tenantId)
    .returning('leases_granted')
    .executeTakeFirstOrThrow()
  return position
}

/**
 * A centre leases numbers of today and tomorrow: no forgotten lease is of a later day. Its position goes on from the time in
 * milliseconds, which no count of leases has reached in any copy: put back once more, to before or beside this, it notices again.
 */
async function beginDoubt(scope: TenantScope, witness: LeaseWitness, known: { history?: string }): Promise<void> {
  const { tx, tenantId, nowMs } = scope
  const { zone } = await hospitalOf(tx, tenantId)
  const { leasePosition } = await lockMemory(scope)
  const position = Math.max(leasePosition, witness.position(tenantId) ?? 0, nowMs)
  await tx
    .updateTable('centre_memory')
    .set({
      restore_id: randomUUID(),
      doubtful_until: addDays(hospitalCalendar(zone).dayOf(nowMs), 1),
      leases_granted: position,
      ...known,
    })
    .where('tenant_id', '=', tenantId)
    .execute()
  await witness.note(tenantId, position)
  await recordAudit(scope, { action: 'restore-noticed', objectKind: 'hospital', objectId: tenantId })
  await ring(scope, 'feed')
}

/**
 * Lets every series go on above what a station holds; true when it holds what was never leased as far as the centre knows. Leased
 * are numbers of the station's own site, of today and tomorrow: whatever else it tells raises nothing.
 */
async function raiseSeries(scope: TenantScope, siteId: string, told: ToldNumbers['highest']): Promise<boolean> {
  await lockMemory(scope)
  const clinics = await clinicsOf(scope.tx, scope.tenantId)
  const letters = new Map(
    clinics.filter((clinic) => clinic.siteId === siteId).map(({ clinicId, queueLetter }) => [clinicId, queueLetter]),
  )
  const { zone } = await hospitalOf(scope.tx, scope.tenantId)
  const today = hospitalCalendar(zone).dayOf(scope.nowMs)
  const days = [today, addDays(today, 1)]
  let raised = false
  for (const { clinicId, day, highest } of told) {
    const letter = letters.get(clinicId)
    if (letter === undefined || !days.includes(day)) continue
    raised = (await raiseOne(scope, letter, day, highest + 1)) || raised
  }
  return raised
}

async function raiseOne({ tx, tenantId }: TenantScope, letter: string, day: string, next: number): Promise<boolean> {
  const raised = await tx
    .insertInto('number_series')
    .values({ tenant_id: tenantId, queue_letter: letter, day, next_number: next })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'queue_letter', 'day'])
        .doUpdateSet({ next_number: next })
        .where('number_series.next_number', '<', next),
    )
    .returning('next_number')
    .executeTakeFirst()
  return raised !== undefined
}

interface CentreMemory {
  history: string
  leasePosition: number
  restoreId: string | null
  doubtfulUntil: string | null
}

/** What the centre remembers of itself, held for this transaction; made where there is nothing yet. */
async function lockMemory({ tx, tenantId }: TenantScope): Promise<CentreMemory> {
  const { history } = await feedHorizon(tx)
  await tx
    .insertInto('centre_memory')
    .values({ tenant_id: tenantId, history })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return await tx
    .selectFrom('centre_memory')
    .select(['history', 'leases_granted as leasePosition', 'restore_id as restoreId'])
    .select('doubtful_until as doubtfulUntil')
    .where('tenant_id', '=', tenantId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}
