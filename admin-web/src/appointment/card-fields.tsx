import { birthDateOf } from '@yizhan/rules/patient/id-number'
import { useSay } from '../catalogue/admin-text.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { bareCardNumber, idNumberVerdict, type PatientCards } from './patient-cards.ts'

interface Props {
  cards: PatientCards
  /** `birthDate` is what a whole ID number says of it. */
  onChange(cards: Partial<PatientCards> & { birthDate?: string }): void
  problem(field: keyof PatientCards, label: string): string | undefined
}

/** The documents by which the patient can check in at a kiosk without a code; none is needed. */
export function CardFields({ cards, onChange, problem }: Props) {
  const say = useSay()
  const verdict = idNumberVerdict(cards.idNumber)
  const [idLabel, cardLabel] = [say('booking.form.idNumber'), say('booking.form.cardNumber')]
  const wrong = verdict === 'wrong' ? say('booking.form.idNumber.wrong') : undefined
  return (
    <>
      <TextField
        label={idLabel}
        value={cards.idNumber}
        maxLength={24}
        onChange={(idNumber) => {
          const birthDate = birthDateOf(bareCardNumber(idNumber))
          onChange({ idNumber, ...(birthDate === undefined ? {} : { birthDate }) })
        }}
        problem={problem('idNumber', idLabel) ?? wrong}
        hint={say(verdict === 'fits' ? 'booking.form.idNumber.fits' : 'booking.form.idNumber.hint')}
      />
      <TextField
        label={cardLabel}
        value={cards.cardNumber}
        maxLength={48}
        onChange={(cardNumber) => onChange({ cardNumber })}
        problem={problem('cardNumber', cardLabel)}
      />
    </>
  )
}
