import type { AuditQuestion } from '@yizhan/contracts/audit'
import { addDays } from '@yizhan/rules/working-time/hospital-time'

/** What the page of the audit trail shows, as its address says it; null leaves a choice open. */
export interface AuditFilter {
  actorId: string | null
  action: string | null
  verb: 'read' | 'write' | null
  objectId: string
  /** Days of the hospital, both included. */
  from: string | null
  to: string | null
  /** Behind which row the page begins; null for the youngest. */
  after: { at: number; auditId: string } | null
}

/** Everything, the youngest first. */
export const wholeTrail: AuditFilter = {
  actorId: null,
  action: null,
  verb: null,
  objectId: '',
  from: null,
  to: null,
  after: null,
}

/** The filter of an address's query; anything that is no filter is left out. */
export function readAuditFilter(query: Readonly<Record<string, string>>): AuditFilter {
  const { who, action, verb, object, from, to, after } = query
  const [, at, auditId] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(after ?? '') ?? []
  return {
    actorId: who || null,
    action: action !== undefined && /^[a-z0-9-]{1,60}$/.test(action) ? action : null,
    verb: verb === 'read' || verb === 'write' ? verb : null,
    objectId: (object ?? '').trim().slice(0, 100),
    from: dayOf(from),
    to: dayOf(to),
    after: at === undefined || auditId === undefined ? null : { at: Number(at), auditId },
  }
}

/** The address of a filter; the whole trail is the bare page. */
export function auditAddress(filter: AuditFilter): string {
  const query = new URLSearchParams()
  const set = (name: string, value: string | null) => {
    if (value !== null && value !== '') query.set(name, value)
  }
  set('who', filter.actorId)
  set('action', filter.action)
  set('verb', filter.verb)
  set('object', filter.objectId)
  set('from', filter.from)
  set('to', filter.to)
  set('after', filter.after === null ? null : `${filter.after.at}.${filter.after.auditId}`)
  const text = query.toString()
  return text === '' ? '/admin/audit' : `/admin/audit?${text}`
}

/** The question that a filter asks of the centre; `startOf` is the first moment of a day of the hospital. */
export function auditQuestionOf(filter: AuditFilter, startOf: (day: string) => number): AuditQuestion {
  const { actorId, action, verb, objectId, from, to, after } = filter
  return {
    ...(actorId === null ? {} : { actorId }),
    ...(action === null ? {} : { action }),
    ...(verb === null ? {} : { verb }),
    ...(objectId === '' ? {} : { objectId }),
    ...(from === null ? {} : { from: startOf(from) }),
    ...(to === null ? {} : { to: startOf(addDays(to, 1)) }),
    ...(after === null ? {} : { after }),
  }
}

function dayOf(text: string | undefined): string | null {
  return text !== undefined && /^[12]\d{3}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null
}
