import { cleanup, render, screen } from '@testing-library/preact'
import type { StationView } from '@yizhan/contracts/station'
import { userEvent } from 'vitest/browser'
import { english } from '../catalogue/en.ts'
import '../kit/kiosk.css'
import { sampleAppointment, samplePrint, sampleTicket } from '../check-in/check-in-samples.ts'
import { sampleReport } from '../device/readiness-samples.ts'
import { sampleNow, sampleStation } from '../gallery/sample-station.ts'
import { type StationStandIn, stationStandIn } from '../station/station-stand-in.ts'
import { type TurnableClock, turnableClock } from '../station/turnable-clock.ts'
import { type KioskPage, startKioskPage } from './kiosk-page.ts'
import { KioskScreen } from './kiosk-screen.tsx'

/** A kiosk on the screen over a stand-in of its station, for tests that act as a patient. */
export interface KioskVisit {
  readonly station: StationStandIn
  readonly clock: TurnableClock
  readonly page: KioskPage
  /** How often the page loaded itself anew. */
  reloads(): number
  leave(): Promise<void>
}

/** Opens a kiosk whose station knows one patient, whose ticket begins to print. */
export async function visitKiosk(changes: Partial<StationView> = {}): Promise<KioskVisit> {
  const clock = turnableClock(sampleNow)
  const station = stationStandIn({
    view: { ...sampleStation, ...changes },
    appointments: [sampleAppointment(sampleNow)],
    report: sampleReport(sampleNow, { verdict: 'incomplete', running: true }),
    ticket: sampleTicket(sampleNow, { print: samplePrint(sampleNow, 'sending') }),
  })
  let reloads = 0
  const page = startKioskPage({
    loadEnglish: async () => english,
    loadCardScreens: () => import('../card/card-screens.tsx'),
    loadReadinessScreens: () => import('../device/readiness-screens.tsx'),
    loadPairingScreens: () => import('../pairing/pairing-screens.tsx'),
    loadWedgeScanner: () => import('../scanner/wedge-scanner.ts'),
    client: station.client,
    clock,
    startPushes: station.startPushes,
    newId: () => crypto.randomUUID(),
    reload: () => {
      reloads += 1
    },
  })
  render(<KioskScreen page={page} clock={clock} />)
  await heading('自助签到')
  return {
    station,
    clock,
    page,
    reloads: () => reloads,
    async leave() {
      cleanup()
      await page.stop()
    },
  }
}

/** Waits for the screen with this heading. */
export function heading(name: string | RegExp): Promise<HTMLElement> {
  return screen.findByRole('heading', { level: 1, name })
}

/** Touches the button with this word. */
export async function press(name: string | RegExp): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name }))
}
