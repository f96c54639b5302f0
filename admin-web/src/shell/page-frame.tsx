import type { WhoAmI } from '@yizhan/contracts/access'
import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { WaitingCounts } from '../todo/waiting-counts.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { Icon, type IconName } from '../ui-admin/icon.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { useServices } from './admin-services.ts'
import { PreferenceButtons } from './preference-buttons.tsx'

interface Props {
  who: WhoAmI
  live: boolean
  onSignOut(): void
  children: ComponentChildren
}

/** The pages, each with the call that it cannot do without: who may not make it is not led there. */
const menu = [
  { href: '/admin/', icon: 'calendar', label: 'bookings.nav', call: 'appointment.day' },
  { href: '/admin/customers', icon: 'person', label: 'customers.nav', call: 'customer.list' },
  { href: '/admin/groups', icon: 'building', label: 'groups.nav', call: 'groupCustomer.list' },
  { href: '/admin/todos', icon: 'tasks', label: 'todos.nav', call: 'todo.list' },
  { href: '/admin/notices', icon: 'megaphone', label: 'notices.nav', call: 'notice.inbox' },
  { href: '/admin/stations', icon: 'kiosk', label: 'stations.nav', call: 'fleet.list' },
  { href: '/admin/slips', icon: 'printer', label: 'slips.nav', call: 'fleet.slips' },
  { href: '/admin/staff', icon: 'people', label: 'staff.nav', call: 'staff.list' },
  { href: '/admin/wards', icon: 'clock', label: 'wards.nav', call: 'staff.wardDay' },
  { href: '/admin/codes', icon: 'badge', label: 'codes.nav', call: 'staff.codes' },
  { href: '/admin/users', icon: 'key', label: 'accounts.nav', call: 'account.list' },
  { href: '/admin/roles', icon: 'shield', label: 'policy.nav', call: 'access.policy' },
  { href: '/admin/audit', icon: 'search', label: 'audit.nav', call: 'audit.list' },
  { href: '/admin/jobs', icon: 'gears', label: 'jobs.nav', call: 'job.queues' },
] as const

/** Menu at the side, person and hospital on top, the page in the middle. */
export function PageFrame({ who, live, onSignOut, children }: Props) {
  const say = useSay()
  return (
    <div class="frame">
      <a class="skip-link" href="#content">
        {say('app.skip')}
      </a>
      <aside class="frame-side">
        <div class="brand">
          <span class="brand-mark" aria-hidden="true" />
          {say('app.name')}
        </div>
        <nav aria-label={say('app.menu')}>
          {menu
            .filter(({ call }) => who.calls.includes(call))
            .map(({ href, icon, label }) => (
              <MenuLink key={href} href={href} icon={icon} label={say(label)} />
            ))}
        </nav>
      </aside>
      <header class="frame-top">
        <HospitalName who={who} />
        <span class={live ? 'live live-on' : 'live live-off'} role="status">
          {live ? say('app.live.on') : say('app.live.off')}
        </span>
        <WaitingCounts who={who} />
        <PreferenceButtons />
        <a class="frame-person" href="/admin/account" title={say('own.title')}>
          {who.displayName}
        </a>
        <PushButton kind="quiet" icon="leave" label={say('app.signOut')} onPress={onSignOut} />
      </header>
      <main class="frame-page" id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** The hospital of the page; who belongs to several picks one here. */
function HospitalName({ who }: { who: WhoAmI }) {
  const say = useSay()
  const localText = useLocalText()
  const { hospital } = useServices()
  if (who.hospitals.length < 2) return <strong class="frame-hospital">{localText(who.hospitalName)}</strong>
  return (
    <span class="frame-hospital frame-choice">
      <ChoiceField<string>
        label={say('app.hospital')}
        value={who.tenantId}
        choices={who.hospitals.map(({ tenantId, name }) => ({ value: tenantId, label: localText(name) }))}
        onChange={(tenantId) => {
          if (tenantId !== null && tenantId !== who.tenantId) hospital.choose(tenantId)
        }}
      />
    </span>
  )
}

function MenuLink({ href, icon, label }: { href: string; icon: IconName; label: string }) {
  const { path } = useLocation()
  return (
    <a class="menu-link" href={href} aria-current={menuPlace(path, href)}>
      <Icon name={icon} />
      {label}
    </a>
  )
}

/** Whether an address is the page of the menu, or one below it, such as a file of a list. */
function menuPlace(path: string, href: string): 'page' | 'true' | undefined {
  if (path.replace(/\/$/, '') === href.replace(/\/$/, '')) return 'page'
  return href !== '/admin/' && path.startsWith(`${href}/`) ? 'true' : undefined
}
