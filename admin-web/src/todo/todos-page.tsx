import { useQuery } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { TodoRow } from '@yizhan/contracts/todo'
import { useMemo, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { ViewSwitch } from '../ui-admin/view-switch.tsx'
import { type AdminDates, adminDates } from '../working-time/admin-dates.ts'
import { TodoDetail } from './todo-detail.tsx'
import { TodoForm } from './todo-form.tsx'
import { TodoTable } from './todo-table.tsx'
import { todoText } from './todo-words.ts'
import { type TodoDeeds, useTodoDeeds } from './use-todo-deeds.ts'

type Pane = { kind: 'new' } | { kind: 'todo'; todo: TodoRow } | null

/** What waits for the person who is signed in, their roles and departments; and what went through their hands. */
export function TodosPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { query } = useLocation()
  const view = query.view === 'handled' ? 'handled' : 'mine'
  const [pane, setPane] = useState<Pane>(null)
  const deeds = useTodoDeeds(dates, () => setPane(null))
  const mayHandle = who.calls.includes('todo.create')
  return (
    <>
      <PageHeading
        title={say('todos.title')}
        purpose={say('todos.purpose')}
        aside={
          mayHandle && (
            <PushButton kind="primary" icon="plus" label={say('todos.new')} onPress={() => setPane({ kind: 'new' })} />
          )
        }
      />
      <ViewSwitch
        label={say('todos.views')}
        now={view}
        views={[
          { view: 'mine', label: say('todos.view.mine'), href: '/admin/todos' },
          { view: 'handled', label: say('todos.view.handled'), href: '/admin/todos?view=handled' },
        ]}
      />
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <TodoList
        view={view}
        dates={dates}
        deeds={deeds}
        mayHandle={mayHandle}
        onOpen={(todo) => setPane({ kind: 'todo', todo })}
      />
      <SideDrawer
        title={pane?.kind === 'todo' ? todoText(say, locale, pane.todo).title : say('todos.new')}
        open={pane !== null}
        closeLabel={say('app.close')}
        onClose={() => setPane(null)}
      >
        {pane?.kind === 'new' && <TodoForm busy={deeds.busy} onSave={deeds.create} />}
        {pane?.kind === 'todo' && (
          <TodoDetail
            todo={pane.todo}
            dates={dates}
            busy={deeds.busy || !mayHandle}
            onClose={(outcome, note) => deeds.close(pane.todo, outcome, note)}
            onForward={(to, note) => deeds.forward(pane.todo, to, note)}
          />
        )}
      </SideDrawer>
    </>
  )
}

interface ListProps {
  view: 'mine' | 'handled'
  dates: AdminDates
  deeds: TodoDeeds
  mayHandle: boolean
  onOpen(todo: TodoRow): void
}

function TodoList({ view, dates, deeds, mayHandle, onOpen }: ListProps) {
  const say = useSay()
  const { client, clock } = useServices()
  const list = useQuery({
    queryKey: ['todos', 'list', view],
    queryFn: () => client.todo.list({ view }),
    refetchInterval: pollEveryMs,
  })
  return (
    <>
      {list.isError && (
        <LoadProblem
          error={list.error}
          staleTime={list.data === undefined ? null : dates.clock(list.data.asOf)}
          onRetry={() => list.refetch()}
        />
      )}
      {list.data === undefined && !list.isError && <SkeletonRows rows={6} label={say('app.loading')} />}
      {list.data !== undefined && (
        <TodoTable
          todos={list.data.todos}
          dates={dates}
          now={clock()}
          busy={deeds.busy || list.isError || !mayHandle}
          onOpen={onOpen}
          onDone={(todo) => deeds.close(todo, 'done', '')}
          empty={<EmptyState title={say(`todos.empty.${view}.title`)} body={say(`todos.empty.${view}.body`)} />}
        />
      )}
    </>
  )
}
