import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

const refusals: Record<string, AdminMessageKey> = {
  'number-taken': 'staff.refused.number',
  'validity-invalid': 'staff.refused.validity',
  'code-taken': 'staff.refused.code',
  'staff-left': 'staff.refused.left',
  'pin-weak': 'staff.refused.pin',
  'card-taken': 'staff.refused.card',
  'photo-invalid': 'staff.photo.unreadable',
  'parent-within': 'staff.refused.parent',
}

/** What to say when the centre did not do something with a person, a department or a code. */
export function staffRefusal(refusal: string): AdminMessageKey {
  return refusals[refusal] ?? 'staff.refused.changed'
}
