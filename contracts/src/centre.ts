import { accessContract } from './access.ts'
import { accountContract } from './account.ts'
import { appointmentContract } from './appointment.ts'
import { attachmentReadContract } from './attachment.ts'
import { auditContract } from './audit.ts'
import { customerContract } from './customer.ts'
import { fleetContract } from './fleet.ts'
import { groupCustomerContract } from './group-customer.ts'
import { jobContract } from './job.ts'
import { moduleEventContract } from './module-event.ts'
import { noticeContract } from './notice.ts'
import { organisationContract } from './organisation.ts'
import { pairingContract } from './pairing.ts'
import { receiptContract } from './receipt.ts'
import { staffContract } from './staff.ts'
import { tenantContract } from './tenant.ts'
import { todoContract } from './todo.ts'

/** Every call that staff and integrators may make to the centre: RPC under `/rpc`, OpenAPI under `/api/v1`. */
export const centreContract = {
  access: accessContract,
  account: accountContract,
  appointment: appointmentContract,
  attachment: attachmentReadContract,
  customer: customerContract,
  audit: auditContract,
  fleet: fleetContract,
  groupCustomer: groupCustomerContract,
  event: moduleEventContract,
  job: jobContract,
  notice: noticeContract,
  organisation: organisationContract,
  pairing: pairingContract,
  staff: staffContract,
  receipt: receiptContract,
  tenant: tenantContract,
  todo: todoContract,
}

/** What the centre pushes to admin-web: which page's data is worth asking for again. */
export const centrePushes = ['bookings-changed', 'stations-changed', 'todos-changed', 'notices-changed'] as const
export type CentrePushName = (typeof centrePushes)[number]

/** The socket.io `path` of these pushes; a connection needs the session cookie of a member of staff. */
export const centreLivePath = '/live'
