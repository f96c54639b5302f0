import type { DuplicateRow, MergeRow } from '@yizhan/contracts/customer-merge'
import { duplicateLikelyFrom, duplicateListedFrom, duplicateScore } from '@yizhan/rules/customer/duplicate-score'
import { z } from 'zod'
import { fieldMask } from '../access/field-mask.ts'
import { recordAudit, recordRead } from '../audit/audit.ts'
import { inTenant } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { fieldKeysOf } from '../tenant/field-keys.ts'
import type { Caller, Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { readDetails, readPersons, type StoredPerson } from './customer-store.ts'
import { candidatesFor, comparedPersons, dismissPair, openMerges, openPairs, replacePairs } from './duplicate-store.ts'
import { isDocument, type StoredDetail, showDetail } from './person-detail.ts'
import { type CustomerDeps, inPersonScope } from './person-scope.ts'

/** A file in an ordinary hospital is like a handful of others; a phone that a hundred share is a desk's own. */
const mostCandidates = 50
/** More than a day's work of one member of staff. */
const mostPairsShown = 200

/**
 * Finds the files that may be of the same person as one file, and puts them on the list for staff; pairs that staff called two
 * persons stay off it. Runs in the transaction of the write that it follows.
 */
export async function noteDuplicates(scope: TenantScope, personId: string): Promise<void> {
  const candidates = await candidatesFor(scope, personId, mostCandidates)
  const compared = await comparedPersons(scope, [personId, ...candidates])
  const self = compared.get(personId)
  if (self === undefined) return
  const pairs = candidates.flatMap((otherId) => {
    const other = compared.get(otherId)
    if (other === undefined) return []
    const found = duplicateScore(self, other)
    return found.score >= duplicateListedFrom ? [{ otherId, ...found }] : []
  })
  await replacePairs(scope, personId, pairs)
}

/** The pairs that staff have not decided on, the most alike first, and the merges that can be undone, the latest first. */
export async function listDuplicates(
  { db, keys }: CustomerDeps,
  caller: Caller,
): Promise<{ rows: DuplicateRow[]; merges: MergeRow[] }> {
  const { tenantId } = caller
  return await inTenant(db, caller, async (tx) => {
    const pairs = await openPairs(tx, tenantId, mostPairsShown)
    const merged = await openMerges(tx, tenantId, mostPairsShown)
    const ids = new Set([
      ...pairs.flatMap((pair) => [pair.one_id, pair.other_id]),
      ...merged.flatMap(({ survivor_id, merged_id }) => [survivor_id, merged_id]),
    ])
    const persons = new Map((await readPersons(tx, tenantId, [...ids])).map((row) => [row.person_id, row]))
    const details = Map.groupBy(await readDetails(tx, tenantId, [...ids]), (row) => row.person_id)
    const fields = await fieldKeysOf(keys, { tx, tenantId })
    const mask = fieldMask(caller, 'customer')
    const side = (person: StoredPerson) => {
      const shown = (is: (detail: StoredDetail) => boolean) => {
        const detail = details.get(person.person_id)?.find(is)
        return detail === undefined ? null : showDetail(fields, mask, detail)
      }
      return {
        personId: person.person_id,
        nameShown: mask('name', person.name),
        sex: person.sex,
        birthDate: person.birth_date,
        phoneShown: shown(({ kind }) => kind === 'phone'),
        documentShown: shown(({ kind }) => isDocument(kind)),
        state: person.state,
        version: person.version,
        createdAt: person.created_at,
      }
    }
    const seen = { objectKind: 'person-list', objectId: tenantId, shown: [...persons.keys()] }
    await recordRead(tx, caller, { ...seen, action: 'duplicates-read' })
    return {
      rows: pairs.flatMap(({ one_id: oneId, other_id: otherId, score, reasons, doubts }) => {
        const [one, other] = [persons.get(oneId), persons.get(otherId)]
        if (one === undefined || other === undefined) return []
        return [{ one: side(one), other: side(other), score, isLikely: score >= duplicateLikelyFrom, reasons, doubts }]
      }),
      merges: merged.map((row) => ({
        mergeId: row.merge_id,
        survivorId: row.survivor_id,
        survivorShown: mask('name', persons.get(row.survivor_id)?.name ?? ''),
        mergedId: row.merged_id,
        mergedShown: mask('name', persons.get(row.merged_id)?.name ?? ''),
        at: row.merged_at,
        byName: row.merged_by_name,
      })),
    }
  })
}

/** Notes that two files are two persons'; the pair is not listed again, whatever is written in them. */
export async function dismissDuplicate(
  deps: CustomerDeps,
  caller: Caller,
  input: { oneId: string; otherId: string; operationId: string },
): Promise<Outcome<{ dismissedAt: number }, 'person-unknown' | OperationReused>> {
  const answer = z.strictObject({ dismissedAt: z.int() })
  const operation = { operationId: input.operationId, call: 'dismiss-duplicate', input, answer }
  const persons = { resource: 'customer' as const, personIds: [input.oneId, input.otherId] }
  return await inPersonScope(deps, caller, persons, (scope) =>
    once(scope, operation, async () => {
      if (input.oneId === input.otherId) return { ok: false, error: 'person-unknown' }
      await dismissPair(scope, input.oneId, input.otherId)
      await recordAudit(scope, {
        action: 'duplicate-dismissed',
        objectKind: 'person',
        objectId: `${input.oneId}/${input.otherId}`,
      })
      return { ok: true, value: { dismissedAt: scope.nowMs } }
    }),
  )
}
