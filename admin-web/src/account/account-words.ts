import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

const refusals: Record<string, AdminMessageKey> = {
  'account-known': 'accounts.refused.known',
  'own-account': 'accounts.refused.own',
  'account-of-another': 'accounts.refused.another',
  'staff-taken': 'accounts.refused.staffTaken',
}

/** What to say when the centre did not do something with an account. */
export function accountRefusal(refusal: string): AdminMessageKey {
  return refusals[refusal] ?? 'accounts.refused.changed'
}
