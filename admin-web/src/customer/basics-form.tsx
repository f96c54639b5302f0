import type { PersonFile } from '@yizhan/contracts/customer'
import type { PersonSex, PersonState } from '@yizhan/contracts/customer-record'
import { nextPersonStates } from '@yizhan/rules/customer/person-state'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import type { Choice } from '../ui-admin/choice-field.tsx'
import { DraftForm } from '../ui-admin/draft-form.tsx'
import { personSexes } from './customer-choices.ts'

/** What of a file's own fields is changed. */
export interface BasicsChange {
  name?: string
  sex: PersonSex
  birthDate: string | null
  occupation: string | null
  interests: string[]
  habits: string[]
  state?: Exclude<PersonState, 'erased'>
}

interface Props {
  person: PersonFile
  busy: boolean
  onSave(change: BasicsChange): void
}

/** The sexes to choose from. */
export function sexChoices(say: Say): Choice<string>[] {
  return personSexes.map((value) => ({ value, label: say(`customers.sex.${value}`) }))
}

/** Changes a file's own fields; a masked name stays as it is unless another is written. */
export function BasicsForm({ person, busy, onSave }: Props) {
  const say = useSay()
  const states = [person.state, ...nextPersonStates(person.state)]
  return (
    <DraftForm<'name' | 'sex' | 'birthDate' | 'occupation' | 'interests' | 'habits' | 'state'>
      fields={[
        {
          name: 'name',
          label: say('customer.name'),
          kind: 'text',
          ...(person.isNameOpen ? {} : { hint: say('customer.basics.keepName') }),
        },
        { name: 'sex', label: say('customer.sex'), kind: 'choice', choices: sexChoices(say) },
        { name: 'birthDate', label: say('customer.birth'), kind: 'day' },
        { name: 'occupation', label: say('customer.occupation'), kind: 'text' },
        { name: 'interests', label: say('customer.interests'), kind: 'lines', hint: say('customer.list.hint') },
        { name: 'habits', label: say('customer.habits'), kind: 'lines', hint: say('customer.list.hint') },
        {
          name: 'state',
          label: say('customers.state'),
          kind: 'choice',
          choices: states.map((value) => ({ value, label: say(`customers.state.${value}`) })),
        },
      ]}
      start={{
        name: person.isNameOpen ? person.nameShown : '',
        sex: person.sex,
        birthDate: person.birthDate ?? '',
        occupation: person.occupation ?? '',
        interests: person.interests.join('\n'),
        habits: person.habits.join('\n'),
        state: person.state,
      }}
      submitLabel={say('customer.save')}
      busy={busy}
      onSubmit={(draft) => {
        const name = draft.name.trim()
        if (person.isNameOpen && name === '') return { name: say('app.required', { field: say('customer.name') }) }
        onSave({
          ...(name === '' || name === person.nameShown ? {} : { name }),
          ...(draft.state === person.state || draft.state === '' ? {} : { state: draft.state as 'registered' }),
          sex: (draft.sex === '' ? 'unknown' : draft.sex) as PersonSex,
          birthDate: draft.birthDate === '' ? null : draft.birthDate,
          occupation: draft.occupation.trim() || null,
          interests: linesOf(draft.interests),
          habits: linesOf(draft.habits),
        })
        return {}
      }}
    />
  )
}

/** The lines of a text that hold anything. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
