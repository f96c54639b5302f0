import { z } from 'zod'

/** The languages every screen, slip and message is complete in; Simplified Chinese is always first. */
export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

/** One text in every language, as entered by the hospital (names of clinics, places, desks). */
export const localText = z.strictObject({
  'zh-CN': z.string().min(1).max(120),
  en: z.string().min(1).max(120),
})
export type LocalText = z.infer<typeof localText>
