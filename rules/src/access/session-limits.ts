/** A staff session ends when its person has done nothing for this long; 15 minutes for who sees patient data (OWASP ASVS 7.3.1 leaves the figure to the risk; the classified-protection checklists of Chinese hospitals ask for it). */
export const idleLimitMs = 15 * 60_000

/** A staff session ends this long after sign-in whatever happens: one long shift. */
export const sessionLimitMs = 10 * 3_600_000

/** Request header by which a page says that nobody touched it lately, so that its polling does not keep a session alive. */
export const idleHeader = 'yizhan-idle'
