import { useSay } from '../catalogue/admin-text.tsx'
import type { CentreClient } from '../shell/admin-services.ts'

type DayBoard = Awaited<ReturnType<CentreClient['appointment']['day']>>

interface Props {
  clinics: DayBoard['clinics']
  chosen: string | null
  onChoose(clinicId: string | null): void
}

/** One tile per clinic with its day in figures; pressing it narrows the board to the clinic, pressing again widens it. */
export function ClinicCounts({ clinics, chosen, onChoose }: Props) {
  const say = useSay()
  if (clinics.length === 0) return null
  return (
    <section class="counts" aria-label={say('bookings.counts')}>
      {clinics.map((clinic) => (
        <button
          key={clinic.clinicId}
          type="button"
          class="count"
          aria-pressed={chosen === clinic.clinicId}
          onClick={() => onChoose(chosen === clinic.clinicId ? null : clinic.clinicId)}
        >
          <span class="count-name">{clinic.clinicName}</span>
          <Figure value={clinic.arrived} word={say('bookings.counts.arrived')} />
          <Figure value={clinic.booked} word={say('bookings.counts.waiting')} />
          {clinic.cancelled > 0 && <Figure value={clinic.cancelled} word={say('bookings.counts.cancelled')} />}
        </button>
      ))}
    </section>
  )
}

function Figure({ value, word }: { value: number; word: string }) {
  return (
    <span class="figure">
      {word} <b>{value}</b>
    </span>
  )
}
