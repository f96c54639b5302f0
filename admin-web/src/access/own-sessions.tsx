import type { OwnAccount } from '@yizhan/contracts/access'
import { useMemo } from 'preact/hooks'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { adminDates } from '../working-time/admin-dates.ts'

type Session = OwnAccount['sessions'][number]

interface Props {
  sessions: readonly Session[]
  zone: string
  busy: boolean
  onEnd(sessionId: string): void
  onEndOthers(): void
}

/** Where the account is signed in: one that is not known is ended at once. */
export function OwnSessions({ sessions, zone, busy, onEnd, onEndOthers }: Props) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(zone, locale), [zone, locale])
  const where = (row: Session) =>
    say('own.session.where', { browser: say(`own.browser.${row.browser}`), system: say(`own.system.${row.system}`) })
  const columns: DataColumn<Session>[] = [
    { key: 'where', title: say('own.session.browser'), show: where },
    {
      key: 'since',
      title: say('own.session.since'),
      sortBy: ({ since }) => since,
      show: ({ since }) => <span class="figures">{dates.dayAndClock(since)}</span>,
    },
    {
      key: 'used',
      title: say('own.session.used'),
      sortBy: ({ lastUsedAt }) => lastUsedAt,
      show: ({ lastUsedAt }) => <span class="figures">{dates.dayAndClock(lastUsedAt)}</span>,
    },
    {
      key: 'actions',
      title: say('accounts.actions'),
      show: (row) =>
        row.current ? (
          <StatusTag tone="info" icon="ok" label={say('own.session.current')} />
        ) : (
          <PushButton
            kind="quiet-danger"
            disabled={busy}
            label={say('own.session.end')}
            spokenLabel={say('accounts.action.of', { what: say('own.session.end'), name: where(row) })}
            onPress={() => onEnd(row.sessionId)}
          />
        ),
    },
  ]
  return (
    <div>
      <div class="own-head">
        <h2>{say('own.sessions')}</h2>
        {sessions.length > 1 && (
          <PushButton disabled={busy} label={say('own.end-others.confirm')} onPress={onEndOthers} />
        )}
      </div>
      <DataTable<Session>
        label={say('own.sessions')}
        rows={sessions}
        columns={columns}
        rowKey={({ sessionId }) => sessionId}
        totalText={(n) => say('app.total', { n })}
        empty={null}
      />
    </div>
  )
}
