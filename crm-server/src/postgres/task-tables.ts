import type { Role } from '@yizhan/contracts/access'
import type { NoticeSubject } from '@yizhan/contracts/notice'
import type { TodoEntry, TodoObject, TodoPriority, TodoState, TodoSubject } from '@yizhan/contracts/todo'
import type { GeneratedAlways } from 'kysely'
import type { Defaulted, Json, Moment, MomentOrNull } from './column-types.ts'

/** What the modules tell each other. */
export interface ModuleEventTable {
  tenant_id: string
  event_id: string
  position: GeneratedAlways<number>
  name: string
  version: number
  object_id: string
  body: Json<Record<string, unknown>>
  occurred_at: Moment
  actor_kind: 'user' | 'station' | 'system'
  actor_id: string
  request_id: string
}

/** Who has still to hear of an event, has heard of it, or failed at it for good. */
export interface EventDeliveryTable {
  tenant_id: string
  consumer: string
  event_id: string
  object_id: string
  position: number
  state: 'pending' | 'delivered' | 'dead'
  attempts: Defaulted<number>
  next_try_at: Moment
  reason: string | null
  settled_at: MomentOrNull
}

/** Stations of which it was told that they are offline. */
export interface StationAbsenceTable {
  tenant_id: string
  station_id: string
  since: Moment
}

/** To-dos. */
export interface TodoTable {
  tenant_id: string
  todo_id: string
  subject: Json<TodoSubject>
  object_kind: TodoObject['kind'] | null
  object_id: string | null
  assignee_user_id: string | null
  assignee_role: Role | null
  assignee_department_id: string | null
  priority: TodoPriority
  due_at: MomentOrNull
  state: TodoState
  cause: string | null
  made_by_name: string
  made_at: Moment
  handled_by: string[]
  closed_at: MomentOrNull
  version: Defaulted<number>
}

/** The history of to-dos. */
export interface TodoEntryTable {
  tenant_id: string
  todo_id: string
  entry_id: string
  version: number
  at: Moment
  by_name: string
  what: TodoEntry['what']
  to_user_id: string | null
  to_role: Role | null
  to_department_id: string | null
  note: string
}

/** Notices to staff. */
export interface NoticeTable {
  tenant_id: string
  notice_id: string
  subject: Json<NoticeSubject>
  by_name: string
  made_by: string
  made_at: Moment
  published_from: Moment
  published_until: MomentOrNull
  must_acknowledge: boolean
  to_everyone: boolean
  to_roles: Role[]
  to_department_ids: string[]
  to_user_ids: string[]
  withdrawn_at: MomentOrNull
  cause: string | null
}

/** Who has read a notice. */
export interface NoticeReceiptTable {
  tenant_id: string
  notice_id: string
  user_id: string
  read_at: Moment
  acknowledged_at: MomentOrNull
}
