import type { NewEntry, NewHealthEntry } from '@yizhan/contracts/customer'
import type {
  ConsentChannel,
  ConsentPurpose,
  DetailKind,
  HealthKind,
  InteractionChannel,
  NewDetail,
  RelationKind,
  VisitKind,
  VisitOutcome,
} from '@yizhan/contracts/customer-record'
import { isIdNumber } from '@yizhan/rules/patient/id-number'
import { isPhoneNumber } from '../appointment/booking-draft.ts'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { bareNumber } from './bare-number.ts'
import { linesOf } from './basics-form.tsx'

/** What can be added to a file. */
export type EntryKind = NewEntry['entry'] | NewHealthEntry['entry']

/** A draft as it was filled in, read as what it says; or the field that is wrong. */
type Read = { ok: true; value: NewEntry | NewHealthEntry } | { ok: false; field: string; problem: 'required' | 'wrong' }

type Draft = Readonly<Record<string, string>>
interface Moment {
  dates: AdminDates
  now: number
}

const required = (field: string): Read => ({ ok: false, field, problem: 'required' })
const wrong = (field: string): Read => ({ ok: false, field, problem: 'wrong' })
const of = (draft: Draft, name: string) => (draft[name] ?? '').trim()

/** Reads what was filled in about one thing to be added. */
export function entryOf(kind: EntryKind, draft: Draft, moment: Moment): Read {
  switch (kind) {
    case 'detail':
      return detailOf(draft)
    case 'relation':
      return relationOf(draft)
    case 'consent':
      return consentOf(draft)
    case 'interaction':
      return interactionOf(draft, moment)
    case 'tag': {
      const tag = of(draft, 'tag')
      return tag === '' ? required('tag') : { ok: true, value: { entry: 'tag', tag } }
    }
    case 'health': {
      const text = of(draft, 'text')
      if (of(draft, 'kind') === '') return required('kind')
      const health = { kind: of(draft, 'kind') as HealthKind, text, isDenied: text === '' }
      return { ok: true, value: { entry: 'health', health } }
    }
    case 'visit':
      return visitOf(draft, moment)
  }
}

/** What the contract takes of each kind. */
const rightForms: Readonly<Record<Exclude<DetailKind, 'card'>, (value: string) => boolean>> = {
  phone: isPhoneNumber,
  email: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value),
  address: (value) => value.length <= 300,
  'id-number': isIdNumber,
  passport: (value) => /^[0-9A-Z]{4,40}$/.test(value),
  'other-document': (value) => /^[0-9A-Z]{4,40}$/.test(value),
  'health-card': (value) => /^[0-9A-Z]{4,40}$/.test(value),
  'insurance-card': (value) => /^[0-9A-Z]{4,40}$/.test(value),
}

function detailOf(draft: Draft): Read {
  const kind = of(draft, 'kind') as Exclude<DetailKind, 'card'> | ''
  if (kind === '') return required('kind')
  const isText = kind === 'address' || kind === 'email'
  const value = isText ? of(draft, 'value') : bareNumber(of(draft, 'value'))
  if (value === '') return required('value')
  if (!rightForms[kind](value)) return wrong('value')
  const detail: NewDetail = { kind, value, label: of(draft, 'label') || null }
  return { ok: true, value: { entry: 'detail', detail } }
}

function relationOf(draft: Draft): Read {
  const [name, phone] = [of(draft, 'name'), bareNumber(of(draft, 'phone'))]
  if (of(draft, 'kind') === '') return required('kind')
  if (name === '') return required('name')
  if (phone !== '' && !isPhoneNumber(phone)) return wrong('phone')
  const relation = {
    kind: of(draft, 'kind') as RelationKind,
    name,
    relationship: of(draft, 'relationship') || null,
    phone: phone || null,
    otherPersonId: null,
    isGuardian: of(draft, 'isGuardian') === 'yes',
    validFrom: null,
    validUntil: of(draft, 'validUntil') || null,
  }
  return { ok: true, value: { entry: 'relation', relation } }
}

function consentOf(draft: Draft): Read {
  for (const field of ['purpose', 'channel', 'answer', 'textVersion'])
    if (of(draft, field) === '') return required(field)
  const consent = {
    purpose: of(draft, 'purpose') as ConsentPurpose,
    channel: of(draft, 'channel') as ConsentChannel,
    isGiven: of(draft, 'answer') === 'given',
    textVersion: of(draft, 'textVersion'),
    guardianRelationId: of(draft, 'guardian') || null,
  }
  return { ok: true, value: { entry: 'consent', consent } }
}

function interactionOf(draft: Draft, { now }: Moment): Read {
  for (const field of ['channel', 'direction', 'summary']) if (of(draft, field) === '') return required(field)
  const interaction = {
    channel: of(draft, 'channel') as InteractionChannel,
    direction: of(draft, 'direction') as 'in' | 'out',
    at: now,
    summary: of(draft, 'summary'),
  }
  return { ok: true, value: { entry: 'interaction', interaction } }
}

/** Noon stands for a day whose hour nobody noted, unless it is today: nothing is written down before it was. */
function visitOf(draft: Draft, { dates, now }: Moment): Read {
  for (const field of ['kind', 'day', 'department', 'doctor']) if (of(draft, field) === '') return required(field)
  const icdCodes = bareNumberList(of(draft, 'icd'))
  if (!icdCodes.every((code) => /^[A-Z]\d{2}(?:\.[0-9A-Za-z]{1,10})?$/.test(code))) return wrong('icd')
  const feeFen = Math.round(Number(of(draft, 'fee') || '0') * 100)
  if (!Number.isSafeInteger(feeFen) || feeFen < 0) return wrong('fee')
  const day = of(draft, 'day')
  const visit = {
    kind: of(draft, 'kind') as VisitKind,
    siteId: null,
    departmentId: null,
    departmentName: of(draft, 'department'),
    doctorStaffId: null,
    doctorName: of(draft, 'doctor'),
    startedAt: day === dates.dayOf(now) ? now : dates.instantOf(day, '12:00'),
    endedAt: null,
    icdCodes,
    diagnosis: of(draft, 'diagnosis'),
    orders: linesOf(of(draft, 'orders')),
    feeFen,
    outcome: (of(draft, 'outcome') || null) as VisitOutcome | null,
  }
  return { ok: true, value: { entry: 'visit', visit } }
}

function bareNumberList(text: string): string[] {
  return text
    .normalize('NFKC')
    .split(/[\s,，、;]+/)
    .filter((code) => code !== '')
    .map((code) => code.charAt(0).toUpperCase() + code.slice(1))
}
