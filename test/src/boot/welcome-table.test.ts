import { addresses, wantedPorts } from '@yizhan/deploy/boot/start-plan.mjs'
import { welcomeTable } from '@yizhan/deploy/boot/welcome-table.mjs'
import { expect, test } from 'vitest'

const booking = (code: string, shows: string) => ({
  code,
  secondItem: '8305',
  qr: '',
  shows,
  note: { 'zh-CN': '看', en: `sees ${shows}` },
})
const pages = addresses(wantedPorts, 'token')

test('every kind of booking can be tried: two codes of each, in threes, with what is asked besides', () => {
  const bookings = [booking('056950481', 'on-time'), booking('118654528', 'on-time'), booking('243539121', 'on-time')]
  const admin = { email: 'admin@demo.example', oneTimePassword: 'abcd-efgh' }
  const table = welcomeTable(pages, { bookings: [...bookings, booking('541768805', 'late')], admin })
  expect(table).toContain('056 950 481   8305   看 · sees on-time')
  expect(table).toContain('541 768 805   8305   看 · sees late')
  expect(table).not.toContain('243 539 121')
  expect(table).toContain('one-time password abcd-efgh')
})

test('a one-time password is shown only while it is unused', () => {
  const table = welcomeTable(pages, { bookings: [], admin: { email: 'admin@demo.example', oneTimePassword: null } })
  expect(table).toMatch(/admin@demo\.example, with the password chosen/)
})
