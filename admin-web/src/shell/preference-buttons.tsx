import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { Preferences } from './preferences.ts'

/** The preferences in force, and how to change them. */
export interface PreferenceControl {
  preferences: Preferences
  prefer(next: Preferences): void
}

const PreferenceContext = createContext<PreferenceControl | null>(null)

/** Hands the preferences to the buttons inside. */
export const PreferenceProvider = PreferenceContext.Provider

/** Language and look, one press each. */
export function PreferenceButtons() {
  const say = useSay()
  const control = useContext(PreferenceContext)
  if (control === null) return null
  const { preferences, prefer } = control
  const otherLook = preferences.look === 'dark' ? 'light' : 'dark'
  return (
    <span class="preferences">
      <PushButton
        kind="quiet"
        icon="language"
        label={say('app.language.other')}
        onPress={() => prefer({ ...preferences, locale: preferences.locale === 'en' ? 'zh-CN' : 'en' })}
      />
      <PushButton
        kind="quiet"
        icon={otherLook}
        label={say(otherLook === 'dark' ? 'app.theme.dark' : 'app.theme.light')}
        onPress={() => prefer({ ...preferences, look: otherLook })}
      />
    </span>
  )
}
