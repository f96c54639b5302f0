import type { DeadJob, JobQueue } from '@yizhan/contracts/job'
import type { ConsumerRow, DeadDelivery } from '@yizhan/contracts/module-event'
import type { NoticeReceipt, NoticeRow, PublishedNotice } from '@yizhan/contracts/notice'
import type { TodoEntry, TodoRow } from '@yizhan/contracts/todo'
import type { CentreClient } from '../shell/admin-services.ts'
import type { FakeCentre } from '../shell/fake-centre.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** To-dos, notices and jobs of a fake centre. */
export interface FakeTasks {
  todos: TodoRow[]
  handled: TodoRow[]
  notices: NoticeRow[]
  published: PublishedNotice[]
  queues: JobQueue[]
  deadJobs: DeadJob[]
  deadDeliveries: DeadDelivery[]
}

/** The work of a demo morning. */
export function fakeTasks(now: number): FakeTasks {
  return {
    todos: fakeTodos(now),
    handled: [{ ...written(now, 620, '核对明天的停诊名单'), state: 'done', closedAt: now - hourMs }],
    ...fakeNotices(now),
    queues: fakeQueues(now),
    deadJobs: [
      {
        jobId: uuid(640),
        kind: 'inbox-purge',
        begunAt: now - 3 * hourMs,
        failedAt: now - 2 * hourMs,
        attempts: 6,
        reason: 'DatabaseError: 57014',
      },
    ],
    deadDeliveries: [
      {
        consumer: 'desk-conflict-todo',
        eventId: uuid(650),
        name: 'appointment.conflict.noticed',
        occurredAt: now - 5 * hourMs,
        attempts: 8,
        reason: 'fault: 40001',
      },
    ],
  }
}

function written(now: number, n: number, title: string): TodoRow {
  return {
    todoId: uuid(n),
    subject: { kind: 'written', title, body: '名单在护士站，核对后请交回导诊台。' },
    object: null,
    assignee: { kind: 'department', departmentId: uuid(400), name: { 'zh-CN': '心内科', en: 'Cardiology' } },
    priority: 'normal',
    dueAt: now + 26 * hourMs,
    state: 'open',
    madeByName: '演示主任',
    madeAt: now - 3 * hourMs,
    closedAt: null,
    version: 1,
  }
}

function fakeTodos(now: number): TodoRow[] {
  const conflict: TodoRow = {
    ...written(now, 600, ''),
    subject: { kind: 'arrival-conflict', bookingId: uuid(300), conflicts: ['two-places'] },
    object: { kind: 'booking', id: uuid(300) },
    assignee: { kind: 'role', role: 'front-desk' },
    priority: 'urgent',
    dueAt: now - 4 * minuteMs,
    madeByName: '',
    madeAt: now - 14 * minuteMs,
  }
  const own: TodoRow = {
    ...written(now, 602, '回电话给登记处'),
    assignee: { kind: 'person', userId: 'u1', name: '演示管理员' },
    priority: 'low',
    dueAt: null,
  }
  return [conflict, written(now, 601, '核对本周加号名单'), own]
}

function fakeNotices(now: number): Pick<FakeTasks, 'notices' | 'published'> {
  const maintenance = {
    noticeId: uuid(630),
    subject: {
      kind: 'written' as const,
      title: '今晚 22:00 系统维护',
      body: '今晚 22:00 至 22:30 系统维护。\n自助机照常签到，管理台暂停使用。',
    },
    byName: '演示管理员',
    publishedFrom: now - 2 * hourMs,
    publishedUntil: now + 9 * hourMs,
    mustAcknowledge: true,
  }
  const alarm = {
    noticeId: uuid(631),
    subject: {
      kind: 'station-alarm' as const,
      stationId: uuid(275),
      stationName: { 'zh-CN': '大厅 K', en: 'Lobby K' },
      alarm: 'outbox-rewound' as const,
    },
    byName: '',
    publishedFrom: now - 5 * hourMs,
    publishedUntil: null,
    mustAcknowledge: true,
  }
  const older = {
    ...maintenance,
    noticeId: uuid(632),
    subject: { kind: 'written' as const, title: '新版签到须知', body: '请各科室知悉。' },
    publishedFrom: now - 50 * hourMs,
    publishedUntil: null,
    mustAcknowledge: false,
  }
  const unread = { readAt: null, acknowledgedAt: null }
  const everyone = { everyone: true, roles: [], departmentIds: [], userIds: [] }
  const counts = { withdrawnAt: null, addressed: 4, read: 1, acknowledged: 1 }
  return {
    notices: [
      { ...maintenance, ...unread },
      { ...alarm, ...unread },
      { ...older, readAt: now - 40 * hourMs, acknowledgedAt: null },
    ],
    published: [
      { ...maintenance, targets: everyone, ...counts },
      {
        ...alarm,
        targets: { ...everyone, everyone: false, roles: ['administrator'] },
        ...counts,
        addressed: 2,
        read: 0,
      },
    ],
  }
}

function fakeQueues(now: number): JobQueue[] {
  const queue = (kind: string, part: Partial<JobQueue>): JobQueue => ({
    kind,
    waiting: 0,
    running: 0,
    retrying: 0,
    dead: 0,
    lastDoneAt: now - 58 * minuteMs,
    lastTookMs: 140,
    cron: '7 * * * *',
    nextAt: now + 2 * minuteMs,
    ...part,
  })
  return [
    queue('feed-purge', {}),
    queue('inbox-purge', { cron: '17 * * * *', dead: 1, retrying: 1, lastDoneAt: now - 4 * hourMs, lastTookMs: 5_200 }),
    queue('device-history-purge', { cron: '27 * * * *', running: 1 }),
    queue('module-event-purge', { cron: '40 3 * * *', lastDoneAt: null, lastTookMs: null, nextAt: now + 13 * hourMs }),
  ]
}

const fakeReceipts = (now: number): NoticeReceipt[] => [
  { userId: 'u2', name: '演示医生甲', readAt: null, acknowledgedAt: null },
  { userId: 'u3', name: '演示护士', readAt: null, acknowledgedAt: null },
  { userId: 'u1', name: '演示管理员', readAt: now - hourMs, acknowledgedAt: now - hourMs },
]

const fakeHistory = (now: number): TodoEntry[] => [
  {
    entryId: uuid(610),
    at: now - 3 * hourMs,
    byName: '演示主任',
    what: 'opened',
    to: { kind: 'role', role: 'department-head' },
    note: '',
  },
  {
    entryId: uuid(611),
    at: now - hourMs,
    byName: '演示主任',
    what: 'forwarded',
    to: { kind: 'department', departmentId: uuid(400), name: { 'zh-CN': '心内科', en: 'Cardiology' } },
    note: '请科里核对',
  },
]

const fakeConsumers = (now: number, dead: number): ConsumerRow[] => [
  {
    consumer: 'desk-conflict-todo',
    hears: ['appointment.conflict.noticed'],
    waiting: 0,
    dead,
    oldestAt: null,
    lastDeliveredAt: now - 14 * minuteMs,
  },
  {
    consumer: 'station-alarm-notice',
    hears: ['fleet.alarm.raised'],
    waiting: 1,
    dead: 0,
    oldestAt: now - minuteMs,
    lastDeliveredAt: null,
  },
]

type Answering = <Input, Output>(
  call: string,
  answer: (centre: FakeCentre, input: Input | undefined) => Output,
) => (input?: Input, ..._rest: unknown[]) => Promise<Output>

/** The calls about to-dos, notices, jobs and events between modules, as the centre would answer them. */
export function fakeTaskCalls(answering: Answering): Pick<CentreClient, 'todo' | 'notice' | 'job' | 'event'> {
  return {
    todo: {
      list: answering('todo.list', ({ tasks, now }, input: { view: 'mine' | 'handled' } | undefined) => ({
        todos: [...(input?.view === 'handled' ? tasks.handled : tasks.todos)],
        asOf: now,
      })),
      counts: answering('todo.counts', ({ tasks, now }) => ({
        open: tasks.todos.length,
        urgent: tasks.todos.filter(({ priority }) => priority === 'urgent').length,
        overdue: tasks.todos.filter(({ dueAt }) => dueAt !== null && dueAt < now).length,
      })),
      history: answering('todo.history', ({ now }) => ({ entries: fakeHistory(now) })),
      addressees: answering('todo.addressees', () => ({
        people: [
          { userId: 'u1', name: '演示管理员' },
          { userId: 'u2', name: '演示医生甲' },
        ],
        departments: [{ departmentId: uuid(400), name: { 'zh-CN': '心内科', en: 'Cardiology' } }],
      })),
      create: answering('todo.create', () => ({ todoId: uuid(605) })),
      forward: answering('todo.forward', () => ({ version: 2 })),
      close: answering('todo.close', () => ({ version: 2 })),
    },
    notice: {
      inbox: answering('notice.inbox', ({ tasks, now }) => ({ notices: [...tasks.notices], asOf: now })),
      counts: answering('notice.counts', ({ tasks }) => ({
        unread: tasks.notices.filter(({ readAt }) => readAt === null).length,
        toAcknowledge: tasks.notices.filter((one) => one.mustAcknowledge && one.acknowledgedAt === null).length,
      })),
      read: answering('notice.read', ({ now }) => ({ readAt: now, acknowledgedAt: null })),
      published: answering('notice.published', ({ tasks, now }) => ({ notices: [...tasks.published], asOf: now })),
      publish: answering('notice.publish', () => ({ noticeId: uuid(635) })),
      withdraw: answering('notice.withdraw', ({ now }) => ({ withdrawnAt: now })),
      receipts: answering('notice.receipts', ({ now }) => ({ receipts: fakeReceipts(now) })),
    },
    job: {
      queues: answering('job.queues', ({ tasks, now }) => ({ queues: tasks.queues, dead: tasks.deadJobs, asOf: now })),
      retry: answering('job.retry', () => ({ retried: 1 })),
      runNow: answering('job.runNow', () => ({ jobId: uuid(645) })),
    },
    event: {
      consumers: answering('event.consumers', ({ tasks, now }) => ({
        consumers: fakeConsumers(now, tasks.deadDeliveries.length),
        dead: tasks.deadDeliveries,
        asOf: now,
      })),
      retry: answering('event.retry', ({ now }) => ({ retriedAt: now })),
      replayCount: answering('event.replayCount', () => ({ events: 12 })),
      replay: answering('event.replay', () => ({ events: 12 })),
    },
  }
}
