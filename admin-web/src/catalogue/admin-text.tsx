import type { Locale, LocalText } from '@yizhan/contracts/local-text'
import { formatMessage, type MessageValues } from '@yizhan/rules/catalogue/message-format'
import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { adminEn } from './admin-en.ts'
import { type AdminMessageKey, adminZhCn } from './admin-zh-cn.ts'

/** Says a text of the catalogue in the language of the page. */
export type Say = (key: AdminMessageKey, values?: MessageValues) => string

const catalogues: Record<Locale, Record<AdminMessageKey, string>> = { 'zh-CN': adminZhCn, en: adminEn }
const LocaleContext = createContext<Locale>('zh-CN')

/** Sets the language of everything inside. */
export function LocaleProvider({ locale, children }: { locale: Locale; children: ComponentChildren }) {
  return <LocaleContext.Provider value={locale}>{children}</LocaleContext.Provider>
}

/** The language of the page. */
export function useLocale(): Locale {
  return useContext(LocaleContext)
}

/** Speaks the language of the page. */
export function useSay(): Say {
  const locale = useLocale()
  return (key, values = {}) => formatMessage(catalogues[locale][key], values, locale)
}

/** A text that the hospital entered, in the language of the page. */
export function useLocalText(): (text: LocalText) => string {
  const locale = useLocale()
  return (text) => text[locale]
}
