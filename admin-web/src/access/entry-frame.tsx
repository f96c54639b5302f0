import type { ComponentChildren } from 'preact'
import { useSay } from '../catalogue/admin-text.tsx'
import { PreferenceButtons } from '../shell/preference-buttons.tsx'

/** The quiet card in the middle of the screen that sign-in and its steps stand on. */
export function EntryFrame({ children }: { children: ComponentChildren }) {
  const say = useSay()
  return (
    <div class="entry">
      <header class="entry-top">
        <div class="brand">
          <span class="brand-mark" aria-hidden="true" />
          {say('app.name')} <span class="brand-part">{say('app.console')}</span>
        </div>
        <PreferenceButtons />
      </header>
      <main class="entry-card">{children}</main>
    </div>
  )
}
