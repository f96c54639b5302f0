import type { PasskeyBrowser } from './passkey-browser.ts'
import type { CodeAnswer, PasskeyAnswer, SignInPort } from './sign-in-port.ts'

/** The sign-in calls of the centre at the page's own origin. */
export function createSignInClient(fetchAt: typeof fetch, passkeys: PasskeyBrowser): SignInPort {
  const post = (path: string, body: Record<string, string>) =>
    fetchAt(`/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify(body),
    })
  const byPasskey = async (path: string): Promise<PasskeyAnswer> => {
    const challenge = await post('/passkey/challenge', {})
    const options = await bodyOf(challenge)
    if (isRefusal(challenge)) return 'refused'
    const answer = await passkeys.ask({ ...options, challenge: String(options['challenge']) })
    if (answer === null) return 'away'
    const response = await post(path, { answer })
    await bodyOf(response)
    return isRefusal(response) ? 'refused' : 'in'
  }
  return {
    passkeysAble: passkeys.isAble,
    withPasskey: () => byPasskey('/passkey/sign-in'),
    proveWithPasskey: () => byPasskey('/prove-again'),
    proveWithCode: async (code) => await codeAnswer(await post('/prove-again', { code })),
    async addPasskey(name, password) {
      const begun = await post('/passkey/registration-options', password === null ? {} : { password })
      const options = await bodyOf(begun)
      if (isRefusal(begun)) return refusalOfNewPasskey(options['code'])
      const answer = await passkeys.make(creationOptions(options))
      if (answer === null) return 'away'
      const response = await post('/passkey/register', { name, answer })
      await bodyOf(response)
      return isRefusal(response) ? 'refused' : 'added'
    },
    async renewRecoveryCodes(password) {
      const response = await post('/two-factor/generate-backup-codes', { password })
      const { backupCodes } = await bodyOf(response)
      return isRefusal(response) || !Array.isArray(backupCodes) ? null : backupCodes.map(String)
    },
    async withPassword(email, password) {
      const response = await post('/sign-in/email', { email, password })
      const answer = await bodyOf(response)
      if (response.status === 429)
        return { kind: 'wait', retryAfterS: Number(response.headers.get('retry-after') ?? 60) }
      if (isRefusal(response)) return { kind: 'wrong' }
      return answer['twoFactorRedirect'] === true ? { kind: 'second-factor' } : { kind: 'in' }
    },
    withCode: async (code) => await codeAnswer(await post('/two-factor/verify-totp', { code })),
    withRecoveryCode: async (code) => await codeAnswer(await post('/two-factor/verify-backup-code', { code })),
    async startSecondFactor(password) {
      const response = await post('/two-factor/enable', { password })
      const { totpURI, backupCodes } = await bodyOf(response)
      if (isRefusal(response)) return null
      return {
        totpUri: String(totpURI),
        recoveryCodes: Array.isArray(backupCodes) ? backupCodes.map(String) : [],
      }
    },
    async signOut() {
      const response = await post('/sign-out', {})
      await bodyOf(response)
      isRefusal(response)
    },
  }
}

function refusalOfNewPasskey(code: unknown): 'password-wrong' | 'step-up-needed' | 'refused' {
  if (code === 'STEP_UP_NEEDED') return 'step-up-needed'
  return code === 'INVALID_PASSWORD' ? 'password-wrong' : 'refused'
}

/** The centre's options as they came; the browser itself refuses what is none. */
function creationOptions(options: Record<string, unknown>): PublicKeyCredentialCreationOptionsJSON {
  const { challenge, rp, user, pubKeyCredParams } = options as unknown as PublicKeyCredentialCreationOptionsJSON
  return { ...options, challenge, rp, user, pubKeyCredParams }
}

/** A refusal is the person's matter; anything from 500 on is a fault of the centre, thrown as if it were away. */
function isRefusal(response: Response): boolean {
  if (response.status >= 500) throw new TypeError(`the centre answered ${response.status}`)
  return !response.ok
}

async function codeAnswer(response: Response): Promise<CodeAnswer> {
  const { code } = await bodyOf(response)
  if (!isRefusal(response)) return { kind: 'in' }
  if (response.status === 429) return { kind: 'locked' }
  if (code === 'CODE_SPENT') return { kind: 'spent' }
  const startAgain = code === 'INVALID_TWO_FACTOR_COOKIE' || code === 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'
  return { kind: startAgain ? 'expired' : 'wrong' }
}

/** Read always, also where only the status counts: an answer left unread keeps its connection busy. */
async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  if (response.status >= 500) return {}
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
