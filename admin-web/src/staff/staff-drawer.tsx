import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import type { StaffListRow } from '@yizhan/contracts/staff'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DepartmentDraft, DepartmentForm } from '../organisation/department-form.tsx'
import { PostsForm } from '../organisation/posts-form.tsx'
import { useServices } from '../shell/admin-services.ts'
import type { Repeatable } from '../shell/use-repeatable.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { IssuedForms } from './issued-forms.tsx'
import { type PersonDraft, PersonForm } from './person-form.tsx'

/** What is open in the pane; a new thing has its id from the start, so that a repeat is no second one. */
export type StaffPane =
  | { kind: 'department'; department: DepartmentRow | null; departmentId: string }
  | { kind: 'posts' }
  | { kind: 'person'; person: StaffListRow | null; staffId: string }

interface Props {
  pane: StaffPane | null
  departments: readonly DepartmentRow[]
  posts: readonly PostRow[]
  deeds: Repeatable
  onClose(): void
}

/** The pane beside the staff list: a person, a department, or the posts. */
export function StaffDrawer({ pane, departments, posts, deeds, onClose }: Props) {
  const say = useSay()
  const title = useTitle(pane)
  const put = usePutting(deeds, onClose)
  if (pane === null) return null
  return (
    <SideDrawer open={true} title={title} closeLabel={say('app.close')} onClose={onClose}>
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {pane.kind === 'posts' && <PostsForm posts={posts} deeds={deeds} />}
      {pane.kind === 'department' && (
        <DepartmentForm
          department={pane.department}
          departments={departments}
          busy={deeds.busy}
          onSave={(draft, retired) => put.department(pane.departmentId, draft, retired)}
        />
      )}
      {pane.kind === 'person' && (
        <PersonForm
          person={pane.person}
          departments={departments}
          posts={posts}
          busy={deeds.busy}
          onSave={(draft) => put.person(pane.staffId, draft)}
        />
      )}
      {pane.kind === 'person' && pane.person !== null && <IssuedForms person={pane.person} deeds={deeds} />}
    </SideDrawer>
  )
}

function useTitle(pane: StaffPane | null): string {
  const say = useSay()
  const localText = useLocalText()
  if (pane?.kind === 'posts') return say('posts.title')
  if (pane?.kind === 'department') {
    const { department } = pane
    return department === null ? say('departments.new') : say('staff.change.of', { name: localText(department.name) })
  }
  return pane === null || pane.person === null ? say('staff.new') : say('staff.change.of', { name: pane.person.name })
}

function usePutting(deeds: Repeatable, onDone: () => void) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const carryOut = (what: string, name: string, send: (operationId: string) => Promise<unknown>) =>
    deeds.carryOut({
      what,
      done: say('staff.saved', { name }),
      send: async (operationId) => {
        await send(operationId)
        onDone()
      },
    })
  return {
    person: (staffId: string, draft: PersonDraft) =>
      carryOut(JSON.stringify([staffId, draft]), draft.name, (operationId) =>
        client.staff.put({ operationId, staffId, ...draft }),
      ),
    department: (departmentId: string, draft: DepartmentDraft, retired: boolean) =>
      carryOut(JSON.stringify([departmentId, draft, retired]), localText(draft.name), (operationId) =>
        client.organisation.putDepartment({ operationId, departmentId, ...draft, retired }),
      ),
  }
}
