import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { PersonFile } from '@yizhan/contracts/customer'
import { useMemo, useState } from 'preact/hooks'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
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
import { adminDates } from '../working-time/admin-dates.ts'
import { ChecklistNotice } from './checklist-notice.tsx'
import { CustomerDrawer, type FileWork } from './customer-drawer.tsx'
import { CustomerPanels } from './customer-panels.tsx'
import { CustomerTimeline } from './customer-timeline.tsx'
import { customerRefusal, stateLook } from './customer-words.ts'
import { EndEntry, type EndedEntry } from './end-entry.tsx'

/** The file of one customer: what is known, what is missing, and everything that happened. */
export function CustomerPage({ who, personId }: { who: WhoAmI; personId: string }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client } = useServices()
  const queries = useQueryClient()
  const file = useQuery({ queryKey: ['customer', personId], queryFn: () => client.customer.read({ personId }) })
  const [work, setWork] = useState<FileWork | null>(null)
  const [ending, setEnding] = useState<EndedEntry | null>(null)
  const deeds = useRepeatable(customerRefusal, async () => {
    await queries.invalidateQueries({ queryKey: ['customer', personId] })
    await queries.invalidateQueries({ queryKey: ['timeline', personId] })
  })
  if (file.isError && refusalOf(file.error) === 'person-unknown') {
    return <EmptyState title={say('customer.unknown.title')} body={say('customer.unknown.body')} />
  }
  const person = file.data?.person
  const isOpen = person !== undefined && person.mergedInto === null
  const mayChange = isOpen && who.calls.includes('customer.change')
  const mayChangeHealth = isOpen && who.calls.includes('customer.addHealth')
  return (
    <>
      <a class="back-link" href="/admin/customers">
        {say('customer.back')}
      </a>
      <PageHeading
        title={person === undefined ? say('customers.title') : say('customer.title', { who: person.nameShown })}
        purpose={say('customer.purpose')}
        aside={
          mayChange && (
            <span class="ui-actions">
              {mayChangeHealth && <AddButton what={say('customer.visit')} onPress={() => setWork('visit')} />}
              <AddButton what={say('customer.interaction')} onPress={() => setWork('interaction')} />
            </span>
          )
        }
      />
      {file.isError && <LoadProblem error={file.error} staleTime={null} onRetry={() => file.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {person === undefined && !file.isError && <SkeletonRows rows={12} label={say('app.loading')} />}
      {person !== undefined && (
        <>
          <FileHead person={person} />
          {isOpen && <ChecklistNotice person={person} onAdd={mayChange ? setWork : null} />}
          <div class="customer-file">
            <CustomerPanels
              person={person}
              dates={dates}
              mayChange={mayChange}
              mayChangeHealth={mayChangeHealth}
              onWork={setWork}
              onEnd={setEnding}
            />
            <CustomerTimeline personId={personId} dates={dates} />
          </div>
          <CustomerDrawer work={work} person={person} dates={dates} deeds={deeds} onClose={() => setWork(null)} />
          <EndEntry entry={ending} personId={personId} deeds={deeds} onClose={() => setEnding(null)} />
        </>
      )}
    </>
  )
}

function AddButton({ what, onPress }: { what: string; onPress(): void }) {
  const say = useSay()
  return <PushButton icon="plus" label={say('customer.add.to', { what })} onPress={onPress} />
}

function FileHead({ person }: { person: PersonFile }) {
  const say = useSay()
  if (person.mergedInto !== null) {
    return (
      <Notice tone="notice">
        {say('customer.mergedInto')}{' '}
        <a href={`/admin/customers/${person.mergedInto}`}>{say('customer.mergedInto.open')}</a>
      </Notice>
    )
  }
  return (
    <p class="customer-head">
      <StatusTag {...stateLook[person.state]} label={say(`customers.state.${person.state}`)} />
      <span>{say(`customers.source.${person.source}`)}</span>
      {person.needsGuardian && <StatusTag tone="notice" icon="warning" label={say('customer.guardian')} />}
    </p>
  )
}
