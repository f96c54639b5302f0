/**
 * A staff session ends when its person has done nothing for this long. OWASP ASVS 7.3.1 leaves the figure to the risk; 15
 * minutes is usual where patient data is on the screen. The database ends it ten hours after sign-in whatever happens.
 */
export const idleLimitMs = 15 * 60_000

/** Request header by which a page says that nobody touched it lately, so that its polling does not keep a session alive. */
export const idleHeader = 'yizhan-idle'
