import { keepPreviousData, useQuery } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import { useMemo, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import { personSources, personStates } from './customer-choices.ts'
import { type CustomerFilter, customerAddress, everyCustomer, readCustomerFilter } from './customer-filter.ts'
import { CustomerTable } from './customer-table.tsx'
import { NewCustomer } from './new-customer.tsx'

/** The customers of the hospital: found by what is typed, or gone through page by page. */
export function CustomersPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { query, route } = useLocation()
  const { client } = useServices()
  const filter = readCustomerFilter(query)
  const [isOpening, setOpening] = useState(false)
  const narrow = (next: CustomerFilter) => route(customerAddress(next))
  const { state, source, tag, text, after } = filter
  const list = useQuery({
    queryKey: ['customers', filter],
    queryFn: async () => {
      if (text !== '') return { ...(await client.customer.find({ text })), next: null }
      return await client.customer.list({
        ...(state === null ? {} : { state }),
        ...(source === null ? {} : { source }),
        ...(tag === '' ? {} : { tag }),
        ...(after === null ? {} : { after }),
      })
    },
    placeholderData: keepPreviousData,
  })
  const isNarrowed = text !== '' || state !== null || source !== null || tag !== ''
  return (
    <>
      <PageHeading
        title={say('customers.title')}
        purpose={say('customers.purpose')}
        aside={<ListActions who={who} onNew={() => setOpening(true)} />}
      />
      <SearchBox key={text} text={text} onFind={(wanted) => narrow({ ...everyCustomer, text: wanted })} />
      {text === '' && <ListFilters filter={filter} onFilter={narrow} />}
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {list.data === undefined && !list.isError && <SkeletonRows rows={12} label={say('app.loading')} />}
      {list.data !== undefined && (
        <>
          {text !== '' && <p role="status">{say('customers.search.found', { n: list.data.rows.length })}</p>}
          <CustomerTable
            rows={list.data.rows}
            dates={dates}
            empty={
              <EmptyState
                title={say(isNarrowed ? 'customers.none.title' : 'customers.empty.title')}
                body={say(isNarrowed ? 'customers.none.body' : 'customers.empty.body')}
              />
            }
          />
          <Pages filter={filter} next={list.data.next} onFilter={narrow} />
          <p class="as-of">{say('app.asOf', { time: dates.dayAndClock(list.data.asOf) })}</p>
        </>
      )}
      <SideDrawer
        title={say('customers.new')}
        open={isOpening}
        closeLabel={say('app.close')}
        onClose={() => setOpening(false)}
      >
        <NewCustomer onOpened={(personId) => route(`/admin/customers/${personId}`)} />
      </SideDrawer>
    </>
  )
}

function ListActions({ who, onNew }: { who: WhoAmI; onNew(): void }) {
  const say = useSay()
  const { route } = useLocation()
  return (
    <span class="ui-actions">
      {who.calls.includes('customer.duplicates') && (
        <PushButton
          icon="people"
          label={say('customers.duplicates')}
          onPress={() => route('/admin/customers/duplicates')}
        />
      )}
      {who.calls.includes('customer.create') && (
        <PushButton kind="primary" icon="plus" label={say('customers.new')} onPress={onNew} />
      )}
    </span>
  )
}

function SearchBox({ text, onFind }: { text: string; onFind(text: string): void }) {
  const say = useSay()
  const [typed, setTyped] = useState(text)
  return (
    <search>
      <form
        class="customer-search"
        onSubmit={(event) => {
          event.preventDefault()
          onFind(typed.trim())
        }}
      >
        <TextField label={say('customers.search')} value={typed} onChange={setTyped} autoFocus={true} />
        <PushButton kind="primary" icon="search" submits={true} label={say('customers.search.do')} />
        {text !== '' && <PushButton kind="quiet" label={say('customers.search.clear')} onPress={() => onFind('')} />}
      </form>
    </search>
  )
}

interface FilterProps {
  filter: CustomerFilter
  onFilter(filter: CustomerFilter): void
}

function ListFilters({ filter, onFilter }: FilterProps) {
  const say = useSay()
  const set = (part: Partial<CustomerFilter>) => onFilter({ ...filter, ...part, after: null })
  const isNarrowed = filter.state !== null || filter.source !== null || filter.tag !== ''
  return (
    <section class="filters" aria-label={say('customers.filter')}>
      <ChoiceField
        label={say('customers.state')}
        placeholder={say('customers.state.all')}
        clearable={true}
        value={filter.state}
        choices={personStates.map((value) => ({ value, label: say(`customers.state.${value}`) }))}
        onChange={(state) => set({ state })}
      />
      <ChoiceField
        label={say('customers.source')}
        placeholder={say('customers.source.all')}
        clearable={true}
        value={filter.source}
        choices={personSources.map((value) => ({ value, label: say(`customers.source.${value}`) }))}
        onChange={(source) => set({ source })}
      />
      <TextField label={say('customers.tag')} value={filter.tag} maxLength={60} onChange={(tag) => set({ tag })} />
      {isNarrowed && <PushButton kind="quiet" label={say('customers.clear')} onPress={() => onFilter(everyCustomer)} />}
    </section>
  )
}

function Pages({ filter, next, onFilter }: FilterProps & { next: string | null }) {
  const say = useSay()
  if (filter.after === null && next === null) return null
  return (
    <div class="ui-actions">
      {filter.after !== null && (
        <PushButton
          icon="earlier"
          label={say('customers.page.first')}
          onPress={() => onFilter({ ...filter, after: null })}
        />
      )}
      {next !== null && (
        <PushButton
          icon="later"
          label={say('customers.page.next')}
          onPress={() => onFilter({ ...filter, after: next })}
        />
      )}
    </div>
  )
}
