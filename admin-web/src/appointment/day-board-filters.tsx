import { addDays } from '@yizhan/rules/working-time/hospital-time'
import { useSay } from '../catalogue/admin-text.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { DayField } from '../ui-admin/day-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { type BoardState, type DayBoardFilter, isNarrowed, statesInOrder } from './day-board-filter.ts'

interface Props {
  filter: DayBoardFilter
  /** The day on the board, also while the filter says "today". */
  day: string
  dates: AdminDates
  clinics: readonly { clinicId: string; clinicName: string }[]
  onFilter(filter: DayBoardFilter): void
}

/** Day, clinic, state and text; the address of the page keeps them. */
export function DayBoardFilters({ filter, day, dates, clinics, onFilter }: Props) {
  const say = useSay()
  const turn = (days: number) => onFilter({ ...filter, day: addDays(day, days) })
  return (
    <section class="filters" aria-label={say('bookings.filter')}>
      <div class="day-turn">
        <PushButton icon="earlier" label="" spokenLabel={say('bookings.day.previous')} onPress={() => turn(-1)} />
        <DayField
          label={`${say('bookings.day')} · ${dates.day(day)}`}
          value={day}
          onChange={(value) => value !== '' && onFilter({ ...filter, day: value })}
        />
        <PushButton icon="later" label="" spokenLabel={say('bookings.day.next')} onPress={() => turn(1)} />
        {filter.day !== null && (
          <PushButton label={say('bookings.day.today')} onPress={() => onFilter({ ...filter, day: null })} />
        )}
      </div>
      <ChoiceField
        label={say('bookings.clinic')}
        placeholder={say('bookings.clinic.all')}
        clearable={true}
        value={filter.clinicId}
        choices={clinics.map(({ clinicId, clinicName }) => ({ value: clinicId, label: clinicName }))}
        onChange={(clinicId) => onFilter({ ...filter, clinicId })}
      />
      <ChoiceField<BoardState>
        label={say('bookings.state')}
        placeholder={say('bookings.state.all')}
        clearable={true}
        value={filter.state}
        choices={statesInOrder.map((state) => ({ value: state, label: say(`bookings.state.${state}`) }))}
        onChange={(state) => onFilter({ ...filter, state })}
      />
      <TextField
        label={say('bookings.search')}
        value={filter.text}
        onChange={(text) => onFilter({ ...filter, text })}
      />
      {isNarrowed(filter) && (
        <PushButton
          kind="quiet"
          label={say('bookings.clear')}
          onPress={() => onFilter({ day: filter.day, clinicId: null, state: null, text: '' })}
        />
      )}
    </section>
  )
}
