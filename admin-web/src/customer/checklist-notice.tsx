import type { PersonFile } from '@yizhan/contracts/customer'
import type { ChecklistField } from '@yizhan/rules/customer/visit-checklist'
import { useSay } from '../catalogue/admin-text.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { FileWork } from './customer-drawer.tsx'

/** Where each missing thing is written down. */
const workFor: Readonly<Record<ChecklistField, FileWork>> = {
  'health-card': 'detail',
  sex: 'basics',
  'birth-date': 'basics',
  document: 'detail',
  phone: 'detail',
  address: 'detail',
  occupation: 'basics',
  guardian: 'relation',
  contact: 'relation',
  allergy: 'health',
  history: 'health',
  'family-history': 'health',
  consent: 'consent',
}

interface Props {
  person: PersonFile
  /** Null for a reader who may change nothing. */
  onAdd: ((work: FileWork) => void) | null
}

/** What the desk still has to ask of a customer, each with the way to write it down. */
export function ChecklistNotice({ person, onAdd }: Props) {
  const say = useSay()
  const { visit, missing } = person.checklist
  const fields = missing.filter((field): field is ChecklistField => Object.hasOwn(workFor, field))
  if (fields.length === 0) return <Notice tone="good">{say(`customer.${visit}.complete`)}</Notice>
  return (
    <Notice tone="notice">
      {say(`customer.${visit}.missing`, { n: fields.length })}
      <span class="customer-missing">
        {fields.map((field) =>
          onAdd === null ? (
            <span key={field}>{say(`customer.missing.${field}`)}</span>
          ) : (
            <PushButton
              key={field}
              icon="plus"
              label={say(`customer.missing.${field}`)}
              spokenLabel={say('customer.add.to', { what: say(`customer.missing.${field}`) })}
              onPress={() => onAdd(workFor[field])}
            />
          ),
        )}
      </span>
    </Notice>
  )
}
