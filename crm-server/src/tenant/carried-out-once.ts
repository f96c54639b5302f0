import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { momentOf } from '../postgres/database.ts'
import type { Outcome, TenantScope } from './tenant-scope.ts'

/** One write call as its maker may repeat it. */
export interface Operation<Answer> {
  operationId: string
  call: string
  input: unknown
  answer: z.ZodType<Answer>
}

/** The same key came with another call or other content: a mistake of the caller that must not be answered as a retry. */
export type OperationReused = 'operation-reused'

/**
 * Carries `work` out once per operation id: a repeat gets the first answer again, and one that comes while the first is
 * still under way waits for it.
 */
export async function once<Answer, Refusal extends string>(
  scope: TenantScope,
  operation: Operation<Answer>,
  work: () => Promise<Outcome<Answer, Refusal>>,
): Promise<Outcome<Answer, Refusal | OperationReused>> {
  const inputDigest = createHash('sha256').update(JSON.stringify(operation.input)).digest()
  const key = { tenant_id: scope.tenantId, operation_id: operation.operationId }
  const begun = await scope.tx
    .insertInto('operation')
    .values({ ...key, call: operation.call, input_digest: inputDigest, answer: null, at: new Date(scope.nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (begun.numInsertedOrUpdatedRows === 0n) return await answerBefore(scope, operation, inputDigest)
  const outcome = await work()
  if (!outcome.ok) return outcome
  await scope.tx
    .updateTable('operation')
    .set({ answer: JSON.stringify(outcome.value) })
    .where('tenant_id', '=', key.tenant_id)
    .where('operation_id', '=', key.operation_id)
    .execute()
  return outcome
}

/** Forgets answers that were given before a moment, at most so many: nobody repeats a call after so long. */
export async function forgetOldAnswers(
  { tx, tenantId }: TenantScope,
  olderThanMs: number,
  limit: number,
): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('operation')
    .where('tenant_id', '=', tenantId)
    .where('operation_id', 'in', (old) =>
      old
        .selectFrom('operation')
        .select('operation.operation_id')
        .where('operation.tenant_id', '=', tenantId)
        .where('operation.at', '<', momentOf(olderThanMs))
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

async function answerBefore<Answer>(
  scope: TenantScope,
  operation: Operation<Answer>,
  inputDigest: Buffer,
): Promise<Outcome<Answer, OperationReused>> {
  const before = await scope.tx
    .selectFrom('operation')
    .select(['call', 'input_digest', 'answer'])
    .where('tenant_id', '=', scope.tenantId)
    .where('operation_id', '=', operation.operationId)
    .executeTakeFirstOrThrow()
  const same = before.call === operation.call && before.input_digest.equals(inputDigest)
  if (!same) return { ok: false, error: 'operation-reused' }
  return { ok: true, value: operation.answer.parse(before.answer) }
}
