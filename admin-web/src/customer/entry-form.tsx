import type { NewEntry, NewHealthEntry, PersonFile } from '@yizhan/contracts/customer'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { type DraftField, DraftForm } from '../ui-admin/draft-form.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import {
  consentChannels,
  consentPurposes,
  detailKinds,
  healthKinds,
  interactionChannels,
  relationKinds,
  visitKinds,
  visitOutcomes,
} from './customer-choices.ts'
import { type EntryKind, entryOf } from './entry-draft.ts'

interface Props {
  kind: EntryKind
  person: PersonFile
  dates: AdminDates
  now: number
  busy: boolean
  onAdd(added: NewEntry | NewHealthEntry): void
}

/** Asks for one thing to be added to a file. */
export function EntryForm({ kind, person, dates, now, busy, onAdd }: Props) {
  const say = useSay()
  const fields = fieldsOf(say, kind, person)
  const start = Object.fromEntries(fields.map(({ name }) => [name, '']))
  return (
    <DraftForm<string>
      key={kind}
      fields={fields}
      start={{ ...start, ...usual(kind, dates.dayOf(now)) }}
      submitLabel={say('customer.add')}
      busy={busy}
      onSubmit={(draft) => {
        const read = entryOf(kind, draft, { dates, now })
        if (read.ok) {
          onAdd(read.value)
          return {}
        }
        const label = fields.find(({ name }) => name === read.field)?.label ?? ''
        return {
          [read.field]:
            read.problem === 'required' ? say('app.required', { field: label }) : say('customer.detail.wrong'),
        }
      }}
    />
  )
}

/** What is most often chosen. */
function usual(kind: EntryKind, today: string): Record<string, string> {
  switch (kind) {
    case 'detail':
      return { kind: 'phone' }
    case 'relation':
      return { kind: 'family', isGuardian: 'no' }
    case 'consent':
      return { purpose: 'care', channel: 'phone', answer: 'given' }
    case 'interaction':
      return { channel: 'phone', direction: 'out' }
    case 'health':
      return { kind: 'allergy' }
    case 'visit':
      return { kind: 'outpatient', day: today }
    case 'tag':
      return {}
  }
}

function fieldsOf(say: Say, kind: EntryKind, person: PersonFile): DraftField<string>[] {
  switch (kind) {
    case 'detail':
      return [
        {
          name: 'kind',
          label: say('customer.detail.kind'),
          kind: 'choice',
          choices: detailKinds.map((value) => ({ value, label: say(`customer.detail.${value}`) })),
        },
        { name: 'value', label: say('customer.detail.value'), kind: 'text' },
        {
          name: 'label',
          label: say('customer.detail.label'),
          kind: 'text',
          hint: say('customer.detail.label.hint'),
        },
      ]
    case 'relation':
      return relationFields(say)
    case 'consent':
      return consentFields(say, person)
    case 'interaction':
      return [
        {
          name: 'channel',
          label: say('customer.interaction.channel'),
          kind: 'choice',
          choices: interactionChannels.map((value) => ({ value, label: say(`customer.channel.${value}`) })),
        },
        {
          name: 'direction',
          label: say('customer.interaction.direction'),
          kind: 'choice',
          choices: (['out', 'in'] as const).map((value) => ({ value, label: say(`customer.interaction.${value}`) })),
        },
        { name: 'summary', label: say('customer.interaction.summary'), kind: 'lines' },
      ]
    case 'health':
      return [
        {
          name: 'kind',
          label: say('customer.health.kind'),
          kind: 'choice',
          choices: healthKinds.map((value) => ({ value, label: say(`customer.health.${value}`) })),
        },
        { name: 'text', label: say('customer.health.text'), kind: 'text', hint: say('customer.health.text.hint') },
      ]
    case 'visit':
      return visitFields(say)
    case 'tag':
      return [{ name: 'tag', label: say('customer.tag'), kind: 'text' }]
  }
}

function relationFields(say: Say): DraftField<string>[] {
  return [
    {
      name: 'kind',
      label: say('customer.relation.kind'),
      kind: 'choice',
      choices: relationKinds.map((value) => ({ value, label: say(`customer.relation.${value}`) })),
    },
    { name: 'name', label: say('customer.name'), kind: 'text' },
    { name: 'relationship', label: say('customer.relation.relationship'), kind: 'text' },
    { name: 'phone', label: say('customer.phone'), kind: 'tel' },
    {
      name: 'isGuardian',
      label: say('customer.relation.isGuardian'),
      kind: 'choice',
      choices: (['no', 'yes'] as const).map((value) => ({ value, label: say(`customer.${value}`) })),
    },
    { name: 'validUntil', label: say('customer.relation.until'), kind: 'day' },
  ]
}

function consentFields(say: Say, person: PersonFile): DraftField<string>[] {
  const guardians = person.relations.filter(({ isGuardian }) => isGuardian)
  return [
    {
      name: 'purpose',
      label: say('customer.consent.purpose'),
      kind: 'choice',
      choices: consentPurposes.map((value) => ({ value, label: say(`customer.consent.${value}`) })),
    },
    {
      name: 'channel',
      label: say('customer.consent.channel'),
      kind: 'choice',
      choices: consentChannels.map((value) => ({ value, label: say(`customer.channel.${value}`) })),
    },
    {
      name: 'answer',
      label: say('customer.consent.answer'),
      kind: 'choice',
      choices: (['given', 'withdrawn'] as const).map((value) => ({ value, label: say(`customer.consent.${value}`) })),
    },
    { name: 'textVersion', label: say('customer.consent.text'), kind: 'text' },
    {
      name: 'guardian',
      label: say('customer.consent.guardian'),
      kind: 'choice',
      choices: guardians.map(({ relationId, nameShown }) => ({ value: relationId, label: nameShown })),
    },
  ]
}

function visitFields(say: Say): DraftField<string>[] {
  return [
    {
      name: 'kind',
      label: say('customer.visit.kind'),
      kind: 'choice',
      choices: visitKinds.map((value) => ({ value, label: say(`customer.visit.${value}`) })),
    },
    { name: 'day', label: say('customer.visit.day'), kind: 'day' },
    { name: 'department', label: say('customer.visit.department'), kind: 'text' },
    { name: 'doctor', label: say('customer.visit.doctor'), kind: 'text' },
    { name: 'icd', label: say('customer.visit.icd'), kind: 'text' },
    { name: 'diagnosis', label: say('customer.visit.diagnosis'), kind: 'text' },
    { name: 'orders', label: say('customer.visit.orders'), kind: 'lines' },
    { name: 'fee', label: say('customer.visit.fee'), kind: 'text' },
    {
      name: 'outcome',
      label: say('customer.visit.outcome'),
      kind: 'choice',
      choices: visitOutcomes.map((value) => ({ value, label: say(`customer.visit.${value}`) })),
    },
  ]
}
