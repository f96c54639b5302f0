import type { AuditState } from '@yizhan/contracts/audit'
import { useEffect, useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { DayField } from '../ui-admin/day-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { type AuditFilter, auditAddress, wholeTrail } from './audit-filter.ts'
import { actionWord } from './audit-words.ts'

interface Props {
  filter: AuditFilter
  /** Who and what can be chosen; undefined until it is known. */
  choices: Pick<AuditState, 'people' | 'actions'> | undefined
  onFilter(filter: AuditFilter): void
}

/** Person, action, object, days; the address of the page keeps them. Every change goes back to the youngest row. */
export function AuditFilters({ filter, choices, onFilter }: Props) {
  const say = useSay()
  const narrow = (change: Partial<AuditFilter>) => onFilter({ ...filter, ...change, after: null })
  const people = (choices?.people ?? []).map(({ actorId, name }) => ({ value: actorId, label: name }))
  const known = people.some(({ value }) => value === filter.actorId)
  const others = filter.actorId === null || known ? [] : [{ value: filter.actorId, label: filter.actorId }]
  return (
    <section class="filters" aria-label={say('audit.filter')}>
      <ChoiceField
        label={say('audit.person')}
        placeholder={say('audit.person.all')}
        clearable={true}
        value={filter.actorId}
        choices={[...people, ...others]}
        onChange={(actorId) => narrow({ actorId })}
      />
      <ChoiceField
        label={say('audit.verb')}
        placeholder={say('audit.verb.all')}
        clearable={true}
        value={filter.verb}
        choices={[
          { value: 'read' as const, label: say('audit.verb.read') },
          { value: 'write' as const, label: say('audit.verb.write') },
        ]}
        onChange={(verb) => narrow({ verb })}
      />
      <ChoiceField
        label={say('audit.action')}
        placeholder={say('audit.action.all')}
        clearable={true}
        value={filter.action}
        choices={(choices?.actions ?? []).map((action) => ({ value: action, label: actionWord(say, action) }))}
        onChange={(action) => narrow({ action })}
      />
      <DayField
        label={say('audit.from')}
        value={filter.from ?? ''}
        onChange={(day) => narrow({ from: day === '' ? null : day })}
      />
      <DayField
        label={say('audit.to')}
        value={filter.to ?? ''}
        onChange={(day) => narrow({ to: day === '' ? null : day })}
      />
      <ObjectField value={filter.objectId} onChange={(objectId) => narrow({ objectId })} />
      {auditAddress(filter) !== auditAddress(wholeTrail) && (
        <PushButton kind="quiet" label={say('bookings.clear')} onPress={() => onFilter(wholeTrail)} />
      )}
    </section>
  )
}

/** A person types no faster: an id is pasted, and half of one finds nothing. */
const typedForMs = 400

function ObjectField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const say = useSay()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed.trim() === value) return
    const done = setTimeout(() => onChange(typed.trim()), typedForMs)
    return () => clearTimeout(done)
  }, [typed, value, onChange])
  return <TextField label={say('audit.object')} value={typed} maxLength={100} onChange={setTyped} />
}
