import { useInfiniteQuery } from '@tanstack/preact-query'
import type { TimelineEntry } from '@yizhan/contracts/customer'
import { type Say, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Icon, type IconName } from '../ui-admin/icon.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** Everything that happened between a person and the hospital, the latest first. */
export function CustomerTimeline({ personId, dates }: { personId: string; dates: AdminDates }) {
  const say = useSay()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const told = useInfiniteQuery({
    queryKey: ['timeline', personId],
    queryFn: ({ pageParam }) =>
      client.customer.timeline(pageParam === null ? { personId } : { personId, before: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  })
  const entries = told.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <section class="customer-panel customer-timeline" aria-label={say('customer.timeline')}>
      <header>
        <h2>{say('customer.timeline')}</h2>
      </header>
      {told.isError && <LoadProblem error={told.error} staleTime={null} onRetry={() => told.refetch()} />}
      {told.data === undefined && !told.isError && <SkeletonRows rows={6} label={say('app.loading')} />}
      {told.data !== undefined && entries.length === 0 && (
        <p class="customer-nothing">{say('customer.timeline.empty')}</p>
      )}
      <ol>
        {entries.map((entry) => {
          const { icon, title, notes } = lineOf(say, localText, entry, clock())
          return (
            <li key={`${entry.kind} ${entry.entryId}`}>
              <Icon name={icon} />
              <div>
                <p class="timeline-title">
                  <time class="figures" dateTime={new Date(entry.at).toISOString()}>
                    {dates.dayOf(entry.at).slice(0, 4)}-{dates.dayAndClock(entry.at)}
                  </time>
                  {title}
                </p>
                {notes
                  .filter((note) => note !== '')
                  .map((note) => (
                    <p key={note} class="timeline-note">
                      {note}
                    </p>
                  ))}
              </div>
            </li>
          )
        })}
      </ol>
      {told.hasNextPage && (
        <PushButton
          label={say('customer.timeline.earlier')}
          busy={told.isFetchingNextPage}
          onPress={() => {
            told.fetchNextPage().catch(() => undefined)
          }}
        />
      )}
    </section>
  )
}

interface Line {
  icon: IconName
  title: string
  notes: string[]
}

function lineOf(say: Say, localText: ReturnType<typeof useLocalText>, entry: TimelineEntry, now: number): Line {
  switch (entry.kind) {
    case 'visit':
      return visitLine(say, entry.visit)
    case 'interaction':
      return {
        icon: 'people',
        title: say('customer.timeline.interaction', {
          direction: say(`customer.interaction.${entry.direction}`),
          channel: say(`customer.channel.${entry.channel}`),
        }),
        notes: [entry.summary, say('customer.timeline.by', { who: entry.byName })],
      }
    case 'booking':
      return {
        icon: 'calendar',
        title: say('customer.timeline.booking', { clinic: localText(entry.clinicName), doctor: entry.doctorName }),
        notes: [
          entry.state === 'booked' && entry.at > now
            ? say('customer.timeline.booked')
            : say(`bookings.state.${entry.state}`),
        ],
      }
    case 'consent':
      return {
        icon: 'shield',
        title: say(entry.isGiven ? 'customer.timeline.consent.given' : 'customer.timeline.consent.withdrawn', {
          purpose: say(`customer.consent.${entry.purpose}`),
          channel: say(`customer.channel.${entry.channel}`),
        }),
        notes: [
          [
            say('customer.timeline.consent.text', { version: entry.textVersion }),
            entry.isByGuardian ? say('customer.timeline.consent.guardian') : '',
            say('customer.timeline.by', { who: entry.byName }),
          ]
            .filter((part) => part !== '')
            .join(' · '),
        ],
      }
    case 'merge':
    case 'merge-undone':
      return {
        icon: 'copy',
        title: say(entry.kind === 'merge' ? 'customer.timeline.merge' : 'customer.timeline.undone', {
          who: entry.nameShown,
        }),
        notes: [say('customer.timeline.by', { who: entry.byName })],
      }
  }
}

function visitLine(say: Say, visit: Extract<TimelineEntry, { kind: 'visit' }>['visit']): Line {
  const { kind, departmentName, doctorName, diagnosis, icdCodes, orders, feeFen, outcome } = visit
  const facts = [
    outcome === null ? '' : say(`customer.visit.${outcome}`),
    feeFen === 0 ? '' : say('customer.timeline.fee', { yuan: (feeFen / 100).toFixed(2) }),
  ]
  return {
    icon: 'ok',
    title: say('customer.timeline.visit', {
      kind: say(`customer.visit.${kind}`),
      department: departmentName,
      doctor: doctorName,
    }),
    notes: [
      [diagnosis, icdCodes.join(' ')].filter((part) => part !== '').join(' · '),
      orders.join('；'),
      facts.filter((part) => part !== '').join(' · '),
    ],
  }
}
