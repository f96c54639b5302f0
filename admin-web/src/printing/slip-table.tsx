import type { SlipRow } from '@yizhan/contracts/fleet'
import type { PrintDecision } from '@yizhan/contracts/printing'
import { decisionsFor } from '@yizhan/rules/printing/slip-decision'
import type { ComponentChildren } from 'preact'
import { type Say, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { bySlipNeed, decisionWords, openDecisions, slipWords } from './slip-words.ts'

interface Props {
  slips: readonly SlipRow[]
  /** The stations that the centre cannot hear now: what is decided reaches them when they are back. */
  awayStations: ReadonlySet<string>
  dates: AdminDates
  busy: boolean
  empty: ComponentChildren
  onDecide(slip: SlipRow, decision: PrintDecision): void
}

/** The slips that staff may have to look after, one line each, with what can be said about them. */
export function SlipTable({ slips, awayStations, dates, busy, empty, onDecide }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const station: DataColumn<SlipRow> = {
    key: 'station',
    title: say('slips.column.station'),
    sortBy: (slip) => localText(slip.stationName),
    show: (slip) => (
      <>
        {localText(slip.stationName)}
        {awayStations.has(slip.stationId) && decisionsFor(slip.state).length > 0 && (
          <span class="slip-away">{say('slips.station.away')}</span>
        )}
      </>
    ),
  }
  const actions: DataColumn<SlipRow> = {
    key: 'actions',
    title: say('slips.column.actions'),
    show: (slip) => <SlipActions slip={slip} busy={busy} onDecide={onDecide} />,
  }
  return (
    <DataTable<SlipRow>
      label={say('slips.title')}
      rows={bySlipNeed(slips)}
      rowKey={(slip) => slip.jobId}
      isQuiet={(slip) => slip.decision !== null}
      totalText={(n) => say('app.total', { n })}
      empty={empty}
      columns={[...slipColumns(say, dates), station, actions]}
    />
  )
}

function slipColumns(say: Say, dates: AdminDates): DataColumn<SlipRow>[] {
  return [
    {
      key: 'number',
      title: say('slips.column.number'),
      widthPx: 110,
      sortBy: (slip) => slip.queueNumber ?? '',
      show: (slip) => <b class="figures">{slip.queueNumber ?? say('slips.number.unknown')}</b>,
    },
    {
      key: 'patient',
      title: say('slips.column.patient'),
      widthPx: 110,
      sortBy: (slip) => slip.patientNameMasked,
      show: (slip) => slip.patientNameMasked,
    },
    { key: 'state', title: say('slips.column.state'), show: (slip) => <SlipState slip={slip} /> },
    {
      key: 'since',
      title: say('slips.column.since'),
      widthPx: 150,
      sortBy: (slip) => slip.since,
      show: (slip) => <span class="figures">{dates.dayAndClock(slip.since)}</span>,
    },
  ]
}

function SlipState({ slip }: { slip: SlipRow }) {
  const say = useSay()
  const { tone, icon, key } = slipWords(slip)
  const reason = slip.reason === null ? '' : say(`stations.reason.${slip.reason}`)
  return (
    <span class="tags">
      <StatusTag tone={tone} icon={icon} label={reason === '' ? say(key) : `${say(key)} · ${reason}`} />
      {slip.copy > 1 && <span class="slip-copy">{say('slips.copy', { n: slip.copy - 1 })}</span>}
    </span>
  )
}

function SlipActions({ slip, busy, onDecide }: Pick<Props, 'busy' | 'onDecide'> & { slip: SlipRow }) {
  const say = useSay()
  if (slip.decision !== null) return <span class="past">{say(decisionWords(slip.decision).pending)}</span>
  const number = slip.queueNumber ?? slip.patientNameMasked
  return (
    <span class="slip-actions">
      {openDecisions(slip).map((decision) => {
        const label = say(decisionWords(decision).press)
        return (
          <PushButton
            key={decision}
            label={label}
            spokenLabel={say('slips.decide.of', { number, what: label })}
            kind={decision === 'cancel' ? 'quiet-danger' : 'plain'}
            disabled={busy}
            onPress={() => onDecide(slip, decision)}
          />
        )
      })}
    </span>
  )
}
