import { ORPCError } from '@orpc/client'
import type { IdentityEvent } from '@yizhan/contracts/fleet'
import type { PendingPairing } from '@yizhan/contracts/pairing'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
/** The code that the fake centre knows. */
const knownCode = '40718265'

/** The machine that waits in the lobby of the demo hospital. */
function fakePairing(now: number): PendingPairing {
  return {
    pairingId: uuid(900),
    keyFingerprint: '3f0a 91bc 77de 0412 a8c9 5560 be13 d27f',
    about: { appVersion: '0.1.0', hostName: 'lobby-7', platform: 'linux x64' },
    begunAt: now - minuteMs,
    expiresAt: now + 9 * minuteMs,
    returning: null,
  }
}

/** Answers a look-up: one code is known, nine tries are left. */
export function findFake(now: number, code: string | undefined): PendingPairing {
  if (code === knownCode) return fakePairing(now)
  throw new ORPCError('code-unknown', { status: 404, defined: true, data: { triesLeft: 9 } })
}

/** Answers an approval. */
export function approveFake(now: number): { stationId: string; keyFingerprint: string } {
  return { stationId: uuid(901), keyFingerprint: fakePairing(now).keyFingerprint }
}

/** A station that was paired the day before. */
export function fakeHistory(now: number) {
  const what: IdentityEvent = 'station-paired'
  return { entries: [{ at: now - 24 * 60 * minuteMs, stationId: uuid(275), what }] }
}
