import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import type { StaffListRow } from '@yizhan/contracts/staff'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DepartmentDraft, DepartmentForm } from '../organisation/department-form.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { newOperationId } from '../shell/new-operation-id.ts'
import { PageHeading } from '../shell/page-heading.tsx'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { type PersonDraft, PersonForm } from './person-form.tsx'
import { StaffTable } from './staff-table.tsx'
import { staffRefusal } from './staff-words.ts'

type Open = { kind: 'department' } | { kind: 'person'; person: StaffListRow | null; staffId: string }

/** The departments of the hospital and its people. */
export function StaffPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const queries = useQueryClient()
  const { query } = useLocation()
  const [open, setOpen] = useState<Open | null>(null)
  const list = useQuery({ queryKey: ['staff'], queryFn: () => client.staff.list() })
  const tree = useQuery({ queryKey: ['organisation'], queryFn: () => client.organisation.tree() })
  const deeds = useRepeatable(staffRefusal, async () => {
    await queries.invalidateQueries({ queryKey: ['staff'] })
    await queries.invalidateQueries({ queryKey: ['organisation'] })
  })
  const { departments, posts } = tree.data ?? { departments: [], posts: [] }
  const chosen = departments.find(({ departmentId }) => departmentId === query['department']) ?? null
  const people = (list.data?.staff ?? []).filter(
    ({ departmentId }) => chosen === null || departmentId === chosen.departmentId,
  )
  const mayChange = who.calls.includes('staff.put')
  const openPerson = (person: StaffListRow | null) =>
    setOpen({ kind: 'person', person, staffId: person?.staffId ?? newOperationId(clock()) })
  return (
    <>
      <PageHeading
        title={say('staff.title')}
        purpose={say('staff.purpose')}
        aside={
          mayChange && (
            <span class="ui-actions">
              <PushButton icon="plus" label={say('departments.new')} onPress={() => setOpen({ kind: 'department' })} />
              <PushButton kind="primary" icon="plus" label={say('staff.new')} onPress={() => openPerson(null)} />
            </span>
          )
        }
      />
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <DepartmentFilter departments={departments} chosen={chosen?.departmentId ?? null} />
      {list.data === undefined && !list.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {list.data !== undefined && (
        <StaffTable
          people={people}
          departments={departments}
          posts={posts}
          mayChange={mayChange}
          onChange={openPerson}
        />
      )}
      <StaffDrawer
        open={open}
        departments={departments}
        posts={posts}
        busy={deeds.busy}
        onClose={() => setOpen(null)}
        onPerson={(staffId, draft) =>
          deeds.carryOut({
            what: JSON.stringify([staffId, draft]),
            done: say('staff.saved', { name: draft.name }),
            send: async (operationId) => {
              await client.staff.put({ operationId, staffId, ...draft })
              setOpen(null)
            },
          })
        }
        onDepartment={(draft) =>
          deeds.carryOut({
            what: JSON.stringify(draft),
            done: say('staff.saved', { name: localText(draft.name) }),
            send: async (operationId) => {
              const departmentId = newOperationId(clock())
              await client.organisation.putDepartment({ operationId, departmentId, ...draft, retired: false })
              setOpen(null)
            },
          })
        }
      />
    </>
  )
}

function DepartmentFilter(props: { departments: readonly DepartmentRow[]; chosen: string | null }) {
  const { departments, chosen } = props
  const say = useSay()
  const localText = useLocalText()
  const { route } = useLocation()
  return (
    <div class="filters">
      <ChoiceField<string>
        label={say('staff.department')}
        clearable={true}
        placeholder={say('staff.department.all')}
        value={chosen}
        choices={departments.map(({ departmentId, name, code }) => ({
          value: departmentId,
          label: `${localText(name)} ${code}`,
        }))}
        onChange={(id) => route(id === null ? '/admin/staff' : `/admin/staff?department=${id}`, true)}
      />
    </div>
  )
}

interface DrawerProps {
  open: Open | null
  departments: readonly DepartmentRow[]
  posts: readonly PostRow[]
  busy: boolean
  onClose(): void
  onPerson(staffId: string, draft: PersonDraft): void
  onDepartment(draft: DepartmentDraft): void
}

function StaffDrawer({ open, departments, posts, busy, onClose, onPerson, onDepartment }: DrawerProps) {
  const say = useSay()
  if (open === null) return null
  const title =
    open.kind === 'department'
      ? say('departments.new')
      : open.person === null
        ? say('staff.new')
        : say('staff.change.of', { name: open.person.name })
  return (
    <SideDrawer open={true} title={title} closeLabel={say('app.close')} onClose={onClose}>
      {open.kind === 'department' ? (
        <DepartmentForm departments={departments} busy={busy} onSave={onDepartment} />
      ) : (
        <PersonForm
          person={open.person}
          departments={departments}
          posts={posts}
          busy={busy}
          onSave={(draft) => onPerson(open.staffId, draft)}
        />
      )}
    </SideDrawer>
  )
}
