import { useQueryClient } from '@tanstack/preact-query'
import type { TodoAssignee, TodoRow } from '@yizhan/contracts/todo'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import type { AdminDates } from '../working-time/admin-dates.ts'
import type { TodoDraft } from './todo-form.tsx'
import { momentOfField, todoRefusal, todoText } from './todo-words.ts'

/** What can be done with to-dos, one deed at a time; `onDone` after each that was taken down. */
export interface TodoDeeds extends Omit<Repeatable, 'carryOut'> {
  create(draft: TodoDraft): Promise<void>
  forward(todo: TodoRow, to: TodoAssignee, note: string): Promise<void>
  close(todo: TodoRow, outcome: 'done' | 'cancelled', note: string): Promise<void>
}

/** The deeds of the page of to-dos. */
export function useTodoDeeds(dates: AdminDates, onDone: () => void): TodoDeeds {
  const say = useSay()
  const locale = useLocale()
  const { client } = useServices()
  const queries = useQueryClient()
  const { carryOut, ...state } = useRepeatable(todoRefusal, () => queries.invalidateQueries({ queryKey: ['todos'] }))
  const deed = (what: string, done: string, send: (operationId: string) => Promise<object>) =>
    carryOut({
      what,
      done,
      send: async (operationId) => {
        await send(operationId)
        onDone()
      },
    })
  return {
    ...state,
    create: ({ due, ...draft }) =>
      deed(JSON.stringify({ ...draft, due }), say('todos.told.created', { title: draft.title }), (operationId) =>
        client.todo.create({ operationId, ...draft, object: null, dueAt: momentOfField(dates, due) }),
      ),
    forward: ({ todoId, version }, to, note) =>
      deed(`forward ${todoId} ${JSON.stringify(to)}`, say('todos.told.forwarded'), (operationId) =>
        client.todo.forward({ operationId, todoId, version, to, note }),
      ),
    close: ({ todoId, version, ...todo }, outcome, note) =>
      deed(
        `${outcome} ${todoId}`,
        say(`todos.told.${outcome}`, { title: todoText(say, locale, todo).title }),
        (operationId) => client.todo.close({ operationId, todoId, version, outcome, note }),
      ),
  }
}
