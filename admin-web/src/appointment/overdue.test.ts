import { bookingStates } from '@yizhan/contracts/appointment'
import { expect, test } from 'vitest'
import { isOverdue } from './overdue.ts'

const slotStart = Date.parse('2026-11-22T06:00:00Z')
const minutesLater = (minutes: number) => slotStart + minutes * 60_000

test('who has not come is overdue once more than fifteen minutes of the appointment are past', () => {
  expect(isOverdue({ state: 'booked', slotStart }, minutesLater(-10))).toBe(false)
  expect(isOverdue({ state: 'booked', slotStart }, minutesLater(15))).toBe(false)
  expect(isOverdue({ state: 'booked', slotStart }, minutesLater(15) + 1)).toBe(true)
})

test('who has come, was moved or was cancelled is never overdue', () => {
  const overdue = bookingStates.filter((state) => isOverdue({ state, slotStart }, minutesLater(120)))
  expect(overdue).toEqual(['booked'])
})
