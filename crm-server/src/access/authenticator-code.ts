import { createHmac } from 'node:crypto'
import { symmetricDecrypt } from 'better-auth/crypto'
import type { Pool } from 'pg'

/** RFC 6238 §5.2: the step that authenticator apps use. */
const stepMs = 30_000
/** RFC 6238 §5.2 allows one step of delay; the same to either side as better-auth does. */
const stepsBeside = [0, -1, 1]

/** The step whose code this is, of now and the ones beside it; null for none. RFC 6238 with SHA-1 and six digits. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | null {
  const now = Math.floor(nowMs / stepMs)
  const beside = stepsBeside.find((distance) => codeOfStep(secret, now + distance) === code)
  return beside === undefined ? null : now + beside
}

function codeOfStep(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** What a code of the authenticator is worth: `spent` when it, or a later one, opened something before. */
export type CodeWorth = 'fresh' | 'spent' | 'wrong'

/**
 * Judges a code and uses it up: of the codes of one account each step counts once, and none before the last (OWASP ASVS 6.5.1).
 * Two calls that bring the same code at the same moment cannot both have it.
 */
export async function spendCode(
  {
    secretConfig,
    pool,
    now,
  }: { secretConfig: Parameters<typeof symmetricDecrypt>[0]['key']; pool: Pool; now: () => number },
  userId: string,
  code: string,
): Promise<CodeWorth> {
  const { rows } = await pool.query<{ secret: string }>(
    'select "secret" from auth."twoFactor" where "userId" = $1 and coalesce("lockedUntil" < now(), true)',
    [userId],
  )
  const [held] = rows
  if (held === undefined) return 'wrong'
  const secret = await symmetricDecrypt({ key: secretConfig, data: held.secret })
  const step = stepOfCode(secret, code, now())
  if (step === null) return 'wrong'
  const spent = await pool.query(
    `update auth."twoFactor" set "lastStep" = $2
     where "userId" = $1 and "secret" = $3 and coalesce("lastStep" < $2, true)`,
    [userId, step, held.secret],
  )
  return spent.rowCount === 1 ? 'fresh' : 'spent'
}
