import { randomBytes } from 'node:crypto'
import { idleLimitMs } from '@yizhan/rules/access/session-limits'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import { factorCalls, factorPlugin } from './factor-plugin.ts'
import { hidingAdapter } from './hidden-token.ts'
import { drawRecoveryCodes } from './one-time-password.ts'
import { hashPassword, passwordFits } from './password-hash.ts'
import { passwordMinLength } from './password-policy.ts'
import { recoveryCodeHashes } from './recovery-code-hash.ts'

/** What better-auth is set up with. */
export interface SignInSettings {
  /** The addresses that the console is opened at, `https://centre.example`; the first names the cookies' scheme. */
  origins: readonly string[]
  /** At least 32 characters; signs cookies and encrypts second-factor secrets. */
  secret: string
  now: () => number
  /** Told of faults, in words without personal data. */
  onFault(message: string): void
}

/** Path under which better-auth answers. */
export const signInBasePath = '/auth'

/** A prolonged session is written at most this often, so that a busy page does not turn every read into a write. */
const prolongAfterS = 60

/** The calls whose session begins with a second factor proved a moment ago. */
const provingCalls: ReadonlySet<string> = new Set([
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  factorCalls.signIn,
])

/** better-auth on schema `auth`: passwords and one-time codes, no sign-up, no telemetry, its own limiter replaced by ours. */
export function setUpBetterAuth(pool: Pool, settings: SignInSettings) {
  const [baseURL = 'http://127.0.0.1'] = settings.origins
  const secure = baseURL.startsWith('https:')
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }).withSchema('auth')
  return betterAuth({
    appName: '医站',
    baseURL,
    basePath: signInBasePath,
    secret: settings.secret,
    database: hidingAdapter(db),
    // The name of a pending second factor, and of a challenge, is known to whoever was given it and to nobody who reads the table.
    verification: { storeIdentifier: 'hashed' },
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordMinLength,
      maxPasswordLength: 256,
      password: { hash: hashPassword, verify: ({ password, hash }) => passwordFits(password, hash) },
    },
    user: {
      additionalFields: { onOneTimePassword: { type: 'boolean', required: false, defaultValue: false, input: false } },
    },
    session: {
      expiresIn: idleLimitMs / 1000,
      updateAge: prolongAfterS,
      cookieCache: { enabled: false },
      additionalFields: { factorProvedAt: { type: 'date', required: false, input: false } },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => ({
            data: { ...session, factorProvedAt: provingCalls.has(context?.path ?? '') ? new Date() : null },
          }),
        },
      },
    },
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'yizhan',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict', secure },
      ipAddress: { disableIpTracking: true },
      // The door in front checks the origin of every call, also in tests, where better-auth leaves it out.
      disableOriginCheck: true,
      disableCSRFCheck: true,
      database: { generateId: () => uuidV7(Date.now(), randomBytes(10)) },
    },
    logger: { level: 'error', log: (_level, message) => settings.onFault(message) },
    plugins: [
      twoFactor({
        issuer: '医站 Yizhan',
        backupCodeOptions: {
          customBackupCodesGenerate: drawRecoveryCodes,
          storeBackupCodes: recoveryCodeHashes(settings.secret),
        },
      }),
      factorPlugin({ pool, now: settings.now }),
    ],
  })
}

/** better-auth as it is set up here. */
export type BetterAuthHere = ReturnType<typeof setUpBetterAuth>
