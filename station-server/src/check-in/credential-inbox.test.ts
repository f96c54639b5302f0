import { afterEach, expect, test, vi } from 'vitest'
import { CredentialInbox } from './credential-inbox.ts'

afterEach(() => vi.useRealTimers())

const card = { kind: 'card' as const, hashes: ['h'] }
const scan = { kind: 'scan' as const, text: 'code' }

test('a credential is held for a minute, taken once, and only as what it is', () => {
  let now = 1_000_000
  const inbox = new CredentialInbox(() => now)
  const first = inbox.put(card)
  now += 60_000
  expect(inbox.take('scan', first)).toBeNull()
  expect(inbox.take('card', first)).toEqual(card)
  expect(inbox.take('card', first)).toBeNull()
  const late = inbox.put(scan)
  now += 60_001
  expect(inbox.take('scan', late)).toBeNull()
})

test('a scan takes the place of a card and a card that of a scan', () => {
  const inbox = new CredentialInbox(() => 1_000_000)
  const held = inbox.put(card)
  const scanned = inbox.put(scan)
  expect(inbox.take('card', held)).toBeNull()
  const next = inbox.put(card)
  expect(inbox.take('scan', scanned)).toBeNull()
  expect(inbox.take('card', next)).toEqual(card)
})

test('a credential that nobody takes up is forgotten after its minute by itself, not only when somebody asks for it', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  // A clock that stands still: what is gone then was not found too old, but thrown away.
  const inbox = new CredentialInbox(() => 1_000_000)
  inbox.put(card)
  vi.advanceTimersByTime(59_000)
  const scanned = inbox.put(scan)
  vi.advanceTimersByTime(59_000)
  expect(inbox.take('scan', scanned)).toEqual(scan)
  const left = inbox.put(scan)
  vi.advanceTimersByTime(60_000)
  expect(inbox.take('scan', left)).toBeNull()
})
