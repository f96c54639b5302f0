import type { WhoAmI } from '@yizhan/contracts/access'
import { useLocation } from 'preact-iso'
import { OwnAccountPage } from '../access/own-account-page.tsx'
import { PolicyPage } from '../access/policy-page.tsx'
import { StepUpDialog } from '../access/step-up-dialog.tsx'
import { AccountsPage } from '../account/accounts-page.tsx'
import { TodayPage } from '../appointment/today-page.tsx'
import { AuditPage } from '../audit/audit-page.tsx'
import { useSay } from '../catalogue/admin-text.tsx'
import { CustomerPage } from '../customer/customer-page.tsx'
import { CustomersPage } from '../customer/customers-page.tsx'
import { DuplicatesPage } from '../customer/duplicates-page.tsx'
import { StationsPage } from '../fleet/stations-page.tsx'
import { GroupPage } from '../group-customer/group-page.tsx'
import { GroupsPage } from '../group-customer/groups-page.tsx'
import { JobsPage } from '../job/jobs-page.tsx'
import { NoticesPage } from '../notice/notices-page.tsx'
import { SlipsPage } from '../printing/slips-page.tsx'
import { CodesPage } from '../staff/codes-page.tsx'
import { StaffPage } from '../staff/staff-page.tsx'
import { WardPage } from '../staff/ward-page.tsx'
import { TodosPage } from '../todo/todos-page.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PageFrame } from './page-frame.tsx'
import { useLive } from './use-live.ts'

/** The pages behind the gate, by their addresses. */
export function SignedInPages({ who, onSignOut }: { who: WhoAmI; onSignOut(): void }) {
  const live = useLive()
  const { path } = useLocation()
  return (
    <PageFrame who={who} live={live} onSignOut={onSignOut}>
      <StepUpDialog />
      <PageAt path={path.replace(/\/$/, '')} who={who} />
    </PageFrame>
  )
}

function PageAt({ path, who }: { path: string; who: WhoAmI }) {
  const say = useSay()
  switch (path) {
    case '/admin':
      return <TodayPage who={who} />
    case '/admin/stations':
      return <StationsPage who={who} />
    case '/admin/slips':
      return <SlipsPage who={who} />
    case '/admin/account':
      return <OwnAccountPage who={who} />
    case '/admin/todos':
      return <TodosPage who={who} />
    case '/admin/notices':
      return <NoticesPage who={who} />
    case '/admin/jobs':
      return <JobsPage who={who} />
    case '/admin/customers':
      return <CustomersPage who={who} />
    case '/admin/customers/duplicates':
      return <DuplicatesPage who={who} />
    case '/admin/groups':
      return <GroupsPage who={who} />
    case '/admin/users':
      return <AccountsPage who={who} />
    case '/admin/audit':
      return <AuditPage who={who} />
    case '/admin/roles':
      return <PolicyPage />
    case '/admin/staff':
      return <StaffPage who={who} />
    case '/admin/wards':
      return <WardPage who={who} />
    case '/admin/codes':
      return <CodesPage who={who} />
    default:
      return fileAt(path, who) ?? <EmptyState title={say('app.notFound.title')} body={say('app.notFound.body')} />
  }
}

/** The file of one person or group, which its address names by id. */
function fileAt(path: string, who: WhoAmI) {
  const [, kind, id] = /^\/admin\/(customers|groups)\/([0-9a-f-]{36})$/.exec(path) ?? []
  if (id === undefined) return null
  return kind === 'customers' ? (
    <CustomerPage key={id} who={who} personId={id} />
  ) : (
    <GroupPage key={id} who={who} groupId={id} />
  )
}
