import { createHmac } from 'node:crypto'
import { symmetricDecrypt } from 'better-auth/crypto'
import { z } from 'zod'

const mark = 'hmac-sha256:'
const codeList = z.array(z.string())

/** Recovery codes as better-auth keeps them: a list of keyed hashes, from which nobody reads a code. */
export interface RecoveryCodeHashes {
  /** The form in which a code that somebody typed has to be handed on. */
  hashOf(code: string): string
  encrypt(codes: string): Promise<string>
  decrypt(stored: string): Promise<string>
}

/**
 * Keyed with the centre's secret, which is not in the database: 49 bits could be tried through from a bare hash. What was
 * encrypted by an earlier version is hashed as it is read.
 */
export function recoveryCodeHashes(secret: string): RecoveryCodeHashes {
  const key = createHmac('sha256', secret).update('recovery codes of staff').digest()
  const hashOf = (code: string) => {
    const typed = code.trim().toLowerCase()
    return mark + createHmac('sha256', key).update(typed).digest('base64url')
  }
  const kept = (codes: unknown) =>
    JSON.stringify(codeList.parse(codes).map((code) => (code.startsWith(mark) ? code : hashOf(code))))
  return {
    hashOf,
    encrypt: async (codes) => kept(JSON.parse(codes)),
    async decrypt(stored) {
      return kept(JSON.parse(stored.startsWith('[') ? stored : await symmetricDecrypt({ key: secret, data: stored })))
    },
  }
}
