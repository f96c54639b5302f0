import { useQuery } from '@tanstack/preact-query'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { momentOfField } from '../todo/todo-words.ts'
import { MomentField } from '../ui-admin/moment-field.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

interface Props {
  consumer: string
  dates: AdminDates
  busy: boolean
  onReplay(span: { from: number; until: number; events: number }): void
}

/** Asks for a span, says how many events it holds, and only then offers to deliver them again. */
export function ReplayForm({ consumer, dates, busy, onReplay }: Props) {
  const say = useSay()
  const { client, clock } = useServices()
  const today = dates.dayOf(clock())
  const [text, setText] = useState({ from: `${today}T00:00`, until: `${today}T${dates.clock(clock())}` })
  const [from, until] = [momentOfField(dates, text.from), momentOfField(dates, text.until)]
  const counted = useQuery({
    queryKey: ['replay-count', consumer, from, until],
    queryFn: () => client.event.replayCount({ consumer, from: from ?? 0, until: until ?? 0 }),
    enabled: from !== null && until !== null && from < until,
  })
  const events = counted.data?.events ?? null
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (from !== null && until !== null && events !== null) onReplay({ from, until, events })
      }}
    >
      <p class="todo-soft">{say('events.replay.body')}</p>
      <MomentField
        label={say('events.replay.from')}
        value={text.from}
        onChange={(value) => setText({ ...text, from: value })}
      />
      <MomentField
        label={say('events.replay.until')}
        value={text.until}
        onChange={(value) => setText({ ...text, until: value })}
      />
      {events !== null && <Notice tone="info">{say('events.replay.count', { n: events })}</Notice>}
      <PushButton
        kind="primary"
        submits={true}
        wide={true}
        busy={busy}
        disabled={events === null || events === 0}
        label={say('events.replay.go', { n: events ?? 0 })}
      />
    </form>
  )
}
