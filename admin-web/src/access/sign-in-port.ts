/** What became of a password. */
export type PasswordAnswer =
  | { kind: 'in' }
  | { kind: 'second-factor' }
  | { kind: 'wrong' }
  | { kind: 'wait'; retryAfterS: number }

/** What became of a code of the authenticator, or of a recovery code. */
export type CodeAnswer =
  | { kind: 'in' }
  | { kind: 'wrong' }
  | { kind: 'expired' }
  | { kind: 'locked' }
  | { kind: 'spent' }

/** What became of a passkey: `away` when the person turned away from it. */
export type PasskeyAnswer = 'in' | 'refused' | 'away'

/** What became of a new passkey. */
export type PasskeyAdded = 'added' | 'refused' | 'away' | 'password-wrong' | 'step-up-needed'

/** What the authenticator app and its owner need; null when the password was wrong. */
export type SecondFactorStart = { totpUri: string; recoveryCodes: readonly string[] } | null

/** Sign-in as the centre serves it under `/auth`. An unreachable centre throws a TypeError, as fetch does. */
export interface SignInPort {
  withPassword(email: string, password: string): Promise<PasswordAnswer>
  withCode(code: string): Promise<CodeAnswer>
  withRecoveryCode(code: string): Promise<CodeAnswer>
  startSecondFactor(password: string): Promise<SecondFactorStart>
  /** Whether this page can use passkeys at all. */
  passkeysAble: boolean
  withPasskey(): Promise<PasskeyAnswer>
  /** Proves the second factor of whoever is signed in, for the next deeds of weight. */
  proveWithCode(code: string): Promise<CodeAnswer>
  proveWithPasskey(): Promise<PasskeyAnswer>
  /** `password` only while the account has no second factor. */
  addPasskey(name: string, password: string | null): Promise<PasskeyAdded>
  /** Ten new recovery codes instead of the old; null when the password was wrong. */
  renewRecoveryCodes(password: string): Promise<readonly string[] | null>
  signOut(): Promise<void>
}
