import type { DayBoardRow } from '@yizhan/contracts/appointment'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DayBoardFilter, dayBoardAddress, isNarrowed, readDayBoardFilter, rowsOf } from './day-board-filter.ts'

const open: DayBoardFilter = { day: null, clinicId: null, state: null, text: '' }

function row(part: Partial<DayBoardRow>): DayBoardRow {
  return {
    bookingId: 'b',
    code: '123456784',
    state: 'booked',
    clinicId: 'c1',
    clinicName: '内科',
    doctorName: '演示医生',
    patientNameMasked: '王*明',
    slotStart: 2,
    slotEnd: 3,
    arrival: null,
    ...part,
  }
}

test('every filter goes to its address and back', () => {
  const filter = fc.record({
    day: fc.option(fc.constantFrom('2026-11-22', '2027-02-28')),
    clinicId: fc.option(fc.uuid()),
    state: fc.option(fc.constantFrom('booked' as const, 'overdue' as const, 'arrived' as const, 'cancelled' as const)),
    text: fc.string(),
  })
  fc.assert(
    fc.property(filter, (given) => {
      const { searchParams } = new URL(dayBoardAddress(given), 'http://centre.example')
      expect(readDayBoardFilter(Object.fromEntries(searchParams))).toEqual(given)
    }),
  )
})

test('an address that says nothing sensible is today without filters', () => {
  expect(readDayBoardFilter({ day: '2026-13-45', state: 'asleep', clinic: '' })).toEqual(open)
  expect(dayBoardAddress(open)).toBe('/admin/')
  expect(isNarrowed({ ...open, day: '2026-11-22' })).toBe(false)
})

test('text finds masked name, code and queue number, in any spelling of the digits', () => {
  const arrival = { queueNumber: 'A-K07', arrivedAt: 1, standing: 'late', stationName: '大厅 K' } as const
  const rows = [
    row({ bookingId: 'one' }),
    row({ bookingId: 'two', code: '998877665', patientNameMasked: '李*', arrival }),
  ]
  const found = (text: string) => rowsOf({ ...open, text }, rows, 0).map(({ bookingId }) => bookingId)
  expect(found('王')).toEqual(['one'])
  expect(found('123 456')).toEqual(['one'])
  expect(found('９９８')).toEqual(['two'])
  expect(found('ak07')).toEqual(['two'])
  expect(found('nobody')).toEqual([])
})

test('rows stand in the order of their appointments', () => {
  const rows = [row({ bookingId: 'later', slotStart: 9 }), row({ bookingId: 'earlier', slotStart: 1 })]
  expect(rowsOf(open, rows, 0).map(({ bookingId }) => bookingId)).toEqual(['earlier', 'later'])
})

test('the overdue are those of the expected whose time is past; the expected are all of them', () => {
  const rows = [row({ bookingId: 'past', slotStart: 0 }), row({ bookingId: 'soon', slotStart: 1_200_000 })]
  const found = (state: 'booked' | 'overdue') =>
    rowsOf({ ...open, state }, rows, 1_000_000).map(({ bookingId }) => bookingId)
  expect(found('overdue')).toEqual(['past'])
  expect(found('booked')).toEqual(['past', 'soon'])
})
