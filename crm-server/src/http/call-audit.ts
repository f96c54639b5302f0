import type { Visitor } from '../access/access-port.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CentreDb } from '../postgres/database.ts'
import type { FieldPlace } from '../tenant/field-seal.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'

/** A call that was not carried out: refused by the policy table (403), or about something that the caller does not see (404). */
interface RefusedCall {
  call: string
  status: 403 | 404
  input: unknown
}

/** Writes down in the caller's own hospital that a call was not carried out; of its input only the first id that it names. */
export async function noteRefusal(db: CentreDb, caller: Caller, { call, status, input }: RefusedCall): Promise<void> {
  const about = firstId(input)
  await note(db, caller, `call-refused-${status}`, about === null ? call : `${call}/${about}`)
}

/** Writes down every call that a group auditor makes in a hospital: they come from outside, and read. */
export async function noteVisit(db: CentreDb, caller: Caller, visitor: Visitor, call: string): Promise<void> {
  if (visitor.kind !== 'member' || !visitor.who.roles.includes('group-auditor')) return
  await note(db, caller, 'group-audited', call)
}

/** Writes down the alarm that a sealed value does not belong where it is (密文异常): which row and column, never what it holds. */
export async function noteDamage(db: CentreDb, caller: Caller, { table, column, rowId }: FieldPlace): Promise<void> {
  await inScope(db, caller, async (scope) => {
    await recordAudit(scope, { action: 'protected-field-damaged', objectKind: `${table}.${column}`, objectId: rowId })
    return { ok: true, value: null }
  })
}

async function note(db: CentreDb, caller: Caller, action: string, objectId: string): Promise<void> {
  await inScope(db, caller, async (scope) => {
    await recordAudit(scope, { action, objectKind: 'call', objectId })
    return { ok: true, value: null }
  })
}

const idText = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The first id in an input beside the key of the operation; null when it names none. What is no id is never written down. */
function firstId(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  const named = Object.entries(input).find(
    ([name, value]) => name !== 'operationId' && typeof value === 'string' && idText.test(value),
  )
  return typeof named?.[1] === 'string' ? named[1] : null
}
