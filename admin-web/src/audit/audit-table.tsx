import type { AuditRow } from '@yizhan/contracts/audit'
import type { ComponentChildren } from 'preact'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { DataTable } from '../ui-admin/data-table.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { type AuditFilter, auditAddress, wholeTrail } from './audit-filter.ts'
import { actionWord, objectWord, roleWords } from './audit-words.ts'

interface Props {
  rows: readonly AuditRow[]
  dates: AdminDates
  empty: ComponentChildren
}

/** A page of the trail; person, action and object each lead to everything else of them. */
export function AuditTable({ rows, dates, empty }: Props) {
  const say = useSay()
  return (
    <DataTable<AuditRow>
      label={say('audit.title')}
      rows={rows}
      rowKey={({ auditId }) => auditId}
      empty={empty}
      totalText={(n) => say('audit.total', { n })}
      columns={[
        { key: 'at', title: say('audit.at'), widthPx: 170, show: (row) => <When row={row} dates={dates} /> },
        { key: 'who', title: say('audit.person'), widthPx: 220, show: (row) => <Who row={row} /> },
        { key: 'action', title: say('audit.action'), widthPx: 200, show: (row) => actionOf(say, row) },
        { key: 'object', title: say('audit.object'), show: (row) => <What row={row} /> },
        {
          key: 'sealed',
          title: say('audit.sealed'),
          widthPx: 110,
          show: ({ sealed }) =>
            sealed ? (
              <StatusTag tone="good" icon="ok" label={say('audit.sealed.yes')} />
            ) : (
              <StatusTag tone="quiet" icon="waiting" label={say('audit.sealed.soon')} />
            ),
        },
      ]}
    />
  )
}

function When({ row, dates }: { row: AuditRow; dates: AdminDates }) {
  const say = useSay()
  return (
    <span class="figures">
      {dates.dayAndClock(row.at)}
      {row.stationAt !== null && <small>{say('audit.stationAt', { time: dates.dayAndClock(row.stationAt) })}</small>}
    </span>
  )
}

function Who({ row }: { row: AuditRow }) {
  const say = useSay()
  const name = row.actorName ?? (row.actorKind === 'user' ? row.actorId : say(`audit.actor.${row.actorKind}`))
  return (
    <>
      <Only change={{ actorId: row.actorId }}>{name}</Only>
      {row.roles.length > 0 && <small>{roleWords(say, row.roles)}</small>}
    </>
  )
}

function actionOf(say: Say, row: AuditRow) {
  return (
    <>
      <Only change={{ action: row.action }}>{actionWord(say, row.action)}</Only>
      {row.reason !== null && <small>{say('audit.reason', { reason: row.reason })}</small>}
    </>
  )
}

function What({ row }: { row: AuditRow }) {
  const say = useSay()
  return (
    <>
      {objectWord(say, row.objectKind)} <Only change={{ objectId: row.objectId }}>{row.objectId}</Only>
      {row.shownCount !== null && <small>{say('audit.shown', { n: row.shownCount })}</small>}
    </>
  )
}

/** Leads to everything of the trail that has one thing in common. */
function Only({ change, children }: { change: Partial<AuditFilter>; children: ComponentChildren }) {
  return (
    <a class="audit-only" href={auditAddress({ ...wholeTrail, ...change })}>
      {children}
    </a>
  )
}
