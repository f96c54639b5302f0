import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import { useMemo, useState } from 'preact/hooks'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { type AdminDates, adminDates } from '../working-time/admin-dates.ts'
import { ConsumerTable, DeadDeliveryTable } from './consumer-tables.tsx'
import { consumerText, jobRefusal, kindText } from './job-words.ts'
import { DeadJobTable, QueueTable } from './queue-tables.tsx'
import { ReplayForm } from './replay-form.tsx'

/** What the centre does by itself: background jobs, events between modules, and whatever of both was given up. */
export function JobsPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const queries = useQueryClient()
  const deeds = useRepeatable(jobRefusal, () => queries.invalidateQueries({ queryKey: ['jobs'] }))
  const mayManage = who.calls.includes('job.retry')
  return (
    <>
      <PageHeading title={say('jobs.title')} purpose={say('jobs.purpose')} />
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      <Queues dates={dates} deeds={deeds} mayManage={mayManage} />
      <Consumers dates={dates} deeds={deeds} mayManage={mayManage} />
    </>
  )
}

interface PartProps {
  dates: AdminDates
  deeds: Repeatable
  mayManage: boolean
}

function Queues({ dates, deeds, mayManage }: PartProps) {
  const say = useSay()
  const { client } = useServices()
  const list = useQuery({
    queryKey: ['jobs', 'queues'],
    queryFn: () => client.job.queues(),
    refetchInterval: pollEveryMs,
  })
  const retry = (kind: string, jobId: string | null) =>
    deeds.carryOut({
      what: `retry ${kind} ${jobId}`,
      done: say('jobs.told.retried', { kind: kindText(say, kind) }),
      send: (operationId) => client.job.retry({ operationId, kind, jobId }),
    })
  const runNow = (kind: string) =>
    deeds.carryOut({
      what: `run ${kind}`,
      done: say('jobs.told.sent', { kind: kindText(say, kind) }),
      send: (operationId) => client.job.runNow({ operationId, kind }),
    })
  if (list.data === undefined && !list.isError) return <SkeletonRows rows={4} label={say('app.loading')} />
  const shared = { dates, mayManage, busy: deeds.busy || list.isError }
  return (
    <>
      {list.isError && (
        <LoadProblem
          error={list.error}
          staleTime={list.data === undefined ? null : dates.clock(list.data.asOf)}
          onRetry={() => list.refetch()}
        />
      )}
      {list.data !== undefined && (
        <>
          <h2>{say('jobs.queues')}</h2>
          <QueueTable
            {...shared}
            queues={list.data.queues}
            onRunNow={({ kind }) => runNow(kind)}
            onRetryAll={({ kind }) => retry(kind, null)}
          />
          <h2>{say('jobs.dead')}</h2>
          <DeadJobTable {...shared} dead={list.data.dead} onRetry={({ kind, jobId }) => retry(kind, jobId)} />
        </>
      )}
    </>
  )
}

function Consumers({ dates, deeds, mayManage }: PartProps) {
  const say = useSay()
  const { client } = useServices()
  const [replaying, setReplaying] = useState<string | null>(null)
  const list = useQuery({
    queryKey: ['jobs', 'consumers'],
    queryFn: () => client.event.consumers(),
    refetchInterval: pollEveryMs,
  })
  if (list.isError) return <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />
  if (list.data === undefined) return <SkeletonRows rows={3} label={say('app.loading')} />
  const shared = { dates, mayManage, busy: deeds.busy }
  return (
    <>
      <h2>{say('events.title')}</h2>
      <ConsumerTable {...shared} consumers={list.data.consumers} onReplay={({ consumer }) => setReplaying(consumer)} />
      <h2>{say('events.dead')}</h2>
      <DeadDeliveryTable
        {...shared}
        dead={list.data.dead}
        onRetry={({ consumer, eventId, name }) =>
          deeds.carryOut({
            what: `retry ${consumer} ${eventId}`,
            done: say('jobs.told.retried', { kind: name }),
            send: (operationId) => client.event.retry({ operationId, consumer, eventId }),
          })
        }
      />
      <SideDrawer
        title={replaying === null ? '' : say('events.replay.of', { consumer: consumerText(say, replaying) })}
        open={replaying !== null}
        closeLabel={say('app.close')}
        onClose={() => setReplaying(null)}
      >
        {replaying !== null && (
          <ReplayForm
            consumer={replaying}
            dates={dates}
            busy={deeds.busy}
            onReplay={({ from, until, events }) =>
              deeds.carryOut({
                what: `replay ${replaying} ${from} ${until}`,
                done: say('events.told.replayed', { n: events }),
                send: async (operationId) => {
                  await client.event.replay({ operationId, consumer: replaying, from, until })
                  setReplaying(null)
                },
              })
            }
          />
        )}
      </SideDrawer>
    </>
  )
}
