import type { Locale } from '@yizhan/contracts/local-text'

/** How the patient wants to see the screen; forgotten with the session. */
export interface DisplaySettings {
  readonly locale: Locale
  /** Large text: capitals of at least 7.3 mm, EN 301 549 §5.1.4 at 600 mm. */
  readonly large: boolean
  readonly contrast: boolean
  /** Every control in the lower 45 % of the screen. */
  readonly low: boolean
}

/** What every patient starts with. */
export const defaultDisplay: DisplaySettings = { locale: 'zh-CN', large: false, contrast: false, low: false }
