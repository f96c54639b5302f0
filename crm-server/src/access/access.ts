import type { SignInDuty } from '@yizhan/contracts/access'
import type { LocalText } from '@yizhan/contracts/local-text'
import { hospitalHeader, idleHeader } from '@yizhan/rules/access/session-limits'
import { sql } from 'kysely'
import pg from 'pg'
import { appRole, type CentreDb, surviveBrokenConnections } from '../postgres/database.ts'
import { type AccessAudit, createAccessAudit } from './access-audit.ts'
import type { AccessPort, NewOwnPassword, OwnPasswordAnswer, Visitor } from './access-port.ts'
import { type BetterAuthHere, type SignInSettings, setUpBetterAuth } from './better-auth-setup.ts'
import { callsOf, needsSecondFactor } from './call-right.ts'
import { provedAtOf } from './factor-plugin.ts'
import { ensureFirstAdministrator, type FirstAdministrator } from './first-administrator.ts'
import { type Membership, membershipsOf } from './membership-store.ts'
import { type OneTimePasswordShelf, oneTimePasswordShelf } from './one-time-password.ts'
import { createOwnAccount } from './own-account.ts'
import { hashPassword, passwordFits } from './password-hash.ts'
import { isPasswordDue, type PasswordProfile, passwordWeakness } from './password-policy.ts'
import { recoveryCodeHashes } from './recovery-code-hash.ts'
import { answerAtDoor } from './sign-in-door.ts'
import { createSignInLimit, type SignInLimit } from './sign-in-limit.ts'

/** What sign-in is made of. */
export interface AccessDeps extends SignInSettings {
  /** Where the database is, for the application's role. */
  appUrl: string
  /** The centre's tables, for the audit trail. */
  db: CentreDb
  now: () => number
  /** Left out, the rules of OWASP ASVS. */
  passwordProfile?: PasswordProfile | undefined
  /** Folder for printable one-time passwords; made with mode 0700 when it is not there. */
  keysFolder: string
  /** The hospital as its own table tells it; null for a tenant that does not exist. */
  hospitalOf(tenantId: string): Promise<{ name: LocalText; zone: string } | null>
}

/** Sign-in of staff: sessions, one-time passwords, duties, the first administrator of a hospital. */
export interface Access extends AccessPort {
  /**
   * Makes sure that a hospital has an administrator. Answers the printable one-time password as long as it has not been
   * replaced, null afterwards; should its file be lost, a new one takes its place.
   */
  ensureFirstAdministrator(person: FirstAdministrator): Promise<string | null>
  close(): Promise<void>
}

interface Parts {
  deps: AccessDeps
  pool: pg.Pool
  auth: BetterAuthHere
  limit: SignInLimit
  audit: AccessAudit
  shelf: OneTimePasswordShelf
}

/** A session look-up takes about a millisecond: ten connections carry more people than a hospital has at desks. */
const maxConnections = 10

/** Builds sign-in over a database whose migrations have run. */
export function createAccess(deps: AccessDeps): Access {
  // A pool of its own: better-auth wants moments as Date, the centre's pool reads them as milliseconds.
  const pool = new pg.Pool({
    connectionString: deps.appUrl,
    options: `-c role=${appRole}`,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
  })
  surviveBrokenConnections(pool)
  pool.on('error', (fault) => deps.onFault(fault.message))
  const parts: Parts = {
    deps,
    pool,
    auth: setUpBetterAuth(pool, deps),
    limit: createSignInLimit(pool),
    audit: createAccessAudit({ ...deps, pool }),
    shelf: oneTimePasswordShelf(deps.keysFolder),
  }
  const door = {
    ...parts,
    ...deps,
    hashOfRecoveryCode: recoveryCodeHashes(deps.secret).hashOf,
  }
  const visitorOf = (headers: Headers) => visitorBy(parts, headers)
  return {
    handle: (request, from) => answerAtDoor(door, request, from),
    visitorOf,
    async whoIs(headers) {
      const visitor = await visitorOf(headers)
      return visitor.kind === 'member' ? visitor.who : null
    },
    setOwnPassword: (headers, input) => setOwnPassword(parts, headers, input),
    own: createOwnAccount({ ...parts, now: deps.now }),
    ensureFirstAdministrator: (person) => ensureFirstAdministrator(pool, parts.shelf, person),
    close: () => pool.end(),
  }
}

async function visitorBy({ deps, pool, auth }: Parts, headers: Headers): Promise<Visitor> {
  const signedIn = await sessionOf(auth, headers)
  if (signedIn === null) return { kind: 'not-signed-in' }
  const { user, session } = signedIn
  const factorProvedAtMs = provedAtOf(session)
  const memberships = await membershipsOf(pool, user.id)
  const membership = chosen(memberships, headers.get(hospitalHeader))
  const hospital = membership === undefined ? null : await deps.hospitalOf(membership.tenantId)
  if (membership === undefined || hospital === null) return { kind: 'no-membership' }
  const duties = dutiesOf(user, membership, factorProvedAtMs)
  if (isPasswordDue(deps.passwordProfile ?? 'asvs', membership.passwordSetAt?.getTime() ?? null, deps.now()))
    duties.push('renew-password')
  return {
    kind: 'member',
    sessionId: session.id,
    factorProvedAtMs,
    who: {
      userId: user.id,
      displayName: user.name,
      tenantId: membership.tenantId,
      hospitalName: hospital.name,
      zone: hospital.zone,
      roles: membership.roles,
      duties,
      calls: callsOf(membership.roles),
      siteIds: membership.siteIds,
      departmentIds: membership.departmentIds,
      staffId: membership.staffId,
      hospitals: await hospitalsOf(deps, memberships),
    },
  }
}

/** What is still to be done; a factor that somebody has is asked for in every session, whatever the roles. */
function dutiesOf(
  user: { onOneTimePassword?: boolean | null | undefined; twoFactorEnabled?: boolean | null | undefined },
  { roles, hasPasskey }: Membership,
  factorProvedAtMs: number | null,
): SignInDuty[] {
  const duties: SignInDuty[] = []
  if (user.onOneTimePassword === true) duties.push('set-own-password')
  const hasFactor = user.twoFactorEnabled === true || hasPasskey
  if (!hasFactor && needsSecondFactor(roles)) duties.push('set-up-second-factor')
  if (hasFactor && factorProvedAtMs === null) duties.push('prove-second-factor')
  return duties
}

/** The membership that a request asks to act by; undefined when the hospital that it names does not know this person. */
function chosen(memberships: readonly Membership[], tenantId: string | null): Membership | undefined {
  return tenantId === null ? memberships[0] : memberships.find((membership) => membership.tenantId === tenantId)
}

/** The hospitals by name. A hospital that is gone is left out. */
async function hospitalsOf({ hospitalOf }: AccessDeps, memberships: readonly Membership[]) {
  const named = memberships.map(async ({ tenantId }) => ({ tenantId, name: (await hospitalOf(tenantId))?.name }))
  return (await Promise.all(named)).flatMap(({ tenantId, name }) => (name === undefined ? [] : [{ tenantId, name }]))
}

/** The session behind the cookie; being asked prolongs it, unless the page says that nobody is at it. */
async function sessionOf(auth: BetterAuthHere, headers: Headers) {
  if (!headers.has('cookie')) return null
  return await auth.api.getSession({ headers, query: { disableRefresh: headers.has(idleHeader) } })
}

async function setOwnPassword(
  { deps, auth, pool, limit, shelf, audit }: Parts,
  headers: Headers,
  input: NewOwnPassword,
): Promise<OwnPasswordAnswer> {
  const signedIn = await sessionOf(auth, headers)
  if (signedIn === null) return { ok: false, error: 'not-signed-in' }
  const { user, session } = signedIn
  const attempt = { email: `own-password:${user.id}`, peerAddress: null }
  const allowed = (await limit.take(attempt)).allowed
  const { rows } = await pool.query<{ password: string | null }>(
    `select "password" from auth."account" where "userId" = $1 and "providerId" = 'credential'`,
    [user.id],
  )
  const held = rows[0]?.password ?? ''
  if (!allowed || !(await passwordFits(input.currentPassword, held))) return { ok: false, error: 'password-wrong' }
  await limit.forgive(attempt)
  const why = (await passwordFits(input.newPassword, held))
    ? 'same-as-before'
    : passwordWeakness(input.newPassword, [user.email, user.name], deps.passwordProfile)
  if (why !== null) return { ok: false, error: 'password-too-weak', why }
  const hash = await hashPassword(input.newPassword)
  const deed = { userId: user.id, action: 'own-password-set' as const, requestId: input.requestId }
  await audit.record(deed, (db) => replacePassword(db, { userId: user.id, hash, keptSessionId: session.id }))
  await shelf.remove(user.id)
  return { ok: true }
}

/** One statement, so that no session outlives the password it was opened with. */
async function replacePassword(
  db: CentreDb,
  { userId, hash, keptSessionId }: { userId: string; hash: string; keptSessionId: string },
): Promise<void> {
  await sql`
    with replaced as (
      update auth."account" set "password" = ${hash}, "updatedAt" = now()
      where "userId" = ${userId} and "providerId" = 'credential'
    ), freed as (
      update auth."user" set "onOneTimePassword" = false, "updatedAt" = now() where "id" = ${userId}
    )
    delete from auth."session" where "userId" = ${userId} and "id" <> ${keptSessionId}`.execute(db)
}
