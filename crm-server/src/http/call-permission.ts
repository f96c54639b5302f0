import type { Role, WhoAmI } from '@yizhan/contracts/access'

/** The calls that a role may make; `feature.*` stands for all of a feature. Administrators may make every call. */
const allowed: Record<Role, readonly string[]> = {
  administrator: ['*'],
  'front-desk': [
    'appointment.*',
    'tenant.structure',
    'fleet.list',
    'fleet.deviceHistory',
    'fleet.slips',
    'fleet.settleSlip',
    'fleet.acknowledgeAlarm',
  ],
}

/** The calls that belong to signing in itself and therefore ask for no role and no fulfilled duty. */
const signInCalls = ['access.whoAmI', 'access.setOwnPassword']

/** Whether a call is part of signing in. */
export function isSignInCall(call: string): boolean {
  return signInCalls.includes(call)
}

/** Why a member of staff may not make a call now; null when they may. */
export function callRefusal(who: WhoAmI, call: string): 'duties-open' | 'not-allowed' | null {
  if (who.duties.length > 0) return 'duties-open'
  const [feature = ''] = call.split('.')
  const fits = (rule: string) => rule === '*' || rule === call || rule === `${feature}.*`
  return who.roles.some((role) => allowed[role].some(fits)) ? null : 'not-allowed'
}
