import type { OwnAccount, WhoAmI } from '@yizhan/contracts/access'
import { fakeRights } from '../organisation/fake-organisation.ts'
import type { CentreClient } from '../shell/admin-services.ts'
import { fakeAdministrator } from './fake-staff.ts'

const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
const hourMs = 3_600_000

/** An account with everything: authenticator, a passkey, two browsers. */
export function fakeOwnAccount(nowMs: number): OwnAccount {
  return {
    email: 'admin@hospital.example',
    hasAuthenticator: true,
    recoveryCodesLeft: 9,
    passkeys: [
      { passkeyId: uuid(801), name: '办公室电脑', createdAt: nowMs - 400 * hourMs, lastUsedAt: nowMs - 20 * hourMs },
    ],
    sessions: [
      { sessionId: 's1', since: nowMs - hourMs, lastUsedAt: nowMs, browser: 'edge', system: 'windows', current: true },
      {
        sessionId: 's2',
        since: nowMs - 3 * hourMs,
        lastUsedAt: nowMs - 2 * hourMs,
        browser: 'chrome',
        system: 'android',
        current: false,
      },
    ],
  }
}

/** What these calls read of the centre in memory. */
interface Held {
  who: WhoAmI | string
  own: OwnAccount
}

type Answering = <Input, Output>(
  call: string,
  answer: (centre: Held, input: Input | undefined) => Output,
) => (input?: Input, ..._rest: unknown[]) => Promise<Output>

/** The calls about one's own sign-in and the policy table, as the centre would answer them. */
export function fakeAccess(answering: Answering): Pick<CentreClient, 'access'> {
  const done = { done: true as const }
  return {
    access: {
      whoAmI: answering('access.whoAmI', ({ who }) => (typeof who === 'string' ? fakeAdministrator : who)),
      setOwnPassword: answering('access.setOwnPassword', () => ({ changed: true as const })),
      policy: answering('access.policy', () => ({ rights: fakeRights })),
      ownAccount: answering('access.ownAccount', ({ own }) => own),
      endSession: answering('access.endSession', () => done),
      endOtherSessions: answering('access.endOtherSessions', () => done),
      removePasskey: answering('access.removePasskey', () => done),
      removeAuthenticator: answering('access.removeAuthenticator', () => done),
    },
  }
}
