/**
 * A staff session ends when its person has done nothing for this long. OWASP ASVS 7.3.1 leaves the figure to the risk; 15
 * minutes is usual where patient data is on the screen. The database ends it ten hours after sign-in whatever happens.
 */
export const idleLimitMs = 15 * 60_000

/** Request header by which a page says that nobody touched it lately, so that its polling does not keep a session alive. */
export const idleHeader = 'yizhan-idle'

/** Request header that names the hospital a call acts in, for accounts that several hospitals know. */
export const hospitalHeader = 'yizhan-hospital'

/**
 * How long a second factor that was proved counts for deeds of weight. OWASP ASVS 7.5.3 asks for it before each without a
 * figure; ten minutes let an administrator let in a handful of people with one code, and are over when somebody else sits
 * down at the desk after a break.
 */
export const proofLimitMs = 10 * 60_000

/** Whether a second factor was proved lately enough for a deed of weight; null for one that never was. */
export function isProofFresh(provedAtMs: number | null, nowMs: number): boolean {
  return provedAtMs !== null && nowMs - provedAtMs < proofLimitMs
}
