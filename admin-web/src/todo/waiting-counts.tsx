import { useQuery } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { pollEveryMs } from '../shell/use-live.ts'

/** How much waits for the person who is signed in, in the header of every page: to-dos, and notices not read. */
export function WaitingCounts({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client } = useServices()
  const todos = useQuery({
    queryKey: ['todos', 'counts'],
    queryFn: () => client.todo.counts(),
    enabled: who.calls.includes('todo.counts'),
    refetchInterval: pollEveryMs,
  })
  const notices = useQuery({
    queryKey: ['notices', 'counts'],
    queryFn: () => client.notice.counts(),
    enabled: who.calls.includes('notice.counts'),
    refetchInterval: pollEveryMs,
  })
  const unread = Math.max(notices.data?.unread ?? 0, notices.data?.toAcknowledge ?? 0)
  return (
    <span class="waiting-counts">
      {todos.data !== undefined && (
        <a
          href="/admin/todos"
          class={todos.data.urgent + todos.data.overdue > 0 ? 'waiting-urgent' : someOf(todos.data.open)}
          title={say('todos.counts.spoken', todos.data)}
        >
          {say('todos.counts')} <b>{todos.data.open}</b>
        </a>
      )}
      {notices.data !== undefined && (
        <a href="/admin/notices" class={someOf(unread)} title={say('notices.counts.spoken', { n: unread })}>
          {say('notices.counts')} <b>{unread}</b>
        </a>
      )}
    </span>
  )
}

function someOf(count: number): string {
  return count > 0 ? 'waiting-some' : ''
}
