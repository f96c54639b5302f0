import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { GroupRow } from '@yizhan/contracts/group-customer'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { customerRefusal } from '../customer/customer-words.ts'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { useRepeatable } from '../shell/use-repeatable.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { groupRelations } from './group-choices.ts'
import { GroupForm } from './group-form.tsx'

/** The groups whose people the hospital looks after together. */
export function GroupsPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const { client } = useServices()
  const queries = useQueryClient()
  const { query, route } = useLocation()
  const relation = groupRelations.find((known) => known === query['relation']) ?? null
  const [isAdding, setAdding] = useState(false)
  const list = useQuery({
    queryKey: ['groups', relation],
    queryFn: () => client.groupCustomer.list(relation === null ? {} : { relation }),
    placeholderData: keepPreviousData,
  })
  const deeds = useRepeatable(customerRefusal, () => queries.invalidateQueries({ queryKey: ['groups'] }))
  return (
    <>
      <PageHeading
        title={say('groups.title')}
        purpose={say('groups.purpose')}
        aside={
          who.calls.includes('groupCustomer.create') && (
            <PushButton kind="primary" icon="plus" label={say('groups.new')} onPress={() => setAdding(true)} />
          )
        }
      />
      <section class="filters" aria-label={say('customers.filter')}>
        <ChoiceField
          label={say('groups.relation')}
          placeholder={say('groups.relation.all')}
          clearable={true}
          value={relation}
          choices={groupRelations.map((value) => ({ value, label: say(`groups.relation.${value}`) }))}
          onChange={(next) => route(next === null ? '/admin/groups' : `/admin/groups?relation=${next}`, true)}
        />
      </section>
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {list.data === undefined && !list.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {list.data !== undefined && (
        <DataTable<GroupRow>
          label={say('groups.title')}
          rows={list.data.rows}
          rowKey={(row) => row.groupId}
          isQuiet={(row) => row.relation === 'ended'}
          totalText={(n) => say('app.total', { n })}
          empty={<EmptyState title={say('groups.empty.title')} body={say('groups.empty.body')} />}
          columns={columnsOf(say)}
        />
      )}
      <SideDrawer
        title={say('groups.new')}
        open={isAdding}
        closeLabel={say('app.close')}
        onClose={() => setAdding(false)}
      >
        {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
        {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
        <GroupForm
          group={null}
          busy={deeds.busy}
          onSave={(fields) => {
            deeds
              .carryOut({
                what: JSON.stringify(fields),
                done: say('customer.saved'),
                send: async (operationId) => {
                  const { groupId } = await client.groupCustomer.create({ ...fields, operationId })
                  route(`/admin/groups/${groupId}`)
                },
              })
              .catch(() => undefined)
          }}
        />
      </SideDrawer>
    </>
  )
}

function columnsOf(say: Say): DataColumn<GroupRow>[] {
  return [
    {
      key: 'name',
      title: say('groups.column.name'),
      sortBy: (row) => row.name,
      show: (row) => <a href={`/admin/groups/${row.groupId}`}>{row.name}</a>,
    },
    {
      key: 'relation',
      title: say('groups.relation'),
      widthPx: 110,
      sortBy: (row) => row.relation,
      show: (row) => say(`groups.relation.${row.relation}`),
    },
    { key: 'business', title: say('groups.column.business'), show: (row) => row.business ?? '' },
    {
      key: 'headcount',
      title: say('groups.column.headcount'),
      widthPx: 110,
      align: 'end',
      sortBy: (row) => row.headcount ?? 0,
      show: (row) => <span class="figures">{row.headcount ?? ''}</span>,
    },
    {
      key: 'members',
      title: say('groups.column.members'),
      widthPx: 100,
      align: 'end',
      sortBy: (row) => row.memberCount,
      show: (row) => <span class="figures">{row.memberCount}</span>,
    },
    {
      key: 'contact',
      title: say('groups.column.contact'),
      widthPx: 140,
      show: (row) => row.contactShown ?? '',
    },
  ]
}
