import type { Reach } from '../access/reach.ts'
import type { Actor } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'

/** Whose rows a piece of work touches, on whose behalf, and when. */
export interface Caller {
  tenantId: string
  actor: Actor
  nowMs: number
  /** How far a person sees in this call, by the policy table; left out by machines. A person without one sees nothing. */
  reach?: Reach | undefined
}

/** One transaction of a caller; sees and writes what the caller reaches in their tenant only. */
export interface TenantScope extends Caller {
  tx: TenantTx
}

/** The outcome of an operation: what it made, or why it did nothing at all. */
export type Outcome<Value, Refusal extends string> = { ok: true; value: Value } | { ok: false; error: Refusal }

/** Carries a refusal past the end of its transaction, which it must undo. */
class RefusedInside extends Error {
  override name = 'RefusedInside'
}

/** Runs an operation in one transaction of the caller's tenant; a refusal leaves no trace in the database. */
export async function inScope<Value, Refusal extends string>(
  db: CentreDb,
  caller: Caller,
  work: (scope: TenantScope) => Promise<Outcome<Value, Refusal>>,
): Promise<Outcome<Value, Refusal>> {
  let refusal: Outcome<Value, Refusal> | undefined
  try {
    return await inTenant(db, caller, async (tx) => {
      const outcome = await work({ ...caller, tx })
      if (outcome.ok) return outcome
      refusal = outcome
      throw new RefusedInside()
    })
  } catch (error) {
    if (error instanceof RefusedInside && refusal !== undefined) return refusal
    throw error
  }
}
