import type { CreatedBooking } from '@yizhan/contracts/appointment'
import type { ClinicRow, SiteRow } from '@yizhan/contracts/tenant'
import { useRef, useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { type Say, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { DayField } from '../ui-admin/day-field.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { askedDigits, type BookingDraft, bookingOf, draftProblems, nextSlot } from './booking-draft.ts'
import type { Handout } from './booking-handout.tsx'
import { CardFields } from './card-fields.tsx'
import { SlotFields } from './slot-fields.tsx'

interface Props {
  structure: { sites: readonly SiteRow[]; clinics: readonly ClinicRow[] }
  day: string
  dates: AdminDates
  onBooked(created: CreatedBooking, about: Omit<Handout, 'created'>): Promise<void>
}

const refusedWords: Record<string, AdminMessageKey> = {
  'clinic-unknown': 'booking.form.clinicUnknown',
  'slot-invalid': 'booking.form.slot.wrong',
  'second-item-missing': 'booking.form.secondItem',
  'id-number-invalid': 'booking.form.idNumber.wrong',
  forbidden: 'fault.forbidden',
}

/** Where, who and when of a new booking. */
export function BookingForm({ structure, day, dates, onBooked }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const [draft, setDraft] = useState<BookingDraft>(() => emptyDraft(structure.sites, nextSlot(day, dates, clock())))
  const [shown, setShown] = useState<ReturnType<typeof draftProblems>>({})
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  // One key until the booking is made: pressing again after a lost answer books nothing twice.
  const operationId = useRef(newOperationId(clock()))
  const sending = useSending()
  const clinics = structure.clinics.filter(({ siteId }) => siteId === draft.siteId)
  const edit = (part: Partial<BookingDraft>) => setDraft({ ...draft, ...part })
  const problem = (field: keyof BookingDraft, label: string) => problemText(say, field, shown[field], label)
  const field = (name: 'doctorName' | 'patientName' | 'phone' | 'birthDate', key: AdminMessageKey) => ({
    label: say(key),
    value: draft[name],
    onChange: (value: string) => edit({ [name]: value }),
    problem: problem(name, say(key)),
  })
  const submit = async (event: Event) => {
    event.preventDefault()
    setRefused(null)
    const problems = draftProblems(draft, dates, clock())
    setShown(problems)
    const booking = bookingOf(draft, operationId.current, dates)
    if (Object.keys(problems).length > 0 || booking === null) return
    await sending.send(async () => {
      try {
        const created = await client.appointment.create(booking)
        operationId.current = newOperationId(clock())
        await onBooked(created, {
          patientName: booking.patientName,
          clinicId: booking.clinicId,
          clinicName: nameOf(clinics, booking.clinicId, localText),
          doctorName: booking.doctorName,
          slotStart: booking.slotStart,
          asked: askedDigits(booking),
        })
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal === null) throw error
        setRefused(refusedWords[refusal] ?? 'fault.forbidden')
      }
    })
  }
  return (
    <form class="drawer-form" noValidate={true} onSubmit={submit}>
      <p class="drawer-purpose">{say('booking.form.purpose')}</p>
      <FormNotices failed={sending.failed} refused={refused} problems={Object.keys(shown).length} />
      {structure.sites.length > 1 && (
        <ChoiceField
          label={say('booking.form.site')}
          placeholder={say('booking.form.choose')}
          value={draft.siteId}
          choices={structure.sites.map(({ siteId, name }) => ({ value: siteId, label: localText(name) }))}
          onChange={(siteId) => edit({ siteId, clinicId: null })}
          problem={problem('siteId', say('booking.form.site'))}
        />
      )}
      <ChoiceField
        label={say('booking.form.clinic')}
        placeholder={say('booking.form.choose')}
        value={draft.clinicId}
        choices={clinics.map(({ clinicId, name }) => ({ value: clinicId, label: localText(name) }))}
        onChange={(clinicId) => edit({ clinicId })}
        problem={problem('clinicId', say('booking.form.clinic'))}
      />
      <TextField {...field('doctorName', 'booking.form.doctor')} maxLength={60} />
      <TextField {...field('patientName', 'booking.form.name')} maxLength={60} />
      <CardFields cards={draft} onChange={edit} problem={problem} />
      <TextField
        {...field('phone', 'booking.form.phone')}
        kind="tel"
        maxLength={24}
        hint={say('booking.form.phone.hint')}
      />
      <DayField {...field('birthDate', 'booking.form.birth')} max={dates.dayOf(clock())} />
      <SlotFields slot={draft} dates={dates} onChange={(slot) => edit(slot)} problem={problem} />
      <PushButton kind="primary" wide={true} submits={true} busy={sending.busy} label={say('booking.form.submit')} />
    </form>
  )
}

function problemText(
  say: Say,
  field: keyof BookingDraft,
  found: AdminMessageKey | 'required' | undefined,
  label: string,
): string | undefined {
  if (found === undefined) return undefined
  if (found !== 'required') return say(found)
  const chosen = field === 'siteId' || field === 'clinicId' || field === 'start' || field === 'end'
  return say(chosen ? 'app.requiredChoice' : 'app.required', { field: label })
}

function emptyDraft(sites: readonly SiteRow[], slot: { day: string; start: string; end: string }): BookingDraft {
  return {
    siteId: sites[0]?.siteId ?? null,
    clinicId: null,
    doctorName: '',
    patientName: '',
    phone: '',
    birthDate: '',
    idNumber: '',
    cardNumber: '',
    ...slot,
  }
}

function nameOf(clinics: readonly ClinicRow[], clinicId: string, localText: ReturnType<typeof useLocalText>): string {
  const clinic = clinics.find((known) => known.clinicId === clinicId)
  return clinic === undefined ? '' : localText(clinic.name)
}

function FormNotices(props: { failed: boolean; refused: AdminMessageKey | null; problems: number }) {
  const say = useSay()
  return (
    <>
      {props.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {props.refused !== null && <Notice tone="bad">{say(props.refused)}</Notice>}
      {props.problems > 0 && <Notice tone="bad">{say('booking.form.problems', { n: props.problems })}</Notice>}
    </>
  )
}
