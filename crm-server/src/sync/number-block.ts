import type { NumberBlock } from '@yizhan/contracts/queue'
import { highestArrivedNumber } from '../appointment/arrival.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CentreDb } from '../postgres/database.ts'
import { clinicOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { countLease, isLeaseDoubtful, leasePosition, noticeRestore } from './centre-restore.ts'
import type { LeaseWitness } from './lease-witness.ts'

/** What a station asks for: so many next numbers of a clinic's day. */
export interface LeaseQuestion {
  stationId: string
  /** Where the station stands. */
  siteId: string
  blockId: string
  clinicId: string
  day: string
  count: number
}

/** Why nothing was leased. */
type LeaseRefusal = 'clinic-unknown' | 'block-of-another' | 'series-exhausted' | 'numbers-in-doubt'

/** Queue numbers have at most four digits. */
const highestNumber = 9999

/**
 * Leases the next numbers of a day to one station; the same block id gets the same block again. Numbers of one letter
 * and day are never given out twice. Near the end of the series the block is shorter; when nothing is left the lease is
 * refused and the station goes on with its fallback series; so too after a restore, until every station that may hold a forgotten
 * lease has told what it holds.
 */
export async function leaseNumbers(
  { db, witness }: { db: CentreDb; witness: LeaseWitness },
  caller: Caller,
  question: LeaseQuestion,
): Promise<Outcome<NumberBlock, LeaseRefusal>> {
  await noticeRestore(db, caller, witness)
  let position = 0
  const outcome = await inScope<NumberBlock, LeaseRefusal>(db, caller, async (scope) => {
    const clinic = await clinicOf(scope.tx, scope.tenantId, question.clinicId)
    if (clinic?.siteId !== question.siteId) return { ok: false, error: 'clinic-unknown' }
    const { queueLetter } = clinic
    // Before the series, in the order in which a greeting takes them: else each could wait for the other.
    const isDoubtful = await isLeaseDoubtful(scope, queueLetter, question.day)
    const inSeries = await lockSeries(scope, queueLetter, question.day)
    const before = await readBlock(scope, question.blockId)
    if (before !== undefined) {
      const same = before.station_id === question.stationId && before.clinic_id === question.clinicId
      // The first answer may have been lost before the witness knew of it.
      position = await leasePosition(scope)
      return same && before.day === question.day
        ? { ok: true, value: blockOf(question, before.first_number, before.last_number) }
        : { ok: false, error: 'block-of-another' }
    }
    if (isDoubtful) return { ok: false, error: 'numbers-in-doubt' }
    const next = Math.max(inSeries, await nextAboveKnown(scope, queueLetter, question.day))
    const last = Math.min(next + question.count - 1, highestNumber)
    if (next > last) return { ok: false, error: 'series-exhausted' }
    await writeBlock(scope, question, { queueLetter, first: next, last })
    position = await countLease(scope)
    return { ok: true, value: blockOf(question, next, last) }
  })
  // Before the station hears of it: a lease that nobody can use yet may be forgotten.
  if (outcome.ok) await witness.note(caller.tenantId, position)
  return outcome
}

function blockOf({ blockId, clinicId, day }: LeaseQuestion, first: number, last: number): NumberBlock {
  return { blockId, clinicId, day, first, last }
}

async function lockSeries(scope: TenantScope, queueLetter: string, day: string): Promise<number> {
  await scope.tx
    .insertInto('number_series')
    .values({ tenant_id: scope.tenantId, queue_letter: queueLetter, day, next_number: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const series = await scope.tx
    .selectFrom('number_series')
    .select('next_number')
    .where('tenant_id', '=', scope.tenantId)
    .where('queue_letter', '=', queueLetter)
    .where('day', '=', day)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return series.next_number
}

/**
 * The first number above every leased block and above every number that a patient has come with: a centre restored from
 * a backup has forgotten leases of since, but stations go on reporting what they gave out of them.
 */
async function nextAboveKnown(scope: TenantScope, queueLetter: string, day: string): Promise<number> {
  const { leased } = await scope.tx
    .selectFrom('number_block')
    .select(({ fn }) => fn.max('last_number').as('leased'))
    .where('tenant_id', '=', scope.tenantId)
    .where('queue_letter', '=', queueLetter)
    .where('day', '=', day)
    .executeTakeFirstOrThrow()
  return Math.max(leased ?? 0, await highestArrivedNumber(scope, queueLetter, day)) + 1
}

function readBlock(scope: TenantScope, blockId: string) {
  return scope.tx
    .selectFrom('number_block')
    .select(['station_id', 'clinic_id', 'day', 'first_number', 'last_number'])
    .where('tenant_id', '=', scope.tenantId)
    .where('block_id', '=', blockId)
    .executeTakeFirst()
}

async function writeBlock(
  scope: TenantScope,
  question: LeaseQuestion,
  { queueLetter, first, last }: { queueLetter: string; first: number; last: number },
): Promise<void> {
  await scope.tx
    .insertInto('number_block')
    .values({
      tenant_id: scope.tenantId,
      block_id: question.blockId,
      station_id: question.stationId,
      clinic_id: question.clinicId,
      queue_letter: queueLetter,
      day: question.day,
      first_number: first,
      last_number: last,
      leased_at: new Date(scope.nowMs),
    })
    .execute()
  await scope.tx
    .updateTable('number_series')
    .set({ next_number: last + 1 })
    .where('tenant_id', '=', scope.tenantId)
    .where('queue_letter', '=', queueLetter)
    .where('day', '=', question.day)
    .execute()
  await recordAudit(scope, { action: 'numbers-leased', objectKind: 'number-block', objectId: question.blockId })
}
