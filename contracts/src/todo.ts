import { oc } from '@orpc/contract'
import { z } from 'zod'
import { roles } from './access.ts'
import { conflictKinds, personName } from './appointment.ts'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { instantMs } from './time.ts'

/** Where a to-do (待办) stands. Forwarding (转交) leaves it open, with somebody else, and is told in its history. */
export const todoStates = ['open', 'done', 'cancelled'] as const
export type TodoState = (typeof todoStates)[number]

/** How pressing it is. */
export const todoPriorities = ['urgent', 'normal', 'low'] as const
export type TodoPriority = (typeof todoPriorities)[number]

/** A line that a person wrote: the title of a to-do, or of a notice. */
export const writtenTitle = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}]+$/u)

/** What is to be done: in somebody's words, or something the centre noticed, which the page puts into words. */
export const todoSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('written'), title: writtenTitle, body: z.string().max(2000) }),
  z.strictObject({ kind: z.literal('arrival-conflict'), bookingId: id, conflicts: z.array(z.enum(conflictKinds)) }),
])
export type TodoSubject = z.infer<typeof todoSubject>

/** What a to-do is about, for a link to its page. */
export const todoObject = z.strictObject({ kind: z.enum(['booking', 'station']), id })
export type TodoObject = z.infer<typeof todoObject>

const person = { kind: z.literal('person'), userId: z.string().min(1).max(64) }
const role = { kind: z.literal('role'), role: z.enum(roles) }
const department = { kind: z.literal('department'), departmentId: id }

/** Whose a to-do is: one person's, or that of everybody of a role or a department. */
export const todoAssignee = z.discriminatedUnion('kind', [
  z.strictObject(person),
  z.strictObject(role),
  z.strictObject(department),
])
export type TodoAssignee = z.infer<typeof todoAssignee>

/** The same with the names that a page shows. */
export const namedAssignee = z.discriminatedUnion('kind', [
  z.strictObject({ ...person, name: z.string() }),
  z.strictObject(role),
  z.strictObject({ ...department, name: localText }),
])
export type NamedAssignee = z.infer<typeof namedAssignee>

/** One to-do as its list shows it. */
export const todoRow = z.strictObject({
  todoId: id,
  subject: todoSubject,
  object: todoObject.nullable(),
  assignee: namedAssignee,
  priority: z.enum(todoPriorities),
  dueAt: instantMs.nullable(),
  state: z.enum(todoStates),
  /** Empty when the centre opened it by itself. */
  madeByName: z.string(),
  madeAt: instantMs,
  closedAt: instantMs.nullable(),
  version: z.int().min(1),
})
export type TodoRow = z.infer<typeof todoRow>

/** One line of a to-do's history, which is only ever added to. */
export const todoEntry = z.strictObject({
  entryId: id,
  at: instantMs,
  /** Empty for the centre itself. */
  byName: z.string(),
  what: z.enum(['opened', 'forwarded', 'done', 'cancelled']),
  to: namedAssignee.nullable(),
  note: z.string(),
})
export type TodoEntry = z.infer<typeof todoEntry>

const todoUnknown = { 'todo-unknown': { status: 404, message: 'No such to-do' } } as const
const todoChanged = {
  'todo-changed': { status: 409, message: 'Somebody else forwarded or closed it meanwhile' },
} as const
const assigneeUnknown = { 'assignee-unknown': { status: 404, message: 'No such person or department' } } as const
const note = z.string().max(500)

/** To-dos of the staff. */
export const todoContract = {
  /** `mine`: open ones of the caller, their roles and departments. `handled`: those that the caller made, forwarded or closed. */
  list: oc
    .input(z.strictObject({ view: z.enum(['mine', 'handled']) }))
    .output(z.strictObject({ todos: z.array(todoRow), asOf: instantMs })),
  counts: oc.output(z.strictObject({ open: z.int(), urgent: z.int(), overdue: z.int() })),
  history: oc
    .errors(todoUnknown)
    .input(z.strictObject({ todoId: id }))
    .output(z.strictObject({ entries: z.array(todoEntry) })),
  /** Everybody and every department that a to-do or a notice can go to. */
  addressees: oc.output(
    z.strictObject({
      people: z.array(z.strictObject({ userId: z.string(), name: personName })),
      departments: z.array(z.strictObject({ departmentId: id, name: localText })),
    }),
  ),
  create: oc
    .errors(assigneeUnknown)
    .input(
      z.strictObject({
        operationId,
        title: writtenTitle,
        body: z.string().max(2000),
        object: todoObject.nullable(),
        assignee: todoAssignee,
        priority: z.enum(todoPriorities),
        dueAt: instantMs.nullable(),
      }),
    )
    .output(z.strictObject({ todoId: id })),
  forward: oc
    .errors({ ...todoUnknown, ...todoChanged, ...assigneeUnknown })
    .input(z.strictObject({ operationId, todoId: id, version: z.int().min(1), to: todoAssignee, note }))
    .output(z.strictObject({ version: z.int() })),
  close: oc
    .errors({ ...todoUnknown, ...todoChanged })
    .input(
      z.strictObject({
        operationId,
        todoId: id,
        version: z.int().min(1),
        outcome: z.enum(['done', 'cancelled']),
        note,
      }),
    )
    .output(z.strictObject({ version: z.int() })),
}
