import { useQuery } from '@tanstack/preact-query'
import type { Role } from '@yizhan/contracts/access'
import type { AccountRow } from '@yizhan/contracts/account'
import { useState } from 'preact/hooks'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { ChoicesField } from '../ui-admin/choices-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { roleNames } from './role-names.ts'

/** What an administrator has filled in about an account. */
export interface AccountDraft {
  email: string
  displayName: string
  roles: readonly Role[]
  siteIds: readonly string[]
  departmentIds: readonly string[]
  staffId: string | null
}

/** The draft that a form begins with: that of an account, or an empty one. */
export function accountDraft(account: AccountRow | null): AccountDraft {
  if (account === null) return { email: '', displayName: '', roles: [], siteIds: [], departmentIds: [], staffId: null }
  const { email, displayName, roles: held, siteIds, departmentIds, staffId } = account
  return { email, displayName, roles: held, siteIds, departmentIds, staffId }
}

interface Props {
  account: AccountRow | null
  busy: boolean
  onSave(draft: AccountDraft): void
}

/** Asks for the person, the roles, and the places that the roles reach over. */
export function AccountForm({ account, busy, onSave }: Props) {
  const say = useSay()
  const [draft, setDraft] = useState(() => accountDraft(account))
  const set = (part: Partial<AccountDraft>) => setDraft({ ...draft, ...part })
  const complete = draft.email.includes('@') && draft.displayName.trim() !== '' && draft.roles.length > 0
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (complete && !busy) onSave({ ...draft, email: draft.email.trim(), displayName: draft.displayName.trim() })
      }}
    >
      {account === null && (
        <>
          <TextField
            label={say('accounts.email')}
            kind="email"
            value={draft.email}
            maxLength={254}
            autoFocus={true}
            onChange={(email) => set({ email })}
          />
          <TextField
            label={say('accounts.name')}
            value={draft.displayName}
            maxLength={60}
            onChange={(displayName) => set({ displayName })}
          />
        </>
      )}
      <ChoicesField<Role>
        label={say('accounts.roles')}
        hint={say('accounts.roles.hint')}
        value={draft.roles}
        choices={roleNames.map((role) => ({ value: role, label: say(`role.${role}`) }))}
        onChange={(chosen) => set({ roles: chosen })}
      />
      <PlaceFields draft={draft} set={set} />
      <PushButton kind="primary" submits={true} wide={true} busy={busy} disabled={!complete} label={say('app.save')} />
    </form>
  )
}

function PlaceFields({ draft, set }: { draft: AccountDraft; set(part: Partial<AccountDraft>): void }) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const structure = useQuery({ queryKey: ['structure'], queryFn: () => client.tenant.structure() })
  const tree = useQuery({ queryKey: ['organisation'], queryFn: () => client.organisation.tree() })
  const people = useQuery({ queryKey: ['staff'], queryFn: () => client.staff.list() })
  return (
    <>
      <ChoicesField<string>
        label={say('accounts.sites')}
        hint={say('accounts.sites.hint')}
        value={draft.siteIds}
        choices={(structure.data?.sites ?? []).map(({ siteId, name }) => ({ value: siteId, label: localText(name) }))}
        onChange={(siteIds) => set({ siteIds })}
      />
      <ChoicesField<string>
        label={say('accounts.departments')}
        hint={say('accounts.departments.hint')}
        value={draft.departmentIds}
        choices={(tree.data?.departments ?? []).map(({ departmentId, code, name }) => ({
          value: departmentId,
          label: `${localText(name)} ${code}`,
        }))}
        onChange={(departmentIds) => set({ departmentIds })}
      />
      <ChoiceField<string>
        label={say('accounts.staff')}
        hint={say('accounts.staff.hint')}
        clearable={true}
        value={draft.staffId}
        choices={(people.data?.staff ?? []).map(({ staffId, staffNumber, name }) => ({
          value: staffId,
          label: `${name} ${staffNumber}`,
        }))}
        onChange={(staffId) => set({ staffId })}
      />
    </>
  )
}
