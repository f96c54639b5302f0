import { useSay } from '../catalogue/admin-text.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { refusalOf } from './refusal.ts'

interface Props {
  error: unknown
  /** When what is on the page was true; null when there is nothing on it. */
  staleTime: string | null
  onRetry(): void
}

/** Says why a page could not be read (again), and offers another try. */
export function LoadProblem({ error, staleTime, onRetry }: Props) {
  const say = useSay()
  if (refusalOf(error) !== null) return <Notice tone="bad">{say('fault.forbidden')}</Notice>
  return (
    <Notice tone="bad" action={<PushButton label={say('app.retry')} onPress={onRetry} />}>
      {staleTime === null ? say('fault.unreachable') : say('fault.unreachable.stale', { time: staleTime })}
    </Notice>
  )
}
