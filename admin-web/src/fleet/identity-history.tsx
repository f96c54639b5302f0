import { useQuery } from '@tanstack/preact-query'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** What became of the identity of a station, and of the machines before it in its place. */
export function IdentityHistory({ stationId, dates }: { stationId: string; dates: AdminDates }) {
  const say = useSay()
  const { client } = useServices()
  const history = useQuery({
    queryKey: ['identity-history', stationId],
    queryFn: () => client.fleet.identityHistory({ stationId }),
  })
  const entries = history.data?.entries ?? []
  return (
    <section aria-label={say('stations.identity')}>
      <h2>{say('stations.identity')}</h2>
      {history.isError && <p>{say('stations.identity.away')}</p>}
      <ul class="identity-history">
        {entries.map((entry) => (
          <li key={`${entry.at} ${entry.what} ${entry.stationId}`}>
            <span class="entry-quiet">{dates.dayAndClock(entry.at)}</span> {say(`stations.identity.${entry.what}`)}
            {entry.stationId !== stationId && ` · ${say('stations.identity.before')}`}
          </li>
        ))}
      </ul>
    </section>
  )
}
