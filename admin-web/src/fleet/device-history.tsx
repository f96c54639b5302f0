import { useQuery } from '@tanstack/preact-query'
import type { DeviceChange } from '@yizhan/contracts/device'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { omittedBefore } from './omitted-changes.ts'
import { DeviceState } from './station-state.tsx'

/** As many as are read at a glance; the rest is a press away. */
const firstShown = 12

/** What became of a station's devices, newest first. */
export function DeviceHistory({ stationId, dates }: { stationId: string; dates: AdminDates }) {
  const say = useSay()
  const { client } = useServices()
  const [all, setAll] = useState(false)
  const history = useQuery({
    queryKey: ['stations', 'device-history', stationId],
    queryFn: () => client.fleet.deviceHistory({ stationId }),
    refetchInterval: pollEveryMs,
  })
  const changes = history.data?.changes ?? []
  return (
    <section aria-label={say('stations.history.title')}>
      <h2>{say('stations.history.title')}</h2>
      {history.data === undefined && !history.isError && <SkeletonRows rows={3} label={say('app.loading')} />}
      {history.isError && (
        <LoadProblem
          error={history.error}
          staleTime={history.data === undefined ? null : dates.clock(history.data.asOf)}
          onRetry={() => history.refetch()}
        />
      )}
      {history.data !== undefined && changes.length === 0 && <p>{say('stations.history.none')}</p>}
      <ol class="device-history">
        {changes.slice(0, all ? changes.length : firstShown).map((change, at) => (
          <ChangeLine
            key={change.changeId}
            change={change}
            omitted={omittedBefore(change, changes.slice(at + 1))}
            dates={dates}
          />
        ))}
      </ol>
      {!all && changes.length > firstShown && (
        <PushButton
          kind="quiet"
          label={say('stations.history.all', { n: changes.length })}
          onPress={() => setAll(true)}
        />
      )}
    </section>
  )
}

function ChangeLine({ change, omitted, dates }: { change: DeviceChange; omitted: number; dates: AdminDates }) {
  const say = useSay()
  return (
    <li>
      <span class="device-history-time">{dates.dayAndClock(change.since)}</span>
      <span>
        {say(`stations.device.${change.kind}`)} <code>{change.deviceId}</code>
      </span>
      <DeviceState device={change} present={true} />
      {omitted > 0 && <span class="fact-hint">{say('stations.history.omitted', { n: omitted })}</span>}
    </li>
  )
}
