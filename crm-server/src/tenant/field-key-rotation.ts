import { sql } from 'kysely'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import { addTenantKey, type FieldKeyRing, fieldKeysOf } from './field-keys.ts'
import type { FieldPlace } from './field-seal.ts'
import { indexedColumns, sealedColumns } from './protected-column.ts'
import { indexNextAnew, sealNextAnew } from './sealing-anew.ts'
import { deleteKeysBefore, type KeyPurpose, lockTenantKeys, readTenantKeys } from './tenant-key-store.ts'

/** What changing keys works with. */
export interface KeyRotationDeps {
  db: CentreDb
  keys: FieldKeyRing
  /** Told after every step that is durable, in words. */
  onStep?: ((step: string) => void) | undefined
  /** Told of values that do not open: somebody changed them, or put them there from elsewhere. */
  onBroken: (places: readonly FieldPlace[]) => void
}

/** While one long transaction holds the keys, nobody else should wait for it behind us: then it is tried again later. */
const lockPatience = '5s'

/** Gives a hospital a new key; from now on everything new is sealed or indexed by it. Changing over is `settleKeys`. */
export async function drawNewKey({ db, keys, onStep }: KeyRotationDeps, tenantId: string, purpose: KeyPurpose) {
  await inTenant(db, tenantId, async (tx) => {
    await sql`select set_config('lock_timeout', ${lockPatience}, true)`.execute(tx)
    await lockTenantKeys(tx, tenantId)
    const newest = (await readTenantKeys(tx, tenantId)).find((key) => key.purpose === purpose)
    await addTenantKey(keys, { tx, tenantId }, { purpose, keyId: (newest?.keyId ?? 0) + 1 })
  })
  onStep?.(`${purpose}: a new key`)
}

/**
 * Brings everything of a hospital under its newest keys and forgets the older ones (密钥轮换). It may be ended at any moment and
 * goes on where it was: what is under an older key says so itself. A key is forgotten only when nothing is under it.
 */
export async function settleKeys(
  deps: KeyRotationDeps,
  tenantId: string,
  isStopping: () => boolean = () => false,
): Promise<void> {
  for (const purpose of ['field', 'index'] as const) {
    const keyId = await newestIfOlderOnes(deps, tenantId, purpose)
    if (keyId === null || !(await changeOver(deps, tenantId, purpose, isStopping))) continue
    await inTenant(deps.db, tenantId, (tx) => deleteKeysBefore(tx, tenantId, { purpose, keyId }))
    deps.onStep?.(`${purpose}: everything is under key ${keyId}, the older ones are gone`)
  }
}

/** The number of the newest key when there are older ones, else null. */
async function newestIfOlderOnes(
  { db, keys }: KeyRotationDeps,
  tenantId: string,
  purpose: KeyPurpose,
): Promise<number | null> {
  return await inTenant(db, tenantId, async (tx) => {
    const held = (await readTenantKeys(tx, tenantId)).filter((key) => key.purpose === purpose)
    const [only] = held
    if (only === undefined || (held.length === 1 && only.keyId > 0)) return null
    return (await fieldKeysOf(keys, { tx, tenantId })).newest[purpose]
  })
}

/** True when every value of the purpose is under the newest key. */
async function changeOver(
  deps: KeyRotationDeps,
  tenantId: string,
  purpose: KeyPurpose,
  isStopping: () => boolean,
): Promise<boolean> {
  const columns =
    purpose === 'field'
      ? sealedColumns.map((column) => ({ column, next: sealNextAnew.bind(null, deps, tenantId, column) }))
      : indexedColumns.map((column) => ({ column, next: indexNextAnew.bind(null, deps, tenantId, column) }))
  let whole = true
  for (const { column, next } of columns) {
    let after: readonly string[] | null = null
    do {
      if (isStopping()) return false
      const portion: Awaited<ReturnType<typeof next>> = await next(after)
      after = portion.after
      whole &&= portion.broken.length === 0
      if (portion.broken.length > 0) deps.onBroken(portion.broken)
      if (portion.done > 0) deps.onStep?.(`${column.table}.${column.column}: ${portion.done} values anew`)
    } while (after !== null)
  }
  return whole
}

/** A change of keys is ordered once a year; what a kill left unfinished goes on within the hour, and at every start. */
const settleEveryMs = 3_600_000

/** Finishes changes of keys that were begun, for every hospital. */
export function startKeySettling(deps: KeyRotationDeps & { onFault: (error: unknown) => void }): CentreLoop {
  return startCentreLoop({
    everyMs: settleEveryMs,
    onFault: deps.onFault,
    work: async (isStopping) => {
      for (const tenantId of await tenantIds(deps.db)) await settleKeys(deps, tenantId, isStopping)
    },
  })
}
