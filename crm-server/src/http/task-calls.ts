import { countReplay, listConsumers, replayEvents, retryDelivery } from '../event/event-replay.ts'
import { listQueues, retryJobs, runJobNow } from '../job/job.ts'
import {
  countNotices,
  listPublished,
  listReceipts,
  noticeInbox,
  publishNotice,
  readNotice,
  withdrawNotice,
} from '../notice/notice.ts'
import type { CentreDb } from '../postgres/database.ts'
import { listAddressees } from '../todo/addressee.ts'
import { closeTodo, countTodos, createTodo, forwardTodo, listTodos, todoHistory } from '../todo/todo.ts'
import { reused, type StaffCalls, type StaffContext } from './staff-calls.ts'

/** The calls about to-dos. */
export function todoCalls({ todo }: StaffCalls, db: CentreDb) {
  return {
    list: todo.list.handler(async ({ input, context }) => ({
      todos: await listTodos(db, context.staff, input.view),
      asOf: context.staff.nowMs,
    })),
    counts: todo.counts.handler(({ context }) => countTodos(db, context.staff)),
    history: todo.history.handler(async ({ input, context, errors }) => {
      const outcome = await todoHistory(db, context.staff, input.todoId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { entries: outcome.value }
    }),
    addressees: todo.addressees.handler(({ context }) => listAddressees(db, context.staff)),
    create: todo.create.handler(async ({ input, context, errors }) => {
      const outcome = await createTodo(db, context.staff, input, nameOf(context))
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    forward: todo.forward.handler(async ({ input, context, errors }) => {
      const outcome = await forwardTodo(db, context.staff, input, nameOf(context))
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    close: todo.close.handler(async ({ input, context, errors }) => {
      const outcome = await closeTodo(db, context.staff, input, nameOf(context))
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}

/** The calls about notices. */
export function noticeCalls({ notice }: StaffCalls, db: CentreDb) {
  return {
    inbox: notice.inbox.handler(async ({ context }) => ({
      notices: await noticeInbox(db, context.staff),
      asOf: context.staff.nowMs,
    })),
    counts: notice.counts.handler(({ context }) => countNotices(db, context.staff)),
    read: notice.read.handler(async ({ input, context, errors }) => {
      const outcome = await readNotice(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    published: notice.published.handler(async ({ context }) => ({
      notices: await listPublished(db, context.staff),
      asOf: context.staff.nowMs,
    })),
    publish: notice.publish.handler(async ({ input, context, errors }) => {
      const outcome = await publishNotice(db, context.staff, input, nameOf(context))
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    withdraw: notice.withdraw.handler(async ({ input, context, errors }) => {
      const outcome = await withdrawNotice(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    receipts: notice.receipts.handler(async ({ input, context, errors }) => {
      const outcome = await listReceipts(db, context.staff, input.noticeId)
      if (!outcome.ok) throw errors[outcome.error]()
      return { receipts: outcome.value }
    }),
  }
}

/** The calls about background jobs. */
export function jobCalls({ job }: StaffCalls, db: CentreDb) {
  return {
    queues: job.queues.handler(async ({ context }) => ({
      ...(await listQueues(db, context.staff)),
      asOf: context.staff.nowMs,
    })),
    retry: job.retry.handler(async ({ input, context, errors }) => {
      const outcome = await retryJobs(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    runNow: job.runNow.handler(async ({ input, context, errors }) => {
      const outcome = await runJobNow(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}

/** The calls about events between modules. */
export function eventCalls({ event }: StaffCalls, db: CentreDb) {
  return {
    consumers: event.consumers.handler(async ({ context }) => ({
      ...(await listConsumers(db, context.staff)),
      asOf: context.staff.nowMs,
    })),
    retry: event.retry.handler(async ({ input, context, errors }) => {
      const outcome = await retryDelivery(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
    replayCount: event.replayCount.handler(async ({ input, context, errors }) => {
      const outcome = await countReplay(db, context.staff, input)
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
    replay: event.replay.handler(async ({ input, context, errors }) => {
      const outcome = await replayEvents(db, context.staff, input)
      if (outcome.ok) return outcome.value
      throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
    }),
  }
}

function nameOf({ visitor }: StaffContext): string {
  return visitor.kind === 'member' ? visitor.who.displayName : ''
}
