import { useQuery } from '@tanstack/preact-query'
import type { GroupFile } from '@yizhan/contracts/group-customer'
import { useState } from 'preact/hooks'
import { isPhoneNumber } from '../appointment/booking-draft.ts'
import { useSay } from '../catalogue/admin-text.tsx'
import { bareNumber } from '../customer/bare-number.ts'
import { useServices } from '../shell/admin-services.ts'
import type { Repeatable } from '../shell/use-repeatable.ts'
import { DraftForm } from '../ui-admin/draft-form.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { checkupFlags, groupContactRoles } from './group-choices.ts'
import { GroupForm } from './group-form.tsx'

/** What is being written of a group. */
export type GroupWork = 'basics' | 'contact' | 'member' | 'result'

interface Props {
  work: GroupWork | null
  group: GroupFile
  deeds: Repeatable
  onClose(): void
}

type Keep = (what: unknown, send: (operationId: string) => Promise<unknown>) => void

/** The pane in which something is written of a group; it closes once that is kept. */
export function GroupDrawer({ work, group, deeds, onClose }: Props) {
  const say = useSay()
  const { client } = useServices()
  const { groupId, version } = group
  const keep: Keep = (what, send) => {
    deeds
      .carryOut({
        what: JSON.stringify([groupId, what]),
        done: say('customer.saved'),
        send: async (operationId) => {
          await send(operationId)
          onClose()
        },
      })
      .catch(() => undefined)
  }
  const title = work === null ? '' : work === 'basics' ? say('groups.basics') : say(`groups.${work}`)
  return (
    <SideDrawer title={title} open={work !== null} closeLabel={say('app.close')} onClose={onClose}>
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {work === 'basics' && (
        <GroupForm
          group={group}
          busy={deeds.busy}
          onSave={(fields) =>
            keep(fields, (operationId) => client.groupCustomer.change({ ...fields, groupId, version, operationId }))
          }
        />
      )}
      {work === 'contact' && <ContactForm groupId={groupId} busy={deeds.busy} keep={keep} />}
      {work === 'member' && <MemberForm groupId={groupId} keep={keep} />}
      {work === 'result' && <ResultForm group={group} busy={deeds.busy} keep={keep} />}
    </SideDrawer>
  )
}

function ContactForm({ groupId, busy, keep }: { groupId: string; busy: boolean; keep: Keep }) {
  const say = useSay()
  const { client } = useServices()
  return (
    <DraftForm<'name' | 'role' | 'post' | 'phone' | 'email'>
      fields={[
        { name: 'name', label: say('customer.name'), kind: 'text' },
        {
          name: 'role',
          label: say('groups.contact.role'),
          kind: 'choice',
          choices: groupContactRoles.map((value) => ({ value, label: say(`groups.contact.${value}`) })),
        },
        { name: 'post', label: say('groups.contact.post'), kind: 'text' },
        { name: 'phone', label: say('customer.phone'), kind: 'tel' },
        { name: 'email', label: say('groups.field.email'), kind: 'text' },
      ]}
      start={{ name: '', role: 'staff-health', post: '', phone: '', email: '' }}
      submitLabel={say('customer.add')}
      busy={busy}
      onSubmit={({ name, role, post, phone, email }) => {
        const bare = bareNumber(phone)
        if (name.trim() === '') return { name: say('app.required', { field: say('customer.name') }) }
        if (role === '') return { role: say('app.requiredChoice', { field: say('groups.contact.role') }) }
        if (bare !== '' && !isPhoneNumber(bare)) return { phone: say('booking.form.phone.wrong') }
        if (!/^(?:[^\s@]+@[^\s@]+\.[^\s@]+)?$/.test(email.trim())) return { email: say('customer.detail.wrong') }
        const contact = {
          name: name.trim(),
          role: role as (typeof groupContactRoles)[number],
          post: post.trim() || null,
          phone: bare || null,
          email: email.trim() || null,
        }
        keep(contact, (operationId) => client.groupCustomer.addContact({ groupId, operationId, contact }))
        return {}
      }}
    />
  )
}

function MemberForm({ groupId, keep }: { groupId: string; keep: Keep }) {
  const say = useSay()
  const { client } = useServices()
  const [typed, setTyped] = useState('')
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['customers', 'for-group', text],
    queryFn: () => client.customer.find({ text }),
    enabled: text !== '',
  })
  return (
    <form
      class="drawer-form"
      onSubmit={(event) => {
        event.preventDefault()
        setText(typed.trim())
      }}
    >
      <TextField label={say('groups.member.find')} value={typed} onChange={setTyped} autoFocus={true} />
      <PushButton kind="primary" wide={true} submits={true} icon="search" label={say('customers.search.do')} />
      {found.data?.rows.length === 0 && <Notice tone="quiet">{say('customers.none.body')}</Notice>}
      <ul class="customer-list">
        {found.data?.rows.map(({ personId, nameShown, phoneShown }) => (
          <li key={personId}>
            <span class="customer-value">
              {nameShown} <span class="figures">{phoneShown}</span>
            </span>
            <PushButton
              label={say('customer.add')}
              spokenLabel={say('customer.add.to', { what: nameShown })}
              onPress={() =>
                keep(personId, (operationId) => client.groupCustomer.addMember({ groupId, personId, operationId }))
              }
            />
          </li>
        ))}
      </ul>
    </form>
  )
}

function ResultForm({ group, busy, keep }: { group: GroupFile; busy: boolean; keep: Keep }) {
  const say = useSay()
  const { client } = useServices()
  const required = ['person', 'day', 'item', 'value', 'flag'] as const
  return (
    <DraftForm<'person' | 'day' | 'item' | 'value' | 'unit' | 'flag' | 'advice'>
      fields={[
        {
          name: 'person',
          label: say('groups.member'),
          kind: 'choice',
          choices: group.members.map(({ personId, nameShown }) => ({ value: personId, label: nameShown })),
        },
        { name: 'day', label: say('groups.result.day'), kind: 'day' },
        { name: 'item', label: say('groups.result.item'), kind: 'text' },
        { name: 'value', label: say('groups.result.value'), kind: 'text' },
        { name: 'unit', label: say('groups.result.unit'), kind: 'text' },
        {
          name: 'flag',
          label: say('groups.result.flag'),
          kind: 'choice',
          choices: checkupFlags.map((value) => ({ value, label: say(`groups.flag.${value}`) })),
        },
        { name: 'advice', label: say('groups.result.advice'), kind: 'lines' },
      ]}
      start={{ person: '', day: '', item: '', value: '', unit: '', flag: 'normal', advice: '' }}
      submitLabel={say('customer.add')}
      busy={busy}
      onSubmit={(draft) => {
        const missing = required.find((field) => draft[field].trim() === '')
        if (missing !== undefined) {
          const label = missing === 'person' ? say('groups.member') : say(`groups.result.${missing}`)
          return { [missing]: say('app.required', { field: label }) }
        }
        const result = {
          personId: draft.person,
          checkedOn: draft.day,
          item: draft.item.trim(),
          value: draft.value.trim(),
          unit: draft.unit.trim() || null,
          flag: draft.flag as (typeof checkupFlags)[number],
          advice: draft.advice.trim() || null,
        }
        keep(result, (operationId) =>
          client.groupCustomer.addResults({ groupId: group.groupId, operationId, results: [result] }),
        )
        return {}
      }}
    />
  )
}
