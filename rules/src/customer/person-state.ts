import type { PersonState } from '@yizhan/contracts/customer-record'

/**
 * To which states staff may bring a file. A person who was noted as deceased by mistake comes back as registered; erasing is
 * no choice of staff: it follows a request that was granted, and is final.
 */
const nextStates: Readonly<Record<PersonState, readonly PersonState[]>> = {
  prospect: ['registered', 'deceased'],
  registered: ['active', 'dormant', 'deceased'],
  active: ['dormant', 'deceased'],
  dormant: ['active', 'deceased'],
  deceased: ['registered'],
  erased: [],
}

/** The states that a file can be brought to by staff from where it stands. */
export function nextPersonStates(state: PersonState): readonly PersonState[] {
  return nextStates[state]
}

/** The state of a file once its person has been seen: whoever was only heard of, registered or long away is active now. */
export function stateAfterVisit(state: PersonState): PersonState {
  return state === 'deceased' || state === 'erased' ? state : 'active'
}
