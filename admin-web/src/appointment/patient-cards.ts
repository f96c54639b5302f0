import type { CardIdentifier } from '@yizhan/contracts/card'
import { birthDateOf, isIdNumber } from '@yizhan/rules/patient/id-number'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

/** The cards and documents of a patient as a desk enters them; empty for what was not shown. */
export interface PatientCards {
  idNumber: string
  cardNumber: string
}

const idNumberLength = 18

/** A number as it stands on a card: without what people put between its digits, letters as capitals. */
export function bareCardNumber(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
}

/** The cards as the centre is told them. */
export function cardsOf({ idNumber, cardNumber }: PatientCards): CardIdentifier[] {
  const cards: CardIdentifier[] = [
    { kind: 'id-number', value: bareCardNumber(idNumber) },
    { kind: 'card-number', value: bareCardNumber(cardNumber) },
  ]
  return cards.filter(({ value }) => value !== '')
}

/** What is wrong with the cards, once they are meant to be complete. */
export function cardProblems(
  { idNumber, cardNumber }: PatientCards,
  birthDate: string,
): Partial<Record<keyof PatientCards, AdminMessageKey>> {
  const problems: Partial<Record<keyof PatientCards, AdminMessageKey>> = {}
  const [id, card] = [bareCardNumber(idNumber), bareCardNumber(cardNumber)]
  if (id !== '' && !isIdNumber(id)) problems.idNumber = 'booking.form.idNumber.wrong'
  const born = birthDateOf(id)
  if (born !== undefined && birthDate !== '' && born !== birthDate)
    problems.idNumber = 'booking.form.idNumber.otherBirth'
  if (card !== '' && !/^[0-9A-Z]{4,40}$/.test(card)) problems.cardNumber = 'booking.form.cardNumber.wrong'
  return problems
}

/** What can be said of an ID number while it is typed: nothing before it is whole. */
export function idNumberVerdict(typed: string): 'fits' | 'wrong' | null {
  const id = bareCardNumber(typed)
  if (id.length < idNumberLength) return null
  return isIdNumber(id) ? 'fits' : 'wrong'
}
