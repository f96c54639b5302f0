import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { GroupFile } from '@yizhan/contracts/group-customer'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { customerRefusal } from '../customer/customer-words.ts'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { refusalOf } from '../shell/refusal.ts'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { GroupDrawer, type GroupWork } from './group-drawer.tsx'

/** One group: what is known of it, its contacts, its people and their results. */
export function GroupPage({ who, groupId }: { who: WhoAmI; groupId: string }) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  const [work, setWork] = useState<GroupWork | null>(null)
  const file = useQuery({ queryKey: ['group', groupId], queryFn: () => client.groupCustomer.read({ groupId }) })
  const deeds = useRepeatable(customerRefusal, () => queries.invalidateQueries({ queryKey: ['group', groupId] }))
  if (file.isError && refusalOf(file.error) === 'group-unknown') {
    return <EmptyState title={say('groups.unknown.title')} body={say('groups.unknown.body')} />
  }
  const group = file.data?.group
  const mayChange = who.calls.includes('groupCustomer.change')
  const end = (entry: 'contact' | 'member', entryId: string, what: string) => {
    deeds
      .carryOut({
        what: `end ${entryId}`,
        done: say('customer.end.done', { what }),
        send: (operationId) => client.groupCustomer.end({ groupId, entryId, entry, operationId }),
      })
      .catch(() => undefined)
  }
  return (
    <>
      <a class="back-link" href="/admin/groups">
        {say('groups.back')}
      </a>
      <PageHeading title={group?.name ?? say('groups.title')} purpose={say('groups.file.purpose')} />
      {file.isError && <LoadProblem error={file.error} staleTime={null} onRetry={() => file.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {group === undefined && !file.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {group !== undefined && (
        <div class="customer-file">
          <div class="customer-panels">
            <GroupBasics group={group} onEdit={mayChange ? () => setWork('basics') : null} />
            <Contacts
              group={group}
              onAdd={mayChange ? () => setWork('contact') : null}
              onEnd={mayChange ? end : null}
            />
            <Members group={group} onAdd={mayChange ? () => setWork('member') : null} onEnd={mayChange ? end : null} />
          </div>
          <Results
            group={group}
            onAdd={who.calls.includes('groupCustomer.addResults') ? () => setWork('result') : null}
          />
        </div>
      )}
      {group !== undefined && <GroupDrawer work={work} group={group} deeds={deeds} onClose={() => setWork(null)} />}
    </>
  )
}

type Adding = (() => void) | null
type Ending = ((entry: 'contact' | 'member', entryId: string, what: string) => void) | null

function PanelHead({ title, label, onPress }: { title: string; label: string; onPress: Adding }) {
  return (
    <header>
      <h2>{title}</h2>
      {onPress !== null && (
        <PushButton kind="quiet" label={label} spokenLabel={`${label} ${title}`} onPress={onPress} />
      )}
    </header>
  )
}

function GroupBasics({ group, onEdit }: { group: GroupFile; onEdit: Adding }) {
  const say = useSay()
  const fields = ['address', 'phone', 'fax', 'website', 'email', 'manager', 'business', 'headcount'] as const
  return (
    <section class="customer-panel" aria-label={say('groups.basics')}>
      <PanelHead title={say('groups.basics')} label={say('customer.basics.edit')} onPress={onEdit} />
      <dl class="customer-facts">
        <div>
          <dt>{say('groups.relation')}</dt>
          <dd>{say(`groups.relation.${group.relation}`)}</dd>
        </div>
        {fields.map((field) => (
          <div key={field}>
            <dt>{say(`groups.field.${field}`)}</dt>
            <dd>{group[field] ?? <span class="customer-nothing">{say('customer.none')}</span>}</dd>
          </div>
        ))}
      </dl>
      {group.opportunities !== null && (
        <p>
          <span class="customer-nothing">{say('groups.field.opportunities')}</span> {group.opportunities}
        </p>
      )}
    </section>
  )
}

function Contacts({ group, onAdd, onEnd }: { group: GroupFile; onAdd: Adding; onEnd: Ending }) {
  const say = useSay()
  return (
    <section class="customer-panel" aria-label={say('groups.contacts')}>
      <PanelHead title={say('groups.contacts')} label={say('customer.add')} onPress={onAdd} />
      {group.contacts.length === 0 && <p class="customer-nothing">{say('customer.empty')}</p>}
      <ul class="customer-list">
        {group.contacts.map(({ contactId, nameShown, role, post, phoneShown, email }) => (
          <li key={contactId}>
            <span class="customer-kind">{post ?? say(`groups.contact.${role}`)}</span>
            <span class="customer-value">
              {nameShown} <span class="figures">{phoneShown}</span> {email}{' '}
              {role === 'staff-health' && (
                <StatusTag tone="info" icon="people" label={say('groups.contact.staff-health')} />
              )}
            </span>
            {onEnd !== null && <EndButton what={nameShown} onPress={() => onEnd('contact', contactId, nameShown)} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Members({ group, onAdd, onEnd }: { group: GroupFile; onAdd: Adding; onEnd: Ending }) {
  const say = useSay()
  return (
    <section class="customer-panel" aria-label={say('groups.members')}>
      <PanelHead title={say('groups.members')} label={say('customer.add')} onPress={onAdd} />
      {group.members.length === 0 && <p class="customer-nothing">{say('customer.empty')}</p>}
      <ul class="customer-list">
        {group.members.map(({ memberId, personId, nameShown }) => (
          <li key={memberId}>
            <a class="customer-value" href={`/admin/customers/${personId}`}>
              {nameShown}
            </a>
            {onEnd !== null && <EndButton what={nameShown} onPress={() => onEnd('member', memberId, nameShown)} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function EndButton({ what, onPress }: { what: string; onPress(): void }) {
  const say = useSay()
  return (
    <PushButton
      kind="quiet-danger"
      label={say('customer.end')}
      spokenLabel={say('customer.end.of', { what })}
      onPress={onPress}
    />
  )
}

function Results({ group, onAdd }: { group: GroupFile; onAdd: Adding }) {
  const say = useSay()
  const { results } = group
  const abnormal = results?.filter(({ flag }) => flag !== 'normal').length ?? 0
  return (
    <section class="customer-panel" aria-label={say('groups.results')}>
      <PanelHead title={say('groups.results')} label={say('customer.add')} onPress={onAdd} />
      {results === null && <p class="customer-nothing">{say('groups.results.hidden')}</p>}
      {results !== null && <p class="customer-nothing">{say('groups.results.of', { abnormal, n: results.length })}</p>}
      <ul class="customer-list">
        {results?.map(({ resultId, personId, nameShown, checkedOn, item, value, unit, flag, advice }) => (
          <li key={resultId}>
            <a class="customer-kind" href={`/admin/customers/${personId}`}>
              {nameShown}
            </a>
            <span class="customer-value">
              {item}{' '}
              <b class="figures">
                {value} {unit}
              </b>{' '}
              <StatusTag
                tone={flag === 'normal' ? 'good' : flag === 'critical' ? 'bad' : 'notice'}
                icon={flag === 'normal' ? 'ok' : 'warning'}
                label={say(`groups.flag.${flag}`)}
              />
              <small>
                {' '}
                {checkedOn} {advice}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
