import type { Locale } from '@yizhan/contracts/local-text'
import { useState } from 'preact/hooks'
import type { AdminLook } from '../ui-admin/admin-theme.ts'

/** How this browser likes to see the console; nothing of any person. */
export interface Preferences {
  locale: Locale
  look: AdminLook
}

const storageKey = 'yizhan-admin-preferences'

/** The preferences kept in this browser; Chinese and the system's own look where none are. */
export function readPreferences(storage: Pick<Storage, 'getItem'>, systemLook: AdminLook): Preferences {
  const kept = storage.getItem(storageKey)
  const [locale, look] = (kept ?? '').split(' ')
  return {
    locale: locale === 'en' ? 'en' : 'zh-CN',
    look: look === 'light' || look === 'dark' ? look : systemLook,
  }
}

/** Preferences that survive a reload. */
export function usePreferences(start: Preferences, storage: Pick<Storage, 'setItem'>) {
  const [preferences, setPreferences] = useState(start)
  const prefer = (next: Preferences) => {
    setPreferences(next)
    storage.setItem(storageKey, `${next.locale} ${next.look}`)
  }
  return [preferences, prefer] as const
}
