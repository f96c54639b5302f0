/** What became of a password. */
export type PasswordAnswer =
  | { kind: 'in' }
  | { kind: 'second-factor' }
  | { kind: 'wrong' }
  | { kind: 'wait'; retryAfterS: number }

/** What became of a code of the authenticator, or of a recovery code. */
export type CodeAnswer = { kind: 'in' } | { kind: 'wrong' } | { kind: 'expired' } | { kind: 'locked' }

/** What the authenticator app and its owner need; null when the password was wrong. */
export type SecondFactorStart = { totpUri: string; recoveryCodes: readonly string[] } | null

/** Sign-in as the centre serves it under `/auth`. An unreachable centre throws a TypeError, as fetch does. */
export interface SignInPort {
  withPassword(email: string, password: string): Promise<PasswordAnswer>
  withCode(code: string): Promise<CodeAnswer>
  withRecoveryCode(code: string): Promise<CodeAnswer>
  startSecondFactor(password: string): Promise<SecondFactorStart>
  signOut(): Promise<void>
}
