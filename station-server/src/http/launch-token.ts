import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { writeFileSync } from 'node:fs'

/** Opens the kiosk to the one browser that was started with the launch token. */
export interface LaunchGate {
  /** The cookie to set for a launch token; null when the token is not the current one. */
  redeem(token: string): string | null
  /** Whether a Cookie header carries an opened session. */
  admits(cookieHeader: string | undefined): boolean
}

const cookieName = 'yz-kiosk'

/**
 * Makes the gate and writes the launch token to a file that only the kiosk's user can read. Each token opens once, and
 * the file then holds the next, so that the browser can be restarted; `reusable` keeps one token for a demonstration.
 * The cookie proves itself by a key that outlives restarts: a station that was killed lets its page go on.
 */
export function openLaunchGate(options: { tokenFile: string; key: Uint8Array; reusable: boolean }): LaunchGate {
  let current = writeNewToken(options.tokenFile)
  return {
    redeem(token) {
      if (!sameText(token, current)) return null
      if (!options.reusable) current = writeNewToken(options.tokenFile)
      const nonce = randomBytes(16).toString('base64url')
      return `${cookieName}=${nonce}.${seal(options.key, nonce)}; Path=/; HttpOnly; SameSite=Strict`
    },
    admits(cookieHeader) {
      const match = new RegExp(`(?:^|; )${cookieName}=([\\w-]{22})\\.([\\w-]{43})(?:;|$)`).exec(cookieHeader ?? '')
      const [, nonce, sealed] = match ?? []
      return nonce !== undefined && sealed !== undefined && sameText(sealed, seal(options.key, nonce))
    },
  }
}

function writeNewToken(tokenFile: string): string {
  const token = randomBytes(32).toString('base64url')
  writeFileSync(tokenFile, token, { mode: 0o600 })
  return token
}

function seal(key: Uint8Array, nonce: string): string {
  return createHmac('sha256', key).update('kiosk-cookie').update(nonce).digest('base64url')
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
