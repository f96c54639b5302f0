import type { SetAsideEvent } from '@yizhan/contracts/fleet'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** Two events that a centre could not apply: a check-in that failed, and one of a kind that comes with its next release. */
export function fakeSetAside(now: number): SetAsideEvent[] {
  const at = { schemaVersion: 1, occurredAt: now - 50 * minuteMs, receivedAt: now - 49 * minuteMs }
  return [
    {
      ...at,
      eventId: uuid(801),
      type: 'patient-arrived',
      state: 'failed',
      reason: 'fault: 22003',
      queueNumber: 'A037',
    },
    { ...at, eventId: uuid(802), type: 'locker-opened', state: 'parked', reason: 'type-unknown', queueNumber: null },
  ]
}
