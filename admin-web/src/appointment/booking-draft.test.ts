import { newBooking } from '@yizhan/contracts/appointment'
import { expect, test } from 'vitest'
import { adminDates } from '../working-time/admin-dates.ts'
import {
  askedDigits,
  type BookingDraft,
  bookingOf,
  clockTimes,
  draftProblems,
  isPhoneNumber,
  isSameSlot,
  nextSlot,
  slotOf,
} from './booking-draft.ts'

const dates = adminDates('Asia/Shanghai', 'zh-CN')
const now = Date.parse('2026-11-22T06:03:00Z')
const draft: BookingDraft = {
  siteId: '019ab000-0000-7000-8000-000000000001',
  clinicId: '019ab000-0000-7000-8000-000000000002',
  doctorName: '演示医生',
  patientName: ' 王小明 ',
  phone: '138 0000-0001',
  birthDate: '',
  idNumber: '',
  cardNumber: '',
  day: '2026-11-22',
  start: '14:10',
  end: '14:20',
}

test('a complete draft has no problems and becomes a call that the contract accepts', () => {
  expect(draftProblems(draft, dates, now)).toEqual({})
  const booking = newBooking.parse(bookingOf(draft, '019ab000-0000-7000-8000-000000000003', dates))
  expect(booking.patientName).toBe('王小明')
  expect(booking.phone).toBe('13800000001')
  expect(booking.slotStart).toBe(Date.parse('2026-11-22T06:10:00Z'))
  expect(booking.cards).toEqual([])
})

test('every empty field is named, and one of phone and birthday is enough', () => {
  const empty: BookingDraft = {
    siteId: null,
    clinicId: null,
    doctorName: '',
    patientName: ' ',
    phone: '',
    birthDate: '',
    idNumber: '',
    cardNumber: '',
    day: '',
    start: '',
    end: '',
  }
  expect(draftProblems(empty, dates, now)).toEqual({
    siteId: 'required',
    clinicId: 'required',
    doctorName: 'required',
    patientName: 'required',
    phone: 'booking.form.secondItem',
    day: 'required',
    start: 'required',
    end: 'required',
  })
  expect(draftProblems({ ...draft, phone: '', birthDate: '1980-01-31' }, dates, now)).toEqual({})
})

test('a wrong phone, a birthday to come, a slot turned round or gone by are told', () => {
  const wrong = { ...draft, phone: 'none', birthDate: '2026-11-23', start: '14:20', end: '14:20' }
  expect(draftProblems(wrong, dates, now)).toEqual({
    phone: 'booking.form.phone.wrong',
    birthDate: 'booking.form.birth.wrong',
    end: 'booking.form.slot.wrong',
  })
  expect(draftProblems({ ...draft, start: '13:00', end: '14:00' }, dates, now)).toEqual({
    start: 'booking.form.slot.past',
  })
})

test('a phone is a mainland mobile, a landline with or without area code, or a number with its country', () => {
  for (const phone of ['13800000001', '6512345', '01065123456', '075561234567', '+8613800000001', '+4402079460000'])
    expect(isPhoneNumber(phone), phone).toBe(true)
  for (const phone of ['12345', '1380000000', '138000000011', '123456', '0755612345678', '+12345', '+0138000000', ''])
    expect(isPhoneNumber(phone), phone).toBe(false)
  expect(draftProblems({ ...draft, phone: '12345' }, dates, now)).toEqual({ phone: 'booking.form.phone.wrong' })
})

test('the kiosk asks for the end of the phone, and for the birthday where there is no phone', () => {
  expect(askedDigits({ phone: '13800001234', birthDate: '1980-01-31' })).toEqual({ kind: 'phone', digits: '1234' })
  expect(askedDigits({ phone: null, birthDate: '1980-01-31' })).toEqual({ kind: 'birthday', digits: '0131' })
  expect(askedDigits({ phone: null, birthDate: null })).toBeNull()
})

test('a slot is the same as a booking’s only in day, start and end', () => {
  const booked = slotOf({ slotStart: now, slotEnd: now + 600_000 }, dates)
  expect(booked).toEqual({ day: '2026-11-22', start: '14:03', end: '14:13' })
  expect(isSameSlot({ ...booked }, booked)).toBe(true)
  for (const part of [{ day: '2026-11-23' }, { start: '14:00' }, { end: '14:20' }])
    expect(isSameSlot({ ...booked, ...part }, booked)).toBe(false)
})

test('the slot offered first is the coming one, also at the end of the day', () => {
  expect(nextSlot('2026-11-22', dates, now)).toEqual({ day: '2026-11-22', start: '14:10', end: '14:20' })
  expect(nextSlot('2026-11-23', dates, now)).toEqual({ day: '2026-11-23', start: '08:00', end: '08:10' })
  const lateEvening = Date.parse('2026-11-22T15:55:00Z')
  expect(nextSlot('2026-11-22', dates, lateEvening)).toEqual({ day: '2026-11-22', start: '23:40', end: '23:50' })
})

test('times are offered in five minutes, and an odd one at hand among them', () => {
  expect(clockTimes('')).toHaveLength(288)
  expect(clockTimes('08:05')).toHaveLength(288)
  const odd = clockTimes('08:07')
  expect(odd.slice(odd.indexOf('08:05'), odd.indexOf('08:05') + 3)).toEqual(['08:05', '08:07', '08:10'])
})
