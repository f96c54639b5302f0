import type { Say } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

const kindNames: Readonly<Record<string, AdminMessageKey>> = {
  'feed-purge': 'jobs.kind.feed-purge',
  'inbox-purge': 'jobs.kind.inbox-purge',
  'device-history-purge': 'jobs.kind.device-history-purge',
  'module-event-purge': 'jobs.kind.module-event-purge',
}
const consumerNames: Readonly<Record<string, AdminMessageKey>> = {
  'desk-conflict-todo': 'jobs.consumer.desk-conflict-todo',
  'station-alarm-notice': 'jobs.consumer.station-alarm-notice',
}

/** The name of a kind of job; its bare word when this console is older than the centre. */
export function kindText(say: Say, kind: string): string {
  const key = kindNames[kind]
  return key === undefined ? kind : say(key)
}

/** The name of a consumer of module events; its bare word when this console is older than the centre. */
export function consumerText(say: Say, consumer: string): string {
  const key = consumerNames[consumer]
  return key === undefined ? consumer : say(key)
}

/** How long something took: milliseconds below a second, else seconds. */
export function tookText(say: Say, tookMs: number): string {
  return tookMs < 1000 ? say('jobs.took.ms', { n: tookMs }) : say('jobs.took.s', { n: Math.round(tookMs / 1000) })
}

/** The words for what the centre refused. */
export function jobRefusal(refusal: string): AdminMessageKey {
  if (refusal === 'job-unknown' || refusal === 'delivery-unknown') return 'jobs.refused.gone'
  return refusal === 'kind-unknown' || refusal === 'consumer-unknown' ? 'jobs.refused.unknown' : 'fault.forbidden'
}
