/** What is known of a person when they stand at the desk. */
export interface KnownOfPerson {
  name: string
  sex: 'female' | 'male' | 'other' | 'unknown'
  birthDate: string | null
  occupation: string | null
  detailKinds: readonly string[]
  relations: readonly { isGuardian: boolean }[]
  /** The kinds of health history that were asked for, also when the answer was none; null when the reader may not see them. */
  healthAsked: readonly string[] | null
  consents: readonly { purpose: string; isGiven: boolean }[]
  visitCount: number
  /** The hospital's day. */
  today: string
}

/** A field that a first visit must fill. */
export type ChecklistField =
  | 'sex'
  | 'birth-date'
  | 'document'
  | 'phone'
  | 'address'
  | 'occupation'
  | 'guardian'
  | 'contact'
  | 'allergy'
  | 'history'
  | 'family-history'
  | 'consent'
  | 'health-card'

/** What the desk still has to ask: at a first visit everything that is missing, at a return the health-card number. */
export interface VisitChecklist {
  visit: 'first' | 'return'
  missing: ChecklistField[]
}

/** Below this age a guardian decides (《个人信息保护法》第三十一条). */
export const guardianBelowYears = 14

/** The age in full years on a day; null without a birth date. */
export function ageInYears(birthDate: string | null, today: string): number | null {
  if (birthDate === null) return null
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** Whether a guardian has to speak for a person on a day. */
export function needsGuardian(birthDate: string | null, today: string): boolean {
  const age = ageInYears(birthDate, today)
  return age !== null && age < guardianBelowYears
}

/**
 * What is missing in a file. First visit (初诊): all personal data have to be there, in the order in which the desk asks.
 * Return (复诊): the desk asks for the health card (健康卡), and for what a first visit left out.
 */
export function visitChecklist(known: KnownOfPerson): VisitChecklist {
  const visit = known.visitCount > 0 ? 'return' : 'first'
  const has = (...kinds: string[]) => kinds.some((kind) => known.detailKinds.includes(kind))
  const isChild = needsGuardian(known.birthDate, known.today)
  const asked = (kind: string) => known.healthAsked === null || known.healthAsked.includes(kind)
  const isThere: Record<ChecklistField, boolean> = {
    'health-card': visit === 'first' || has('health-card'),
    sex: known.sex !== 'unknown',
    'birth-date': known.birthDate !== null,
    document: has('id-number', 'passport', 'other-document'),
    phone: has('phone'),
    address: has('address'),
    // A child has none.
    occupation: isChild || known.occupation !== null,
    guardian: !isChild || known.relations.some(({ isGuardian }) => isGuardian),
    contact: known.relations.length > 0,
    allergy: asked('allergy'),
    history: asked('history'),
    'family-history': asked('family-history'),
    consent: known.consents.some(({ purpose }) => purpose === 'care'),
  }
  return { visit, missing: (Object.keys(isThere) as ChecklistField[]).filter((field) => !isThere[field]) }
}
