import { useQuery } from '@tanstack/preact-query'
import { useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { pollEveryMs } from '../shell/use-live.ts'
import { Notice } from '../ui-admin/notice.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { cutOffStations } from './cut-off.ts'

/** Says of which stations the board may lack check-ins, and since when; nothing while all can be heard. */
export function CutOffNotice({ day, dates }: { day: string; dates: AdminDates }) {
  const say = useSay()
  const locale = useLocale()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const fleet = useQuery({
    queryKey: ['stations'],
    queryFn: () => client.fleet.list(),
    refetchInterval: pollEveryMs,
  })
  const today = dates.dayOf(clock())
  // Nobody can have checked in on a day to come.
  const cutOff = day > today ? [] : cutOffStations(fleet.data?.stations ?? [], day, dates)
  const named = cutOff.map(({ station, since }) => ({
    name: localText(station.name),
    time: dates.dayOf(since) === today ? dates.clock(since) : dates.dayAndClock(since),
  }))
  const [first, ...others] = named
  if (first === undefined) return null
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  return (
    <Notice tone="notice">
      {others.length === 0
        ? say('bookings.cutOff', first)
        : say('bookings.cutOff.several', {
            stations: list.format(named.map((one) => say('bookings.cutOff.each', one))),
          })}
    </Notice>
  )
}
