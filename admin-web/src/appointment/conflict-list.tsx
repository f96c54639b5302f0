import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { ConflictRow, ConflictSettlement } from '@yizhan/contracts/appointment'
import { useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { pollEveryMs } from '../shell/use-live.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { conflictSentence, settlementWords } from './conflict-words.ts'
import { useSettling } from './use-settling.ts'

/** In the order in which they are offered; the contract holds that each is one of its own. */
const settlements = ['told-patient', 'rebooked', 'nothing-needed'] as const satisfies readonly ConflictSettlement[]

/** The check-ins that contradict each other or their booking (签到冲突): what is so, and what to do; nothing while there are none. */
export function ConflictList({ dates }: { dates: AdminDates }) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  // Under the key of the bookings: what rings for them rings for their conflicts.
  const key = ['bookings', 'conflicts']
  const list = useQuery({ queryKey: key, queryFn: () => client.appointment.conflicts(), refetchInterval: pollEveryMs })
  const settling = useSettling(() => queries.invalidateQueries({ queryKey: key }))
  const rows = list.data?.rows ?? []
  const open = rows.filter(({ settled }) => settled === null)
  const settled = rows.filter((row) => row.settled !== null)
  // The board above says that the centre cannot be heard; that conflicts are not known either is worth no second notice.
  if (rows.length === 0) return null
  return (
    <section class="conflicts" aria-labelledby="conflicts-title">
      <h2 id="conflicts-title">
        {open.length > 0 ? say('conflicts.title', { n: open.length }) : say('conflicts.title.none')}
      </h2>
      {settling.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {settling.refused !== null && <Notice tone="bad">{say(settling.refused)}</Notice>}
      {open.length > 0 && (
        <ul class="conflict-rows">
          {open.map((row) => (
            <li key={`${row.bookingId} ${row.kind}`} class="conflict">
              <ConflictText conflict={row} dates={dates} />
              <SettleButtons conflict={row} busy={settling.busy} onSettle={settling.settle} />
            </li>
          ))}
        </ul>
      )}
      {settled.length > 0 && <SettledConflicts rows={settled} dates={dates} />}
    </section>
  )
}

function ConflictText({ conflict, dates }: { conflict: ConflictRow; dates: AdminDates }) {
  const say = useSay()
  const locale = useLocale()
  const localText = useLocalText()
  const { slotStart, clinicName, patientNameMasked } = conflict
  const booking = [
    patientNameMasked,
    slotStart === null ? '' : dates.dayAndClock(slotStart),
    clinicName === null ? '' : localText(clinicName),
  ]
  const arrivals = conflict.arrivals.map(({ queueNumber, arrivedAt, stationName }) =>
    say('conflicts.arrival', { number: queueNumber, time: dates.clock(arrivedAt), station: localText(stationName) }),
  )
  return (
    <div class="conflict-text">
      <p class="conflict-what">{conflictSentence(say, locale, dates, conflict)}</p>
      <p class="conflict-who">{[...booking, ...arrivals].filter((part) => part !== '').join(' · ')}</p>
    </div>
  )
}

function SettleButtons(props: {
  conflict: ConflictRow
  busy: boolean
  onSettle(conflict: ConflictRow, settlement: ConflictSettlement): Promise<void>
}) {
  const say = useSay()
  const { conflict, busy, onSettle } = props
  const who = conflict.arrivals[0]?.queueNumber ?? conflict.patientNameMasked
  return (
    <span class="conflict-actions">
      {settlements.map((settlement) => {
        const what = say(settlementWords(settlement))
        return (
          <PushButton
            key={settlement}
            label={what}
            spokenLabel={say('conflicts.settle.of', { who, what })}
            disabled={busy}
            onPress={() => onSettle(conflict, settlement)}
          />
        )
      })}
    </span>
  )
}

function SettledConflicts({ rows, dates }: { rows: readonly ConflictRow[]; dates: AdminDates }) {
  const say = useSay()
  return (
    <details class="conflicts-settled">
      <summary>{say('conflicts.settled', { n: rows.length })}</summary>
      <ul class="conflict-rows">
        {rows.map((row) => (
          <li key={`${row.bookingId} ${row.kind}`} class="conflict">
            <ConflictText conflict={row} dates={dates} />
            {row.settled !== null && (
              <span class="conflict-done">
                {say('conflicts.settledBy', {
                  time: dates.clock(row.settled.at),
                  who: row.settled.byName,
                  what: say(settlementWords(row.settled.settlement)),
                })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}
