/** What is compared of two persons; hashes stand for documents and phones. */
export interface ComparedPerson {
  name: string
  initials: string
  sex: 'female' | 'male' | 'other' | 'unknown'
  birthDate: string | null
  documents: readonly string[]
  phones: readonly string[]
}

/** Why two files may be one person's. */
export type DuplicateReason = 'same-document' | 'same-phone' | 'same-name' | 'same-birth' | 'same-initials'
/** Why they may be two persons in spite of it. */
export type DuplicateDoubt = 'other-document' | 'other-birth' | 'other-sex'

/** How alike two files are, 0 to 100, and why. */
export interface DuplicateScore {
  score: number
  reasons: DuplicateReason[]
  doubts: DuplicateDoubt[]
}

/**
 * What each sign weighs. Our own choice: one ID document is proof enough to be looked at by itself; a phone is shared in
 * families, so it takes a name or a birth date beside it; name and birth date together do too.
 */
export const duplicateWeights = {
  'same-document': 70,
  'same-phone': 35,
  'same-name': 30,
  'same-birth': 30,
  'same-initials': 10,
  'other-document': -50,
  'other-birth': -25,
  'other-sex': -25,
} as const satisfies Record<DuplicateReason | DuplicateDoubt, number>

/** From this score on a pair is put on the list for staff (疑似重复). */
export const duplicateListedFrom = 60
/** From this score on it stands on top as nearly certain (高度疑似). Nothing is ever merged without a person's decision. */
export const duplicateLikelyFrom = 90

/** Compares two files; the order of the two does not matter. */
export function duplicateScore(one: ComparedPerson, other: ComparedPerson): DuplicateScore {
  const reasons: DuplicateReason[] = []
  const doubts: DuplicateDoubt[] = []
  if (meet(one.documents, other.documents)) reasons.push('same-document')
  else if (one.documents.length > 0 && other.documents.length > 0) doubts.push('other-document')
  if (meet(one.phones, other.phones)) reasons.push('same-phone')
  if (folded(one.name) === folded(other.name)) reasons.push('same-name')
  else if (one.initials !== '' && one.initials === other.initials) reasons.push('same-initials')
  if (one.birthDate !== null && other.birthDate !== null)
    if (one.birthDate === other.birthDate) reasons.push('same-birth')
    else doubts.push('other-birth')
  if (isKnown(one.sex) && isKnown(other.sex) && one.sex !== other.sex) doubts.push('other-sex')
  const sum = [...reasons, ...doubts].reduce((total, sign) => total + duplicateWeights[sign], 0)
  return { score: Math.min(100, Math.max(0, sum)), reasons, doubts }
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  return one.some((value) => other.includes(value))
}

function folded(name: string): string {
  return name.normalize('NFKC').replace(/\s/g, '').toUpperCase()
}

function isKnown(sex: ComparedPerson['sex']): boolean {
  return sex !== 'unknown'
}
