import type { Role } from '@yizhan/contracts/access'
import type { NoticeTargets } from '@yizhan/contracts/notice'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useAddressees } from '../todo/addressee-field.tsx'
import { CheckBox } from '../ui-admin/check-box.tsx'
import { ChoicesField } from '../ui-admin/choices-field.tsx'
import { MomentField } from '../ui-admin/moment-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextArea } from '../ui-admin/text-area.tsx'
import { TextField } from '../ui-admin/text-field.tsx'

/** What somebody has filled in about a new notice; moments as their fields have them, or empty. */
export interface NoticeDraft {
  title: string
  body: string
  targets: NoticeTargets
  from: string
  until: string
  mustAcknowledge: boolean
}

const emptyDraft: NoticeDraft = {
  title: '',
  body: '',
  targets: { everyone: false, roles: [], departmentIds: [], userIds: [] },
  from: '',
  until: '',
  mustAcknowledge: false,
}

/** Composes a notice: what it says, to whom, from when until when, and whether each has to acknowledge it. */
export function NoticeForm({ busy, onPublish }: { busy: boolean; onPublish(draft: NoticeDraft): void }) {
  const say = useSay()
  const [draft, setDraft] = useState(emptyDraft)
  const set = (part: Partial<NoticeDraft>) => setDraft({ ...draft, ...part })
  const { everyone, roles, departmentIds, userIds } = draft.targets
  const isAddressed = everyone || roles.length + departmentIds.length + userIds.length > 0
  const complete = draft.title.trim() !== '' && draft.body.trim() !== '' && isAddressed
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (complete && !busy) onPublish({ ...draft, title: draft.title.trim(), body: draft.body.trim() })
      }}
    >
      <TextField
        label={say('notices.form.title')}
        value={draft.title}
        maxLength={80}
        autoFocus={true}
        onChange={(title) => set({ title })}
      />
      <TextArea
        label={say('notices.form.body')}
        value={draft.body}
        rows={7}
        maxLength={5000}
        onChange={(body) => set({ body })}
      />
      <TargetFields targets={draft.targets} onChange={(targets) => set({ targets })} />
      <MomentField
        label={say('notices.form.from')}
        hint={say('notices.form.from.hint')}
        value={draft.from}
        onChange={(from) => set({ from })}
      />
      <MomentField
        label={say('notices.form.until')}
        hint={say('notices.form.until.hint')}
        value={draft.until}
        onChange={(until) => set({ until })}
      />
      <CheckBox
        label={say('notices.form.mustAcknowledge')}
        value={draft.mustAcknowledge}
        onChange={(mustAcknowledge) => set({ mustAcknowledge })}
      />
      <PushButton
        kind="primary"
        submits={true}
        wide={true}
        busy={busy}
        disabled={!complete}
        label={say('notices.form.publish')}
      />
    </form>
  )
}

function TargetFields({ targets, onChange }: { targets: NoticeTargets; onChange(targets: NoticeTargets): void }) {
  const say = useSay()
  const { people, departments, roles } = useAddressees()
  const set = (part: Partial<NoticeTargets>) => onChange({ ...targets, ...part })
  return (
    <>
      <CheckBox
        label={say('notices.form.everyone')}
        value={targets.everyone}
        onChange={(everyone) => onChange({ everyone, roles: [], departmentIds: [], userIds: [] })}
      />
      {!targets.everyone && (
        <>
          <ChoicesField<Role>
            label={say('notices.form.roles')}
            value={targets.roles}
            choices={roles}
            onChange={(chosen) => set({ roles: [...chosen] })}
          />
          <ChoicesField<string>
            label={say('notices.form.departments')}
            value={targets.departmentIds}
            choices={departments}
            onChange={(departmentIds) => set({ departmentIds: [...departmentIds] })}
          />
          <ChoicesField<string>
            label={say('notices.form.people')}
            value={targets.userIds}
            choices={people}
            onChange={(userIds) => set({ userIds: [...userIds] })}
          />
        </>
      )}
    </>
  )
}
