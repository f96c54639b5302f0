import type { FoundBy, PersonRow } from '@yizhan/contracts/customer'
import type { ComponentChildren } from 'preact'
import { useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { stateLook } from './customer-words.ts'

type Row = PersonRow & { foundBy?: FoundBy }

interface Props {
  rows: readonly Row[]
  dates: AdminDates
  empty: ComponentChildren
}

/** Persons, one a line; the name leads to the file. */
export function CustomerTable({ rows, dates, empty }: Props) {
  const say = useSay()
  const columns: DataColumn<Row>[] = [
    {
      key: 'name',
      title: say('customers.column.name'),
      widthPx: 140,
      show: (row) => <a href={`/admin/customers/${row.personId}`}>{row.nameShown}</a>,
    },
    {
      key: 'person',
      title: say('customers.column.person'),
      widthPx: 150,
      show: (row) => (
        <span class="figures">
          {[say(`customers.sex.${row.sex}`), row.birthDate].filter((part) => part !== null).join(' · ')}
        </span>
      ),
    },
    {
      key: 'phone',
      title: say('customers.column.phone'),
      widthPx: 130,
      show: (row) => <span class="figures">{row.phoneShown ?? ''}</span>,
    },
    {
      key: 'state',
      title: say('customers.column.state'),
      widthPx: 110,
      show: (row) => <StatusTag {...stateLook[row.state]} label={say(`customers.state.${row.state}`)} />,
    },
    {
      key: 'source',
      title: say('customers.column.source'),
      widthPx: 100,
      show: (row) => say(`customers.source.${row.source}`),
    },
    { key: 'tags', title: say('customers.column.tags'), show: (row) => row.tags.join('，') },
    {
      key: 'updated',
      title: say('customers.column.updated'),
      widthPx: 140,
      show: (row) => <span class="figures">{dates.dayAndClock(row.updatedAt)}</span>,
    },
  ]
  const matched: DataColumn<Row> = {
    key: 'foundBy',
    title: say('customers.column.foundBy'),
    widthPx: 90,
    show: ({ foundBy }) => (foundBy === undefined ? '' : say(`customers.foundBy.${foundBy}`)),
  }
  return (
    <DataTable<Row>
      label={say('customers.title')}
      rows={rows}
      rowKey={(row) => row.personId}
      isQuiet={(row) => row.state === 'deceased' || row.state === 'erased'}
      totalText={(n) => say('app.total', { n })}
      empty={empty}
      columns={rows.some(({ foundBy }) => foundBy !== undefined) ? [...columns, matched] : columns}
    />
  )
}
