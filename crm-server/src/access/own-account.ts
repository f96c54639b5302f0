import type { OwnAccount } from '@yizhan/contracts/access'
import { isProofFresh } from '@yizhan/rules/access/session-limits'
import { sql } from 'kysely'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { AccessAudit } from './access-audit.ts'
import type { Member } from './access-port.ts'
import { browserNamed } from './browser-name.ts'
import { passkeysOf } from './passkey-store.ts'

/** Whose account it is, and the request by which they ask. */
export interface OwnCaller extends Member {
  requestId: string
}

type Done<Refusal extends string> = { ok: true } | { ok: false; error: Refusal }

/** What somebody sees and does about their own sign-in (我的账号). */
export interface OwnAccountPort {
  read(caller: OwnCaller): Promise<OwnAccount>
  /** Ends one session of one's own, wherever it is open. */
  endSession(caller: OwnCaller, sessionId: string): Promise<Done<'session-unknown'>>
  /** Ends every session of one's own but the one that asks. */
  endOtherSessions(caller: OwnCaller): Promise<void>
  removePasskey(caller: OwnCaller, passkeyId: string): Promise<Done<'passkey-unknown' | 'step-up-needed'>>
  /** Forgets the authenticator app and its recovery codes; a role that needs a factor has to set up another. */
  removeAuthenticator(caller: OwnCaller): Promise<Done<'step-up-needed'>>
}

/** One's own account over the tables of sign-in. */
export function createOwnAccount(deps: { pool: Pool; audit: AccessAudit; now: () => number }): OwnAccountPort {
  const { pool, audit, now } = deps
  const lately = ({ factorProvedAtMs }: OwnCaller) => isProofFresh(factorProvedAtMs, now())
  return {
    read: (caller) => readOwnAccount(pool, caller),
    async endSession({ who: { userId }, requestId }, sessionId) {
      const { rowCount } = await pool.query('select from auth."session" where "id" = $1 and "userId" = $2', [
        sessionId,
        userId,
      ])
      if (rowCount === 0) return { ok: false, error: 'session-unknown' }
      await audit.record({ userId, action: 'session-ended', requestId }, (db) =>
        sql`delete from auth."session" where "id" = ${sessionId} and "userId" = ${userId}`.execute(db),
      )
      return { ok: true }
    },
    endOtherSessions: ({ who: { userId }, sessionId, requestId }) =>
      audit.record({ userId, action: 'other-sessions-ended', requestId }, (db) =>
        sql`delete from auth."session" where "userId" = ${userId} and "id" <> ${sessionId}`.execute(db),
      ),
    async removePasskey(caller, passkeyId) {
      const { userId } = caller.who
      const held = await passkeysOf(pool, userId)
      if (!held.some((passkey) => passkey.passkeyId === passkeyId)) return { ok: false, error: 'passkey-unknown' }
      if (!lately(caller)) return { ok: false, error: 'step-up-needed' }
      await audit.record({ userId, action: 'passkey-removed', requestId: caller.requestId }, (db) =>
        sql`delete from auth."passkey" where "id" = ${passkeyId} and "userId" = ${userId}`.execute(db),
      )
      return { ok: true }
    },
    async removeAuthenticator(caller) {
      const { userId } = caller.who
      if (!lately(caller)) return { ok: false, error: 'step-up-needed' }
      await audit.record({ userId, action: 'authenticator-removed', requestId: caller.requestId }, (db) =>
        sql`
          with gone as (delete from auth."twoFactor" where "userId" = ${userId})
          update auth."user" set "twoFactorEnabled" = false, "updatedAt" = now() where "id" = ${userId}`.execute(db),
      )
      return { ok: true }
    },
  }
}

interface SessionLine {
  sessionId: string
  createdAt: Date
  updatedAt: Date
  userAgent: string | null
}

const keptCodes = z.array(z.string())

async function readOwnAccount(pool: Pool, { who: { userId }, sessionId }: OwnCaller): Promise<OwnAccount> {
  const { rows: users } = await pool.query<{ email: string; hasAuthenticator: boolean; codes: string | null }>(
    `select u."email", coalesce(u."twoFactorEnabled", false) as "hasAuthenticator", f."backupCodes" as codes
     from auth."user" u left join auth."twoFactor" f on f."userId" = u."id" where u."id" = $1`,
    [userId],
  )
  const { rows: sessions } = await pool.query<SessionLine>(
    `select "id" as "sessionId", "createdAt", "updatedAt", "userAgent" from auth."session"
     where "userId" = $1 and "expiresAt" > now() order by "createdAt" desc`,
    [userId],
  )
  const passkeys = await passkeysOf(pool, userId)
  const [user] = users
  if (user === undefined) throw new Error('a session is left without its account')
  return {
    email: user.email,
    hasAuthenticator: user.hasAuthenticator,
    recoveryCodesLeft: user.hasAuthenticator ? codesLeft(user.codes) : 0,
    passkeys: passkeys.map(({ passkeyId, name, createdAt, lastUsedAt }) => ({
      passkeyId,
      name,
      createdAt: createdAt.getTime(),
      lastUsedAt: lastUsedAt?.getTime() ?? null,
    })),
    sessions: sessions.map((line) => ({
      sessionId: line.sessionId,
      since: line.createdAt.getTime(),
      lastUsedAt: line.updatedAt.getTime(),
      ...browserNamed(line.userAgent),
      current: line.sessionId === sessionId,
    })),
  }
}

/** Codes that an earlier version encrypted are ten until one is used. */
function codesLeft(stored: string | null): number {
  return stored?.startsWith('[') === true ? keptCodes.parse(JSON.parse(stored)).length : 10
}
