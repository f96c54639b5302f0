import { useQuery } from '@tanstack/preact-query'
import type { DepartmentRow } from '@yizhan/contracts/organisation'
import { useState } from 'preact/hooks'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'

/** What is filled in about a department. */
export type DepartmentDraft = Pick<DepartmentRow, 'siteId' | 'parentId' | 'code' | 'name'>

interface Props {
  /** Null for a new one. */
  department: DepartmentRow | null
  departments: readonly DepartmentRow[]
  busy: boolean
  onSave(draft: DepartmentDraft, retired: boolean): void
}

/** Asks for site, place in the tree, code and both names of a department. */
export function DepartmentForm({ department, departments, busy, onSave }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const structure = useQuery({ queryKey: ['structure'], queryFn: () => client.tenant.structure() })
  const [draft, setDraft] = useState<DepartmentDraft>(() => draftOf(department))
  const isClosed = department !== null && department.retiredAt !== null
  const set = (part: Partial<DepartmentDraft>) => setDraft({ ...draft, ...part })
  const { 'zh-CN': zh, en } = draft.name
  const complete = draft.siteId !== '' && /^[A-Z0-9][A-Z0-9-]{0,19}$/.test(draft.code) && zh !== '' && en !== ''
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (complete && !busy) onSave(draft, isClosed)
      }}
    >
      <TextField
        label={say('departments.nameZh')}
        value={zh}
        onChange={(text) => set({ name: { 'zh-CN': text, en } })}
      />
      <TextField
        label={say('departments.nameEn')}
        value={en}
        onChange={(text) => set({ name: { 'zh-CN': zh, en: text } })}
      />
      <TextField
        label={say('departments.code')}
        hint={say('departments.code.hint')}
        value={draft.code}
        maxLength={20}
        onChange={(code) => set({ code: code.trim().toUpperCase() })}
      />
      <ChoiceField<string>
        label={say('departments.site')}
        value={draft.siteId === '' ? null : draft.siteId}
        choices={(structure.data?.sites ?? []).map(({ siteId, name }) => ({ value: siteId, label: localText(name) }))}
        onChange={(siteId) => set({ siteId: siteId ?? '' })}
      />
      <ChoiceField<string>
        label={say('departments.parent')}
        clearable={true}
        value={draft.parentId}
        choices={departments
          .filter(({ departmentId }) => departmentId !== department?.departmentId)
          .map(({ departmentId, name }) => ({ value: departmentId, label: localText(name) }))}
        onChange={(parentId) => set({ parentId })}
      />
      {department !== null && (
        <PushButton
          kind={isClosed ? 'plain' : 'quiet-danger'}
          wide={true}
          disabled={busy}
          label={say(isClosed ? 'departments.reopen' : 'departments.close')}
          onPress={() => onSave(draftOf(department), !isClosed)}
        />
      )}
      <PushButton kind="primary" submits={true} wide={true} busy={busy} disabled={!complete} label={say('app.save')} />
    </form>
  )
}

function draftOf(department: DepartmentRow | null): DepartmentDraft {
  if (department === null) return { siteId: '', parentId: null, code: '', name: { 'zh-CN': '', en: '' } }
  const { siteId, parentId, code, name } = department
  return { siteId, parentId, code, name }
}
