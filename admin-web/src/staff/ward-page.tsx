import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { WardShift } from '@yizhan/contracts/staff'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { DayField } from '../ui-admin/day-field.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import { staffRefusal } from './staff-words.ts'

const shifts = ['day', 'evening', 'night'] as const satisfies readonly WardShift[]

interface Line {
  staffId: string
  departmentId: string
  shift: WardShift
}

/** Who works in which ward on a day, by shift: what the ward terminals show of the people on duty. */
export function WardPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client, clock } = useServices()
  const queries = useQueryClient()
  const { query, route } = useLocation()
  const day = query['day'] ?? adminDates(who.zone, 'zh-CN').dayOf(clock())
  const list = useQuery({ queryKey: ['ward-day', day], queryFn: () => client.staff.wardDay({ day }) })
  const deeds = useRepeatable(staffRefusal, () => queries.invalidateQueries({ queryKey: ['ward-day'] }))
  const assign = ({ staffId, shift }: Line, departmentId: string | null) =>
    deeds.carryOut({
      what: JSON.stringify([day, shift, staffId, departmentId]),
      done: say(departmentId === null ? 'wards.removed' : 'wards.assigned'),
      send: (operationId) => client.staff.assignWard({ operationId, day, shift, staffId, departmentId }),
    })
  const mayAssign = who.calls.includes('staff.assignWard')
  return (
    <>
      <PageHeading title={say('wards.title')} purpose={say('wards.purpose')} />
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <div class="filters">
        <DayField
          label={say('wards.day')}
          value={day}
          onChange={(chosen) => route(chosen === '' ? '/admin/wards' : `/admin/wards?day=${chosen}`, true)}
        />
      </div>
      {mayAssign && <AssignForm deeds={deeds} onAssign={(line) => assign(line, line.departmentId)} />}
      {list.data === undefined && !list.isError && <SkeletonRows rows={5} label={say('app.loading')} />}
      {list.data !== undefined && (
        <WardTable
          lines={list.data.shifts}
          busy={deeds.busy}
          onRemove={mayAssign ? (line) => assign(line, null) : null}
        />
      )}
    </>
  )
}

function usePeople() {
  const { client } = useServices()
  const staff = useQuery({ queryKey: ['staff'], queryFn: () => client.staff.list() })
  const tree = useQuery({ queryKey: ['organisation'], queryFn: () => client.organisation.tree() })
  return { people: staff.data?.staff ?? [], departments: tree.data?.departments ?? [] }
}

function AssignForm({ deeds, onAssign }: { deeds: Repeatable; onAssign(line: Line): Promise<void> }) {
  const say = useSay()
  const localText = useLocalText()
  const { people, departments } = usePeople()
  const [staffId, setStaffId] = useState<string | null>(null)
  const [departmentId, setDepartmentId] = useState<string | null>(null)
  const [shift, setShift] = useState<WardShift>('day')
  return (
    <div class="filters">
      <ChoiceField<string>
        label={say('staff.name')}
        value={staffId}
        choices={people.map((row) => ({ value: row.staffId, label: `${row.name} ${row.staffNumber}` }))}
        onChange={setStaffId}
      />
      <ChoiceField<WardShift>
        label={say('wards.shift')}
        value={shift}
        choices={shifts.map((value) => ({ value, label: say(`wards.shift.${value}`) }))}
        onChange={(value) => setShift(value ?? 'day')}
      />
      <ChoiceField<string>
        label={say('wards.ward')}
        value={departmentId}
        choices={departments
          .filter(({ retiredAt }) => retiredAt === null)
          .map((row) => ({ value: row.departmentId, label: `${localText(row.name)} ${row.code}` }))}
        onChange={setDepartmentId}
      />
      <PushButton
        kind="primary"
        label={say('wards.assign')}
        busy={deeds.busy}
        disabled={staffId === null || departmentId === null}
        onPress={() =>
          staffId === null || departmentId === null ? undefined : onAssign({ staffId, departmentId, shift })
        }
      />
    </div>
  )
}

interface TableProps {
  lines: readonly Line[]
  busy: boolean
  onRemove: ((line: Line) => void) | null
}

function WardTable({ lines, busy, onRemove }: TableProps) {
  const say = useSay()
  const localText = useLocalText()
  const { people, departments } = usePeople()
  const personOf = ({ staffId }: Line) => people.find((row) => row.staffId === staffId)?.name ?? ''
  const wardOf = (line: Line) => {
    const found = departments.find((row) => row.departmentId === line.departmentId)
    return found === undefined ? '' : localText(found.name)
  }
  const columns: DataColumn<Line>[] = [
    { key: 'ward', title: say('wards.ward'), sortBy: wardOf, show: wardOf },
    {
      key: 'shift',
      title: say('wards.shift'),
      sortBy: ({ shift }) => shifts.indexOf(shift),
      show: ({ shift }) => say(`wards.shift.${shift}`),
    },
    { key: 'name', title: say('staff.name'), sortBy: personOf, show: (line) => <b>{personOf(line)}</b> },
  ]
  const actions: DataColumn<Line> = {
    key: 'actions',
    title: say('accounts.actions'),
    show: (line) => (
      <PushButton
        kind="quiet-danger"
        disabled={busy}
        label={say('wards.remove')}
        spokenLabel={say('accounts.action.of', { what: say('wards.remove'), name: personOf(line) })}
        onPress={() => onRemove?.(line)}
      />
    ),
  }
  return (
    <DataTable<Line>
      label={say('wards.title')}
      rows={lines}
      rowKey={({ staffId, shift }) => `${staffId} ${shift}`}
      totalText={(n) => say('app.total', { n })}
      empty={<EmptyState title={say('wards.empty.title')} body={say('wards.empty.body')} />}
      columns={onRemove === null ? columns : [...columns, actions]}
    />
  )
}
