import axe from 'axe-core'
import { render } from 'preact'
import { AdminApp } from './admin-app.tsx'
import { createAdminQueries } from './admin-queries.ts'
import { createFakeCentre, type FakeCentre } from './fake-centre.ts'
import type { Preferences } from './preferences.ts'
import './admin.css'
import '../ui-admin/ui-kit.css'
import '../access/entry.css'
import '../appointment/day-board.css'
import '../access/own-account.css'
import '../customer/customer.css'
import '../fleet/fleet.css'
import '../pairing/pairing.css'
import '../printing/slips.css'
import '../todo/todo.css'

/** The console on a page of the test's own browser. */
export interface AdminStage {
  centre: FakeCentre
  /** Takes the console off the page again. */
  clear(): void
}

interface Setting extends Partial<Preferences> {
  /** The address of the page to open. */
  at?: string
  /** Sets the centre up before the console asks it anything. */
  prepare?(centre: FakeCentre): void
}

/** Puts the whole console on the page, over a centre in memory. */
export function openAdmin({ at = '/admin/', locale = 'zh-CN', look = 'light', prepare }: Setting = {}): AdminStage {
  history.replaceState(null, '', at)
  const centre = createFakeCentre()
  prepare?.(centre)
  const place = document.createElement('div')
  document.body.append(place)
  render(
    <AdminApp
      services={centre.services}
      queries={createAdminQueries()}
      preferences={{ locale, look }}
      storage={{ setItem: () => undefined }}
    />,
    place,
  )
  return {
    centre,
    clear() {
      render(null, place)
      place.remove()
      for (const left of document.querySelectorAll('body > div')) left.remove()
    },
  }
}

/** What axe finds wrong with the page as it stands, by the rules of WCAG 2.2 A and AA. */
export async function accessibilityFaults(): Promise<string[]> {
  await stillness()
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { region: { enabled: false } },
  })
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  )
}

/** A dialog of antd begins to move some frames after it is there, in three steps of two frames each (rc-motion). */
const stillFrames = 10

/** Ends when nothing has moved for some frames: what fades has, for a moment, colours that nobody reads. */
async function stillness(): Promise<void> {
  for (let still = 0; still < stillFrames; still += 1) {
    const moving = document.getAnimations().filter(({ playState }) => playState === 'running')
    if (moving.length > 0) still = 0
    await Promise.all(moving.map((motion) => motion.finished.catch(() => undefined)))
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
}
