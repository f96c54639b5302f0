import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { SetAsideEvent } from '@yizhan/contracts/fleet'
import { useState } from 'preact/hooks'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

interface Props {
  stationId: string
  dates: AdminDates
  mayReplay: boolean
  maySettle: boolean
}

/** The events of a station that the centre could not apply: to look at, to try once more, or to settle with a reason. */
export function SetAsideEvents({ stationId, dates, mayReplay, maySettle }: Props) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  const [settling, setSettling] = useState<SetAsideEvent | null>(null)
  const held = useQuery({
    queryKey: ['stations', 'set-aside', stationId],
    queryFn: () => client.fleet.setAsideEvents({ stationId }),
  })
  const deeds = useRepeatable(
    (refusal) => (refusal === 'event-unknown' ? 'stations.setAside.unknown' : 'fault.forbidden'),
    () => queries.invalidateQueries({ queryKey: ['stations'] }),
  )
  const replay = () =>
    deeds.carryOut({
      what: `replay ${stationId}`,
      send: (operationId) => client.fleet.replayEvents({ stationId, operationId }),
      done: say('stations.setAside.replay.done'),
    })
  const settle = async ({ eventId }: SetAsideEvent, reason: string) => {
    await deeds.carryOut({
      what: `settle ${eventId} ${reason}`,
      send: (operationId) => client.fleet.settleEvent({ stationId, eventId, reason, operationId }),
      done: say('stations.setAside.settle.done'),
    })
    setSettling(null)
  }
  return (
    <section aria-label={say('stations.setAside')}>
      <h2>{say('stations.setAside')}</h2>
      <p class="fact-hint">{say('stations.setAside.hint')}</p>
      {held.isError && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <ul class="set-aside">
        {(held.data?.events ?? []).map((event) => (
          <EventLine
            key={event.eventId}
            event={event}
            dates={dates}
            {...(maySettle ? { onSettle: () => setSettling(event) } : {})}
          />
        ))}
      </ul>
      {mayReplay && <PushButton label={say('stations.setAside.replay')} busy={deeds.busy} onPress={replay} />}
      {settling !== null && (
        <SettleEvent
          what={eventWords(say, settling)}
          busy={deeds.busy}
          onSettle={(reason) => settle(settling, reason)}
          onKeep={() => setSettling(null)}
        />
      )}
    </section>
  )
}

function EventLine(props: { event: SetAsideEvent; dates: AdminDates; onSettle?: () => void }) {
  const { event, dates, onSettle } = props
  const say = useSay()
  const what = eventWords(say, event)
  return (
    <li>
      <span class="entry-quiet">{dates.dayAndClock(event.occurredAt)}</span>
      <strong>{what}</strong>
      {onSettle !== undefined && (
        <PushButton
          label={say('stations.setAside.settle')}
          spokenLabel={say('stations.setAside.settle.of', { what })}
          onPress={onSettle}
        />
      )}
      <span class="fact-hint">
        {say(`stations.setAside.${event.state}`)} {event.reason !== null && <code>{event.reason}</code>}
      </span>
    </li>
  )
}

/** Asks for the reason why an event is not applied any more. */
function SettleEvent(props: { what: string; busy: boolean; onSettle(reason: string): void; onKeep(): void }) {
  const { what, busy, onSettle, onKeep } = props
  const say = useSay()
  const [reason, setReason] = useState('')
  return (
    <ConfirmDialog
      open={true}
      title={say('stations.setAside.settle.title', { what })}
      confirmLabel={say('stations.setAside.settle.confirm')}
      keepLabel={say('app.cancel')}
      busy={busy}
      canConfirm={reason.trim() !== ''}
      onConfirm={() => onSettle(reason.trim())}
      onKeep={onKeep}
    >
      <p>{say('stations.setAside.settle.body')}</p>
      <TextField
        label={say('stations.setAside.reason')}
        hint={say('stations.setAside.reason.hint')}
        value={reason}
        onChange={setReason}
        maxLength={200}
      />
    </ConfirmDialog>
  )
}

const knownTypes = [
  'patient-arrived',
  'ticket-print-settled',
  'readiness-reported',
  'storage-rebuilt',
  'outbox-rewound',
] as const

function eventWords(say: Say, { type, queueNumber }: SetAsideEvent): string {
  const known = knownTypes.find((name) => name === type)
  const what = known === undefined ? say('stations.event.other', { type }) : say(`stations.event.${known}`)
  return queueNumber === null ? what : `${what} ${queueNumber}`
}
