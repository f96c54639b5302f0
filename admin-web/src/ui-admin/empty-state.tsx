import type { ComponentChildren } from 'preact'

/** Stands where a list would be: why it is empty, and what to do. */
export function EmptyState({ title, body, action }: { title: string; body: string; action?: ComponentChildren }) {
  return (
    <div class="ui-empty">
      <p class="ui-empty-title">{title}</p>
      <p>{body}</p>
      {action}
    </div>
  )
}
