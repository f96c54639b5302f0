import { useQuery } from '@tanstack/preact-query'
import type { Role } from '@yizhan/contracts/access'
import { useLocation } from 'preact-iso'
import { roleNames } from '../account/role-names.ts'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { type CentreClient, useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { resourceWord, verbWord } from './policy-words.ts'

type Right = Awaited<ReturnType<CentreClient['access']['policy']>>['rights'][number]

/** The policy table in words: what each role may do, how far, and what it sees masked. Nothing can be changed here. */
export function PolicyPage() {
  const say = useSay()
  const { client } = useServices()
  const { query, route } = useLocation()
  const table = useQuery({ queryKey: ['policy'], queryFn: () => client.access.policy() })
  const role = roleNames.find((name) => name === query['role']) ?? null
  const rights = (table.data?.rights ?? []).filter((right) => role === null || right.role === role)
  return (
    <>
      <PageHeading title={say('policy.title')} purpose={say('policy.purpose')} />
      {table.isError && <LoadProblem error={table.error} staleTime={null} onRetry={() => table.refetch()} />}
      <div class="filters">
        <ChoiceField<Role>
          label={say('policy.role')}
          value={role}
          clearable={true}
          placeholder={say('policy.role.all')}
          choices={roleNames.map((name) => ({ value: name, label: say(`role.${name}`) }))}
          onChange={(name) => route(name === null ? '/admin/roles' : `/admin/roles?role=${name}`, true)}
        />
      </div>
      {table.data === undefined && !table.isError && <SkeletonRows rows={10} label={say('app.loading')} />}
      {table.data !== undefined && (
        <DataTable<Right>
          label={say('policy.title')}
          rows={rights}
          rowKey={(right) => `${right.resource} ${right.verb} ${right.role}`}
          totalText={(n) => say('app.total', { n })}
          empty={<EmptyState title={say('policy.none.title')} body={say('policy.none.body')} />}
          columns={columnsOf(say)}
        />
      )}
    </>
  )
}

function columnsOf(say: Say): DataColumn<Right>[] {
  return [
    {
      key: 'resource',
      title: say('policy.resource'),
      sortBy: (right) => right.resource,
      show: (right) => <b>{wordOf(say, resourceWord(right.resource), right.resource)}</b>,
    },
    { key: 'verb', title: say('policy.verb'), show: (right) => wordOf(say, verbWord(right.verb), right.verb) },
    {
      key: 'role',
      title: say('policy.role'),
      sortBy: (right) => say(`role.${right.role}`),
      show: (right) => say(`role.${right.role}`),
    },
    { key: 'reach', title: say('policy.reach'), show: (right) => say(`policy.reach.${right.reach}`) },
    {
      key: 'masked',
      title: say('policy.masked'),
      show: (right) => right.masked.map((field) => say(`policy.masked.${field}`)).join(say('app.listComma')),
    },
  ]
}

/** A resource of a newer centre has no word here yet: its own name says more than nothing. */
function wordOf(say: Say, key: Parameters<Say>[0] | null, name: string): string {
  return key === null ? name : say(key)
}
