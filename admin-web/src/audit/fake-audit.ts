import type { AuditFinding, AuditQuestion, AuditRow, AuditState } from '@yizhan/contracts/audit'
import type { CentreClient } from '../shell/admin-services.ts'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
const rowsPerPage = 50

const people = [
  { actorId: 'u-front', name: '前台 示范' },
  { actorId: 'u-admin', name: '管理员 示范' },
]

const happenings = [
  { verb: 'read', action: 'day-board-read', objectKind: 'day', objectId: '2026-11-22', person: 0 },
  { verb: 'write', action: 'booking-created', objectKind: 'booking', objectId: uuid(1), person: 0 },
  { verb: 'write', action: 'booking-cancelled', objectKind: 'booking', objectId: uuid(2), person: 0 },
  { verb: 'write', action: 'arrival-recorded', objectKind: 'booking', objectId: uuid(3), person: null },
  { verb: 'read', action: 'slips-read', objectKind: 'day', objectId: '2026-11-22', person: 1 },
  { verb: 'write', action: 'station-revoked', objectKind: 'station', objectId: uuid(4), person: 1 },
  { verb: 'write', action: 'signed-in', objectKind: 'account', objectId: 'u-admin', person: 1 },
  { verb: 'write', action: 'call-refused-403', objectKind: 'call', objectId: 'fleet.revoke', person: 0 },
] as const

function fakeRow(nowMs: number, nth: number): AuditRow {
  const happening = happenings[nth % happenings.length] ?? happenings[0]
  const who = happening.person === null ? undefined : people[happening.person]
  const station = uuid(265)
  return {
    auditId: uuid(900_000 - nth),
    at: nowMs - nth * minuteMs,
    stationAt: who === undefined ? nowMs - nth * minuteMs - 2_000 : null,
    actorKind: who === undefined ? 'station' : 'user',
    actorId: who?.actorId ?? station,
    actorName: who?.name ?? null,
    roles: who === undefined ? [] : [happening.person === 0 ? 'front-desk' : 'administrator'],
    verb: happening.verb,
    action: happening.action,
    objectKind: happening.objectKind,
    objectId: happening.objectId,
    shownCount: happening.verb === 'read' ? 12 : null,
    reason: happening.action === 'station-revoked' ? '设备返修' : null,
    stationId: who === undefined ? station : null,
    requestId: uuid(800_000 + nth),
    sealed: nth > 0,
  }
}

/** What these calls read of the centre in memory. */
interface Held {
  now: number
  auditFindings: AuditFinding[]
}

type Answering = <Input, Output>(
  call: string,
  answer: (centre: Held, input: Input | undefined) => Output,
) => (input?: Input, ..._rest: unknown[]) => Promise<Output>

/** The calls about the audit trail, as the centre would answer them. */
export function fakeAudit(answering: Answering): CentreClient['audit'] {
  return {
    list: answering('audit.list', ({ now }, input: AuditQuestion | undefined) => fakeTrail(now, input ?? {})),
    state: answering('audit.state', ({ now, auditFindings }) => fakeTrailState(now, auditFindings)),
  }
}

/** Two pages of a trail, narrowed down as the centre does. */
function fakeTrail(nowMs: number, question: AuditQuestion) {
  const { actorId, objectId, action, verb, from, to, after } = question
  const rows = Array.from({ length: 80 }, (_, nth) => fakeRow(nowMs, nth))
    .filter((row) => actorId === undefined || row.actorId === actorId)
    .filter((row) => objectId === undefined || row.objectId === objectId)
    .filter((row) => action === undefined || row.action === action)
    .filter((row) => verb === undefined || row.verb === verb)
    .filter((row) => (from === undefined || row.at >= from) && (to === undefined || row.at < to))
    .filter((row) => after === undefined || row.at < after.at)
  const page = rows.slice(0, rowsPerPage)
  const last = page.at(-1)
  const next = rows.length > rowsPerPage && last !== undefined ? { at: last.at, auditId: last.auditId } : null
  return { rows: page, next, asOf: nowMs }
}

/** A chain that was walked in the night, with these findings. */
function fakeTrailState(nowMs: number, findings: readonly AuditFinding[]): AuditState {
  return {
    sealedUntil: nowMs - 4_000,
    sealedRows: 18_240,
    waitingRows: 1,
    check: { at: nowMs - 600 * minuteMs, rows: 18_003, findings: [...findings] },
    damagedFields: findings.length,
    people: [...people],
    actions: [...new Set(happenings.map(({ action }) => action))].sort(),
    asOf: nowMs,
  }
}
