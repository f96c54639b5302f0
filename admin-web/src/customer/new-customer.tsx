import type { NewPerson } from '@yizhan/contracts/customer'
import type { NewDetail } from '@yizhan/contracts/customer-record'
import { birthDateOf, isIdNumber } from '@yizhan/rules/patient/id-number'
import { isPhoneNumber } from '../appointment/booking-draft.ts'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { DraftForm } from '../ui-admin/draft-form.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { bareNumber } from './bare-number.ts'
import { sexChoices } from './basics-form.tsx'
import { customerRefusal } from './customer-words.ts'

/** Opens a file with what the desk asks first. */
export function NewCustomer({ onOpened }: { onOpened(personId: string): void }) {
  const say = useSay()
  const { client } = useServices()
  const deeds = useRepeatable(customerRefusal, async () => undefined)
  return (
    <>
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <DraftForm<keyof Draft>
        fields={[
          { name: 'name', label: say('customer.name'), kind: 'text' },
          { name: 'idNumber', label: say('customer.idNumber'), kind: 'text', hint: say('customer.idNumber.hint') },
          { name: 'sex', label: say('customer.sex'), kind: 'choice', choices: sexChoices(say) },
          { name: 'birthDate', label: say('customer.birth'), kind: 'day' },
          { name: 'phone', label: say('customer.phone'), kind: 'tel' },
          { name: 'address', label: say('customer.address'), kind: 'text' },
          { name: 'occupation', label: say('customer.occupation'), kind: 'text' },
        ]}
        start={{ name: '', idNumber: '', sex: '', birthDate: '', phone: '', address: '', occupation: '' }}
        submitLabel={say('customer.create')}
        busy={deeds.busy}
        onSubmit={(draft) => {
          const problems = problemsOf(say, draft)
          if (Object.keys(problems).length > 0) return problems
          const person = personOf(draft)
          deeds
            .carryOut({
              what: JSON.stringify(person),
              done: say('customer.created', { who: person.name }),
              send: async (operationId) =>
                onOpened((await client.customer.create({ ...person, operationId })).personId),
            })
            .catch(() => undefined)
          return {}
        }}
      />
    </>
  )
}

interface Draft {
  name: string
  idNumber: string
  sex: string
  birthDate: string
  phone: string
  address: string
  occupation: string
}

function problemsOf(say: Say, draft: Draft): Partial<Record<keyof Draft, string>> {
  const [idNumber, phone] = [bareNumber(draft.idNumber), bareNumber(draft.phone)]
  return {
    ...(draft.name.trim() === '' ? { name: say('app.required', { field: say('customer.name') }) } : {}),
    ...(idNumber !== '' && !isIdNumber(idNumber) ? { idNumber: say('booking.form.idNumber.wrong') } : {}),
    ...(phone !== '' && !isPhoneNumber(phone) ? { phone: say('booking.form.phone.wrong') } : {}),
  }
}

/** The seventeenth digit of an ID number is odd for men (GB 11643-1999). */
function sexOf(idNumber: string): 'male' | 'female' {
  return Number(idNumber.charAt(16)) % 2 === 1 ? 'male' : 'female'
}

function personOf(draft: Draft): NewPerson {
  const [idNumber, phone, address] = [bareNumber(draft.idNumber), bareNumber(draft.phone), draft.address.trim()]
  const details: NewDetail[] = []
  if (phone !== '') details.push({ kind: 'phone', value: phone, label: null })
  if (idNumber !== '') details.push({ kind: 'id-number', value: idNumber, label: null })
  if (address !== '') details.push({ kind: 'address', value: address, label: null })
  const sex = draft.sex !== '' ? draft.sex : idNumber === '' ? 'unknown' : sexOf(idNumber)
  return {
    name: draft.name.trim(),
    sex: sex as NonNullable<NewPerson['sex']>,
    birthDate: draft.birthDate !== '' ? draft.birthDate : (birthDateOf(idNumber) ?? null),
    occupation: draft.occupation.trim() || null,
    source: 'desk',
    details,
  }
}
