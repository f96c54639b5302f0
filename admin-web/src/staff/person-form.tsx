import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import type { StaffListRow, StaffRow } from '@yizhan/contracts/staff'
import { useState } from 'preact/hooks'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { DayField } from '../ui-admin/day-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'

/** What is filled in about a person. */
export type PersonDraft = Omit<StaffRow, 'staffId'>

interface Props {
  person: StaffListRow | null
  departments: readonly DepartmentRow[]
  posts: readonly PostRow[]
  busy: boolean
  onSave(draft: PersonDraft): void
}

/** Asks for number, name, place, post and validity of a person. */
export function PersonForm({ person, departments, posts, busy, onSave }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const [draft, setDraft] = useState<PersonDraft>(() => draftOf(person))
  const set = (part: Partial<PersonDraft>) => setDraft({ ...draft, ...part })
  const complete =
    /^[A-Za-z0-9-]{1,20}$/.test(draft.staffNumber) &&
    draft.name.trim() !== '' &&
    draft.departmentId !== '' &&
    draft.validFrom !== ''
  const yesNo = [
    { value: 'yes' as const, label: say('staff.shown.yes') },
    { value: 'no' as const, label: say('staff.shown.no') },
  ]
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (complete && !busy) onSave({ ...draft, name: draft.name.trim() })
      }}
    >
      <TextField
        label={say('staff.number')}
        value={draft.staffNumber}
        maxLength={20}
        autoFocus={true}
        onChange={(staffNumber) => set({ staffNumber: staffNumber.trim() })}
      />
      <TextField label={say('staff.name')} value={draft.name} maxLength={60} onChange={(name) => set({ name })} />
      <TextField
        label={say('staff.pinyin')}
        hint={say('staff.pinyin.hint')}
        value={draft.pinyin}
        maxLength={80}
        onChange={(pinyin) => set({ pinyin: pinyin.toLowerCase().replaceAll(/[^a-z ]/g, '') })}
      />
      <ChoiceField<string>
        label={say('staff.department')}
        value={draft.departmentId === '' ? null : draft.departmentId}
        choices={departments
          .filter(({ retiredAt }) => retiredAt === null)
          .map(({ departmentId, name, code }) => ({ value: departmentId, label: `${localText(name)} ${code}` }))}
        onChange={(departmentId) => set({ departmentId: departmentId ?? '' })}
      />
      <ChoiceField<string>
        label={say('staff.post')}
        clearable={true}
        value={draft.postId}
        choices={posts
          .filter(({ retiredAt }) => retiredAt === null)
          .map(({ postId, name }) => ({ value: postId, label: localText(name) }))}
        onChange={(postId) => set({ postId })}
      />
      <DayField label={say('staff.validFrom')} value={draft.validFrom} onChange={(validFrom) => set({ validFrom })} />
      <DayField
        label={say('staff.validTo')}
        hint={say('staff.validTo.hint')}
        value={draft.validTo ?? ''}
        onChange={(validTo) => set({ validTo: validTo === '' ? null : validTo })}
      />
      <ChoiceField<'yes' | 'no'>
        label={say('staff.shown')}
        value={draft.shownOnKiosk ? 'yes' : 'no'}
        choices={yesNo}
        onChange={(shown) => set({ shownOnKiosk: shown !== 'no' })}
      />
      <PushButton kind="primary" submits={true} wide={true} busy={busy} disabled={!complete} label={say('app.save')} />
    </form>
  )
}

function draftOf(person: StaffListRow | null): PersonDraft {
  if (person === null) {
    return {
      staffNumber: '',
      name: '',
      pinyin: '',
      departmentId: '',
      otherDepartmentIds: [],
      postId: null,
      validFrom: '',
      validTo: null,
      shownOnKiosk: true,
    }
  }
  const { staffNumber, name, pinyin, departmentId, otherDepartmentIds, postId, validFrom, validTo, shownOnKiosk } =
    person
  return { staffNumber, name, pinyin, departmentId, otherDepartmentIds, postId, validFrom, validTo, shownOnKiosk }
}
