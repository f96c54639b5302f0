import type { PersonState } from '@yizhan/contracts/customer-record'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { IconName } from '../ui-admin/icon.tsx'
import type { StatusTone } from '../ui-admin/status-tag.tsx'

const refusals: Record<string, AdminMessageKey> = {
  'person-changed': 'customer.refused.changed',
  'person-unknown': 'customer.refused.gone',
  'entry-unknown': 'customer.refused.gone',
  'merge-unknown': 'customer.refused.gone',
  'group-unknown': 'customer.refused.gone',
  'group-changed': 'groups.refused.changed',
  'id-number-invalid': 'customer.refused.idNumber',
  'state-not-next': 'customer.refused.state',
  'guardian-needed': 'customer.refused.guardian',
  'contact-refused': 'customer.refused.deceased',
  'already-merged': 'customer.refused.merged',
  'survivor-merged': 'customer.refused.survivorMerged',
  'already-undone': 'customer.refused.undone',
  'person-erased': 'customer.refused.erased',
  'site-unknown': 'customer.refused.site',
  'time-invalid': 'customer.refused.time',
  FORBIDDEN: 'fault.forbidden',
}

/** What to say when the centre did not do something with a customer or a group. */
export function customerRefusal(refusal: string): AdminMessageKey {
  return refusals[refusal] ?? 'customer.refused.other'
}

/** How the state of a file looks. */
export const stateLook: Readonly<Record<PersonState, { tone: StatusTone; icon: IconName }>> = {
  prospect: { tone: 'quiet', icon: 'waiting' },
  registered: { tone: 'info', icon: 'badge' },
  active: { tone: 'good', icon: 'ok' },
  dormant: { tone: 'notice', icon: 'clock' },
  deceased: { tone: 'quiet', icon: 'off' },
  erased: { tone: 'quiet', icon: 'off' },
}
