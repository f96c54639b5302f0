import type { GroupFields } from '@yizhan/contracts/group-customer'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { type DraftField, DraftForm } from '../ui-admin/draft-form.tsx'
import { groupRelations } from './group-choices.ts'

const textFields = [
  'name',
  'address',
  'phone',
  'fax',
  'website',
  'email',
  'manager',
  'business',
  'headcount',
  'opportunities',
] as const
type Field = (typeof textFields)[number] | 'relation'

interface Props {
  group: GroupFields | null
  busy: boolean
  onSave(fields: GroupFields): void
}

/** Asks for what is written of a group. */
export function GroupForm({ group, busy, onSave }: Props) {
  const say = useSay()
  const start = Object.fromEntries(textFields.map((name) => [name, String(group?.[name] ?? '')]))
  return (
    <DraftForm<Field>
      fields={fieldsOf(say)}
      start={{ ...(start as Record<(typeof textFields)[number], string>), relation: group?.relation ?? 'prospect' }}
      submitLabel={say('customer.save')}
      busy={busy}
      onSubmit={(draft) => {
        const problems = problemsOf(say, draft)
        if (Object.keys(problems).length === 0) onSave(groupOf(draft))
        return problems
      }}
    />
  )
}

function fieldsOf(say: Say): DraftField<Field>[] {
  const relation: DraftField<Field> = {
    name: 'relation',
    label: say('groups.relation'),
    kind: 'choice',
    choices: groupRelations.map((value) => ({ value, label: say(`groups.relation.${value}`) })),
  }
  const texts = textFields.map(
    (name): DraftField<Field> => ({
      name,
      label: say(`groups.field.${name}`),
      kind: name === 'opportunities' ? 'lines' : 'text',
    }),
  )
  return [...texts.slice(0, 1), relation, ...texts.slice(1)]
}

function problemsOf(say: Say, draft: Readonly<Record<Field, string>>): Partial<Record<Field, string>> {
  const wrong = say('customer.detail.wrong')
  const forms: Partial<Record<Field, RegExp>> = {
    phone: /^(?:[\d+() -]{5,30})?$/,
    fax: /^(?:[\d+() -]{5,30})?$/,
    website: /^(?:https?:\/\/\S+)?$/,
    email: /^(?:[^\s@]+@[^\s@]+\.[^\s@]+)?$/,
    headcount: /^\d{0,7}$/,
  }
  const problems: Partial<Record<Field, string>> = {}
  if (draft.name.trim() === '') problems.name = say('app.required', { field: say('groups.field.name') })
  if (draft.relation === '') problems.relation = say('app.requiredChoice', { field: say('groups.relation') })
  for (const field of textFields) if (forms[field]?.test(draft[field].trim()) === false) problems[field] = wrong
  return problems
}

function groupOf(draft: Readonly<Record<Field, string>>): GroupFields {
  const text = (field: Field) => draft[field].trim() || null
  return {
    name: draft.name.trim(),
    address: text('address'),
    phone: text('phone'),
    fax: text('fax'),
    website: text('website'),
    email: text('email'),
    manager: text('manager'),
    business: text('business'),
    headcount: draft.headcount.trim() === '' ? null : Number(draft.headcount),
    relation: draft.relation as GroupFields['relation'],
    opportunities: text('opportunities'),
  }
}
