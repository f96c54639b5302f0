import { render } from 'preact'
import '../kit/kiosk.css'
import { browserClock } from '../kit/kiosk-clock.ts'
import { createStationClient } from '../station/station-client.ts'
import { startSocketPushes } from '../station/station-pushes.ts'
import { startKioskPage } from './kiosk-page.ts'
import { KioskScreen } from './kiosk-screen.tsx'
import { quietBrowser } from './quiet-browser.ts'
import { surviveStation } from './survive-station.ts'

quietBrowser(window)
const page = startKioskPage({
  client: createStationClient(location.origin),
  clock: browserClock,
  startPushes: startSocketPushes,
  newId: () => crypto.randomUUID(),
  loadEnglish: async () => (await import('../catalogue/en.ts')).english,
  loadCardScreens: () => import('../card/card-screens.tsx'),
  loadReadinessScreens: () => import('../device/readiness-screens.tsx'),
  loadPairingScreens: () => import('../pairing/pairing-screens.tsx'),
  loadWedgeScanner: () => import('../scanner/wedge-scanner.ts'),
  reload: () => location.reload(),
})
const root = document.getElementById('kiosk')
if (!root) throw new Error('the page has no #kiosk')
root.replaceChildren()
render(<KioskScreen page={page} clock={browserClock} />, root)
if (import.meta.env.PROD) void surviveStation(navigator.serviceWorker)
