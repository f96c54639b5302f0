import { type QueryClient, QueryClientProvider } from '@tanstack/preact-query'
import { LocationProvider } from 'preact-iso'
import { SessionGate } from '../access/session-gate.tsx'
import { LocaleProvider } from '../catalogue/admin-text.tsx'
import { UiRoot } from '../ui-admin/ui-root.tsx'
import { type AdminServices, ServicesProvider } from './admin-services.ts'
import { PreferenceProvider } from './preference-buttons.tsx'
import { type Preferences, usePreferences } from './preferences.ts'

interface Props {
  services: AdminServices
  queries: QueryClient
  preferences: Preferences
  storage: Pick<Storage, 'setItem'>
}

/** The whole console: looks, language, outside world, and the gate that everybody comes in by. */
export function AdminApp({ services, queries, preferences: start, storage }: Props) {
  const [preferences, prefer] = usePreferences(start, storage)
  return (
    <ServicesProvider value={services}>
      <PreferenceProvider value={{ preferences, prefer }}>
        <LocaleProvider locale={preferences.locale}>
          <UiRoot locale={preferences.locale} look={preferences.look}>
            <QueryClientProvider client={queries}>
              <LocationProvider scope="/admin">
                <SessionGate />
              </LocationProvider>
            </QueryClientProvider>
          </UiRoot>
        </LocaleProvider>
      </PreferenceProvider>
    </ServicesProvider>
  )
}
