import type { MergeableField } from '@yizhan/contracts/customer-record'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import type { TakenFields } from '../postgres/customer-tables.ts'
import { inTenant } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import { inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { columnOfField, lockPersons, type StoredPerson, updatePerson } from './customer-store.ts'
import { noteDuplicates } from './duplicate.ts'
import {
  insertMerge,
  laterMergesOf,
  lockMerge,
  markUndone,
  moveRows,
  readMergedIds,
  replaceTaken,
  returnRows,
  type StoredMerge,
} from './merge-store.ts'
import { type CustomerDeps, inPersonScope, type NamedCaller, overPersons } from './person-scope.ts'

/** Which two files become one, as they were when staff compared them. */
interface MergeQuestion {
  survivorId: string
  mergedId: string
  survivorVersion: number
  mergedVersion: number
  /** The fields that the survivor takes from the other file. */
  take: MergeableField[]
  operationId: string
}

/** Why two files stayed two. */
export type MergeRefusal = 'person-unknown' | 'person-changed' | 'same-person' | 'already-merged' | 'person-erased'

/**
 * Makes two files of one person one (合并): everything that belongs to the one that goes moves to the survivor, and the log keeps
 * what moved, so that `undoMerge` can take it back. Both files are named with the versions that staff compared.
 */
export async function mergePersons(
  deps: CustomerDeps,
  caller: NamedCaller,
  input: MergeQuestion,
): Promise<Outcome<{ mergeId: string }, MergeRefusal | OperationReused>> {
  const { survivorId, mergedId } = input
  if (survivorId === mergedId) return { ok: false, error: 'same-person' }
  const answer = z.strictObject({ mergeId: z.string() })
  const operation = { operationId: input.operationId, call: 'merge-persons', input, answer }
  const persons = { resource: 'customer' as const, personIds: [survivorId, mergedId] }
  return await inPersonScope(deps, caller, persons, (scope) =>
    once(scope, operation, async () => {
      const locked = await lockPersons(scope, [survivorId, mergedId])
      const [survivor, merged] = [locked.get(survivorId), locked.get(mergedId)]
      if (survivor === undefined || merged === undefined) return { ok: false, error: 'person-unknown' }
      const refusal = mergeRefusal(survivor, merged, input)
      if (refusal !== null) return { ok: false, error: refusal }
      return { ok: true, value: { mergeId: await carryOver(scope, survivor, merged, input.take, caller.byName) } }
    }),
  )
}

function mergeRefusal(survivor: StoredPerson, merged: StoredPerson, input: MergeQuestion): MergeRefusal | null {
  if (survivor.merged_into !== null || merged.merged_into !== null) return 'already-merged'
  if (survivor.state === 'erased' || merged.state === 'erased') return 'person-erased'
  const same = survivor.version === input.survivorVersion && merged.version === input.mergedVersion
  return same ? null : 'person-changed'
}

async function carryOver(
  scope: TenantScope,
  survivor: StoredPerson,
  merged: StoredPerson,
  take: readonly MergeableField[],
  byName: string,
): Promise<string> {
  const mergeId = newId(scope.nowMs)
  const taken = takenFrom(survivor, merged, take)
  const moved = await moveRows(scope, { from: merged.person_id, to: survivor.person_id })
  await updatePerson(
    scope,
    survivor.person_id,
    Object.fromEntries(Object.entries(taken).map(([column, { after }]) => [column, after])),
  )
  await updatePerson(scope, merged.person_id, { merged_into: survivor.person_id })
  await insertMerge(scope, {
    mergeId,
    survivorId: survivor.person_id,
    mergedId: merged.person_id,
    moved,
    taken,
    byName,
  })
  await noteDuplicates(scope, merged.person_id)
  await noteDuplicates(scope, survivor.person_id)
  await recordAudit(scope, {
    action: 'persons-merged',
    objectKind: 'person',
    objectId: `${survivor.person_id}/${merged.person_id}`,
  })
  return mergeId
}

/** How well a person is known by their state; the file that stays is as well known as the better of the two. */
const standingOf = { prospect: 0, registered: 1, dormant: 2, active: 3, deceased: 4, erased: 5 } as const

function takenFrom(survivor: StoredPerson, merged: StoredPerson, take: readonly MergeableField[]): TakenFields {
  const columns: (keyof StoredPerson)[] = take.map((field) => columnOfField[field])
  if (standingOf[merged.state] > standingOf[survivor.state]) columns.push('state')
  // Who looks after the merged file keeps seeing it where nobody looks after the other.
  for (const column of ['department_id', 'doctor_staff_id', 'carer_staff_id', 'site_id'] as const)
    if (survivor[column] === null && !columns.includes(column)) columns.push(column)
  return Object.fromEntries(
    columns
      .filter((column) => JSON.stringify(survivor[column]) !== JSON.stringify(merged[column]))
      .map((column) => [column, { before: survivor[column], after: merged[column] }]),
  )
}

/** Why a merge was not taken back. */
export type UnmergeRefusal = 'merge-unknown' | 'already-undone' | 'survivor-merged' | 'person-erased'

/**
 * Takes a merge back (撤销合并): what moved returns, however it was edited since; what was added to the survivor afterwards stays
 * there, and of the fields that it took those that nobody changed since are as they were.
 */
export async function undoMerge(
  deps: CustomerDeps,
  caller: NamedCaller,
  input: { mergeId: string; operationId: string },
): Promise<Outcome<{ undoneAt: number }, UnmergeRefusal | OperationReused>> {
  const { tenantId } = caller
  const known = await inTenant(deps.db, caller, (tx) => readMergedIds(tx, tenantId, input.mergeId))
  if (known === null) return { ok: false, error: 'merge-unknown' }
  const answer = z.strictObject({ undoneAt: z.int() })
  const operation = { operationId: input.operationId, call: 'undo-merge', input, answer }
  return await inScope(deps.db, overPersons(caller), (scope) =>
    once(scope, operation, async () => {
      const locked = await lockPersons(scope, [known.survivorId, known.mergedId])
      const merge = await lockMerge(scope, input.mergeId)
      const [survivor, merged] = [locked.get(known.survivorId), locked.get(known.mergedId)]
      if (merge === null || survivor === undefined || merged === undefined) return { ok: false, error: 'merge-unknown' }
      if (merge.undone_at !== null) return { ok: false, error: 'already-undone' }
      if (survivor.merged_into !== null) return { ok: false, error: 'survivor-merged' }
      if (survivor.state === 'erased' || merged.state === 'erased') return { ok: false, error: 'person-erased' }
      await takeBack(scope, merge, survivor, caller.byName)
      return { ok: true, value: { undoneAt: scope.nowMs } }
    }),
  )
}

async function takeBack(scope: TenantScope, merge: StoredMerge, survivor: StoredPerson, byName: string): Promise<void> {
  await returnRows(scope, merge.moved, { from: merge.survivor_id, to: merge.merged_id })
  await markUndone(scope, merge.merge_id, byName)
  const columns: [string, unknown][] = []
  const later = await laterMergesOf(scope, merge)
  for (const [column, { before, after }] of Object.entries(merge.taken)) {
    if (isSame(survivor[column as keyof StoredPerson], after)) columns.push([column, before])
    // Taken over by a later merge: that one gives back, when it is undone, what was there before this one.
    const next = later.find(({ taken }) => isSame(taken[column]?.before, after))
    if (next !== undefined) await replaceTaken(scope, next, column, before)
  }
  await updatePerson(scope, merge.survivor_id, Object.fromEntries(columns))
  await updatePerson(scope, merge.merged_id, { merged_into: null })
  await noteDuplicates(scope, merge.merged_id)
  await noteDuplicates(scope, merge.survivor_id)
  await recordAudit(scope, {
    action: 'merge-undone',
    objectKind: 'person',
    objectId: `${merge.survivor_id}/${merge.merged_id}`,
  })
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
