import { render } from 'preact'
import { startIdleWatch } from './access/attendance-watch.ts'
import { browserPasskeys } from './access/passkey-browser.ts'
import { createSignInClient } from './access/sign-in-client.ts'
import { createStepUpDesk } from './access/step-up-desk.ts'
import { AdminApp } from './shell/admin-app.tsx'
import { createAdminQueries, whoAmIKey } from './shell/admin-queries.ts'
import { createCentreClient } from './shell/centre-calls.ts'
import { rememberedHospital } from './shell/hospital-choice.ts'
import { createLiveSocket } from './shell/live-socket.ts'
import { readPreferences } from './shell/preferences.ts'
import './shell/admin.css'
import './ui-admin/ui-kit.css'
import './access/entry.css'
import './appointment/day-board.css'
import './access/own-account.css'
import './customer/customer.css'
import './fleet/fleet.css'
import './pairing/pairing.css'
import './printing/slips.css'
import './todo/todo.css'

const queries = createAdminQueries()
const clock = () => Date.now()
const signIn = createSignInClient((input, init) => fetch(input, init), browserPasskeys(location.hostname))
const stepUp = createStepUpDesk()
const hospital = rememberedHospital(sessionStorage, () => location.assign('/admin/'))
const idleWatch = startIdleWatch({
  page: window,
  clock,
  onIdleLimit: () => {
    if (queries.getQueryData(whoAmIKey) === undefined) return
    const askAgain = () => queries.invalidateQueries({ queryKey: whoAmIKey })
    // The centre ends an idle session by itself; saying so early only shortens the wait.
    signIn.signOut().then(askAgain, askAgain)
  },
})
const systemLook = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
const place = document.getElementById('app')
if (place === null) throw new Error('the page has no place for the console')
render(
  <AdminApp
    services={{
      client: createCentreClient({ origin: location.origin, isAttended: idleWatch.isAttended, stepUp, hospital }),
      signIn,
      live: createLiveSocket(hospital),
      stepUp,
      hospital,
      clock,
    }}
    queries={queries}
    preferences={readPreferences(localStorage, systemLook)}
    storage={localStorage}
  />,
  place,
)
