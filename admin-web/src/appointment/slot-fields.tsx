import { useSay } from '../catalogue/admin-text.tsx'
import { MomentField } from '../ui-admin/moment-field.tsx'
import type { SlotDraft } from './booking-draft.ts'

interface Props {
  slot: SlotDraft
  onChange(part: Partial<SlotDraft>): void
  problem(field: keyof SlotDraft, label: string): string | undefined
}

/** Day, start and end of an appointment. */
export function SlotFields({ slot, onChange, problem }: Props) {
  const say = useSay()
  const labels = { day: say('booking.form.day'), start: say('booking.form.start'), end: say('booking.form.end') }
  return (
    <div class="slot-fields">
      {(['day', 'start', 'end'] as const).map((field) => (
        <MomentField
          key={field}
          label={labels[field]}
          kind={field === 'day' ? 'day' : 'time'}
          value={slot[field]}
          onChange={(value) => onChange({ [field]: value })}
          problem={problem(field, labels[field])}
        />
      ))}
    </div>
  )
}
