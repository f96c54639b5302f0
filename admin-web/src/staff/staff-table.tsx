import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import type { StaffListRow } from '@yizhan/contracts/staff'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'

interface Props {
  people: readonly StaffListRow[]
  departments: readonly DepartmentRow[]
  posts: readonly PostRow[]
  mayChange: boolean
  onChange(person: StaffListRow): void
}

/** People of the hospital, one line each, with what was issued to them. */
export function StaffTable({ people, departments, posts, mayChange, onChange }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const departmentName = (id: string) => {
    const found = departments.find(({ departmentId }) => departmentId === id)
    return found === undefined ? '' : localText(found.name)
  }
  const postName = (id: string | null) => {
    const found = posts.find(({ postId }) => postId === id)
    return found === undefined ? '' : localText(found.name)
  }
  const columns: DataColumn<StaffListRow>[] = [
    {
      key: 'number',
      title: say('staff.number'),
      widthPx: 110,
      sortBy: (row) => row.staffNumber,
      show: (row) => <span class="figures">{row.staffNumber}</span>,
    },
    {
      key: 'name',
      title: say('staff.name'),
      sortBy: (row) => row.pinyin || row.name,
      show: (row) => <b>{row.name}</b>,
    },
    {
      key: 'department',
      title: say('staff.department'),
      sortBy: (row) => departmentName(row.departmentId),
      show: (row) => departmentName(row.departmentId),
    },
    {
      key: 'post',
      title: say('staff.post'),
      sortBy: (row) => postName(row.postId),
      show: (row) => postName(row.postId),
    },
    {
      key: 'code',
      title: say('codes.code'),
      widthPx: 110,
      show: (row) => <span class="figures">{row.serviceCode ?? '—'}</span>,
    },
    {
      key: 'panel',
      title: say('staff.panel'),
      show: (row) =>
        row.hasPanelPin || row.panelCards > 0
          ? say('staff.panel.some', { pin: row.hasPanelPin ? 1 : 0, cards: row.panelCards })
          : '—',
    },
    {
      key: 'valid',
      title: say('staff.valid'),
      show: (row) => <span class="figures">{`${row.validFrom} – ${row.validTo ?? ''}`}</span>,
    },
  ]
  const actions: DataColumn<StaffListRow> = {
    key: 'actions',
    title: say('accounts.actions'),
    show: (row) => (
      <PushButton
        label={say('accounts.change')}
        spokenLabel={say('accounts.action.of', { what: say('accounts.change'), name: row.name })}
        onPress={() => onChange(row)}
      />
    ),
  }
  return (
    <DataTable<StaffListRow>
      label={say('staff.title')}
      rows={people}
      rowKey={(row) => row.staffId}
      totalText={(n) => say('app.total', { n })}
      empty={<EmptyState title={say('staff.empty.title')} body={say('staff.empty.body')} />}
      columns={mayChange ? [...columns, actions] : columns}
    />
  )
}
