import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { DepartmentRow } from '@yizhan/contracts/organisation'
import type { StaffListRow, StaffNameShowing } from '@yizhan/contracts/staff'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { newOperationId } from '../shell/new-operation-id.ts'
import { PageHeading } from '../shell/page-heading.tsx'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { StaffDrawer, type StaffPane } from './staff-drawer.tsx'
import { StaffTable } from './staff-table.tsx'
import { staffRefusal } from './staff-words.ts'

/** The departments of the hospital and its people. */
export function StaffPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client, clock } = useServices()
  const queries = useQueryClient()
  const { query } = useLocation()
  const [pane, setPane] = useState<StaffPane | null>(null)
  const list = useQuery({ queryKey: ['staff'], queryFn: () => client.staff.list() })
  const tree = useQuery({ queryKey: ['organisation'], queryFn: () => client.organisation.tree() })
  const deeds = useRepeatable(staffRefusal, async () => {
    await queries.invalidateQueries({ queryKey: ['staff'] })
    await queries.invalidateQueries({ queryKey: ['organisation'] })
  })
  const { departments, posts } = tree.data ?? { departments: [], posts: [] }
  const chosen = departments.find(({ departmentId }) => departmentId === query['department']) ?? null
  const all = list.data?.staff ?? []
  const people = all.filter(({ departmentId }) => chosen === null || departmentId === chosen.departmentId)
  const mayChange = who.calls.includes('staff.put')
  const openPerson = (person: StaffListRow | null) =>
    setPane({ kind: 'person', person, staffId: person?.staffId ?? newOperationId(clock()) })
  const openDepartment = (department: DepartmentRow | null) =>
    setPane({ kind: 'department', department, departmentId: department?.departmentId ?? newOperationId(clock()) })
  return (
    <>
      <PageHeading
        title={say('staff.title')}
        purpose={say('staff.purpose')}
        aside={
          mayChange && (
            <span class="ui-actions">
              <PushButton label={say('posts.title')} onPress={() => setPane({ kind: 'posts' })} />
              <PushButton icon="plus" label={say('departments.new')} onPress={() => openDepartment(null)} />
              <PushButton kind="primary" icon="plus" label={say('staff.new')} onPress={() => openPerson(null)} />
            </span>
          )
        }
      />
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <div class="filters">
        <DepartmentFilter departments={departments} chosen={chosen?.departmentId ?? null} />
        {chosen !== null && who.calls.includes('organisation.putDepartment') && (
          <PushButton label={say('departments.change')} onPress={() => openDepartment(chosen)} />
        )}
        {who.calls.includes('staff.showNames') && list.data !== undefined && (
          <NameShowing showing={list.data.nameShowing} deeds={deeds} />
        )}
      </div>
      {list.data === undefined && !list.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {list.data !== undefined && <StaffTable {...{ people, departments, posts, mayChange }} onChange={openPerson} />}
      <StaffDrawer pane={freshened(pane, all)} {...{ departments, posts, deeds }} onClose={() => setPane(null)} />
    </>
  )
}

/** The open person as the newest list tells of them: what was just issued shows at once. */
function freshened(pane: StaffPane | null, all: readonly StaffListRow[]): StaffPane | null {
  if (pane?.kind !== 'person' || pane.person === null) return pane
  return { ...pane, person: all.find(({ staffId }) => staffId === pane.staffId) ?? pane.person }
}

function NameShowing({ showing, deeds }: { showing: StaffNameShowing; deeds: Repeatable }) {
  const say = useSay()
  const { client } = useServices()
  const change = async (asked: StaffNameShowing | null) => {
    if (asked === null || asked === showing) return
    await deeds.carryOut({
      what: `names ${asked}`,
      done: say('staff.names.done'),
      send: (operationId) => client.staff.showNames({ operationId, showing: asked }),
    })
  }
  return (
    <ChoiceField<StaffNameShowing>
      label={say('staff.names')}
      value={showing}
      choices={[
        { value: 'masked', label: say('staff.names.masked') },
        { value: 'full', label: say('staff.names.full') },
      ]}
      onChange={change}
    />
  )
}

function DepartmentFilter(props: { departments: readonly DepartmentRow[]; chosen: string | null }) {
  const { departments, chosen } = props
  const say = useSay()
  const localText = useLocalText()
  const { route } = useLocation()
  return (
    <ChoiceField<string>
      label={say('staff.department')}
      clearable={true}
      placeholder={say('staff.department.all')}
      value={chosen}
      choices={departments.map(({ departmentId, name, code, retiredAt }) => ({
        value: departmentId,
        label: `${localText(name)} ${code}${retiredAt === null ? '' : ` ${say('departments.closed')}`}`,
      }))}
      onChange={(id) => route(id === null ? '/admin/staff' : `/admin/staff?department=${id}`, true)}
    />
  )
}
