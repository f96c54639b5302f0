import { useSay } from '../catalogue/admin-text.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { DayField } from '../ui-admin/day-field.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { clockTimes, type SlotDraft } from './booking-draft.ts'

interface Props {
  slot: SlotDraft
  dates: AdminDates
  onChange(part: Partial<SlotDraft>): void
  problem(field: keyof SlotDraft, label: string): string | undefined
}

/** Day, start and end of an appointment; times are chosen or typed in 24 hours, whatever the browser's own habit is. */
export function SlotFields({ slot, dates, onChange, problem }: Props) {
  const say = useSay()
  const dayLabel = say('booking.form.day')
  const labels = { start: say('booking.form.start'), end: say('booking.form.end') }
  return (
    <div class="slot-fields">
      <DayField
        label={dayLabel}
        value={slot.day}
        hint={slot.day === '' ? undefined : dates.day(slot.day)}
        onChange={(day) => onChange({ day })}
        problem={problem('day', dayLabel)}
      />
      {(['start', 'end'] as const).map((field) => (
        <ChoiceField
          key={field}
          label={labels[field]}
          placeholder={say('booking.form.choose')}
          value={slot[field] === '' ? null : slot[field]}
          choices={clockTimes(slot[field]).map((time) => ({ value: time, label: time }))}
          onChange={(time) => onChange({ [field]: time ?? '' })}
          problem={problem(field, labels[field])}
        />
      ))}
    </div>
  )
}
