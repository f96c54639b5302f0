import type { CardIdentifier } from '@yizhan/contracts/card'
import type { LocalText } from '@yizhan/contracts/local-text'
import { idNumberCheckDigit } from '@yizhan/rules/patient/id-number'
import type { DemoKind } from './demo-booking.ts'

/** A card for the simulated readers of the demo: of which kind, and what stands on it. */
export interface DemoCard {
  label: LocalText
  kind: 'social-security' | 'hospital' | 'id-card' | 'contactless'
  idNumber?: string
  cardNumber?: string
  uid?: string
  name: string
}

/** A fictional person with cards, and what their bookings show when one of the cards is put in; null for no booking at all. */
export interface DemoCardHolder {
  patientName: string
  phone: string
  birthDate: string
  shows: DemoKind | null
  cards: readonly DemoCard[]
}

/** No place has the region code 990000, so that these can be nobody's ID numbers; the check digit is right. */
function fictionalIdNumber(birthDate: string, order: string): string {
  const digits = `990000${birthDate.replaceAll('-', '')}${order}`
  return digits + idNumberCheckDigit(digits)
}

const zhang = { patientName: '张䶮', birthDate: '1987-03-15' }
const zhangId = fictionalIdNumber(zhang.birthDate, '001')
const ouyang = { patientName: '欧阳示范', birthDate: '1962-11-02' }
const zhao = { patientName: '赵示例', birthDate: '1995-07-28' }
const sima = { patientName: '司马小样', birthDate: '2001-01-19' }
const qian = { patientName: '钱二', birthDate: '1979-05-06' }

/** The card holders of the demo, each for something that a card lets one see. */
export const demoCardHolders: readonly DemoCardHolder[] = [
  {
    ...zhang,
    phone: '10000000101',
    shows: 'on-time',
    cards: [
      {
        label: { 'zh-CN': '社保卡：可以签到', en: 'Social-security card: can be checked in' },
        kind: 'social-security',
        idNumber: zhangId,
        cardNumber: 'D00000101',
        name: zhang.patientName,
      },
      {
        label: { 'zh-CN': '同一人的身份证', en: 'The same person’s ID card' },
        kind: 'id-card',
        idNumber: zhangId,
        name: zhang.patientName,
      },
    ],
  },
  {
    ...ouyang,
    phone: '10000000102',
    shows: 'two-appointments',
    cards: [
      {
        label: { 'zh-CN': '就诊卡：今天有两个预约', en: 'Hospital card: two appointments today' },
        kind: 'hospital',
        cardNumber: '90000102',
        name: ouyang.patientName,
      },
    ],
  },
  {
    ...zhao,
    phone: '10000000103',
    shows: 'other-day',
    cards: [
      {
        label: { 'zh-CN': '身份证：预约在明天', en: 'ID card: tomorrow' },
        kind: 'id-card',
        idNumber: fictionalIdNumber(zhao.birthDate, '002'),
        name: zhao.patientName,
      },
    ],
  },
  {
    ...sima,
    phone: '10000000104',
    shows: 'on-time',
    cards: [
      {
        label: { 'zh-CN': '感应卡：可以签到', en: 'Contactless card: can be checked in' },
        kind: 'contactless',
        uid: '04D3E000000104',
        name: sima.patientName,
      },
    ],
  },
  {
    ...qian,
    phone: '10000000105',
    shows: null,
    cards: [
      {
        label: { 'zh-CN': '社保卡：没有预约', en: 'Social-security card: no booking' },
        kind: 'social-security',
        idNumber: fictionalIdNumber(qian.birthDate, '003'),
        cardNumber: 'D00000105',
        name: qian.patientName,
      },
    ],
  },
]

/** By what the bookings of a card holder are found. */
export function identifiersOf(holder: DemoCardHolder): CardIdentifier[] {
  const known = holder.cards.flatMap(({ idNumber, cardNumber, uid }) => [
    { kind: 'id-number' as const, value: idNumber },
    { kind: 'card-number' as const, value: cardNumber },
    { kind: 'card-uid' as const, value: uid },
  ])
  return known.flatMap(({ kind, value }) => (value === undefined ? [] : [{ kind, value }]))
}
