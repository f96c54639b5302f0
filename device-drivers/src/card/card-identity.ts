import { type CardIdentifier, cardIdentifier } from '@yizhan/contracts/card'
import { birthDateOf, dateOfEightDigits, isIdNumber } from '@yizhan/rules/patient/id-number'
import type { CardIdentity } from './card-news.ts'
import type { CardProfile } from './card-profile.ts'
import type { CardValue } from './card-script.ts'
import { CardNonsense } from './card-value.ts'

/** The longest name in use in China, of several parts with dots between, has about thirty characters. */
const maxNameCharacters = 60

/**
 * Who a card says its holder is, from the values of its script. Throws CardNonsense unless everything fits together: an ID number
 * with its check digit, a birth date that exists and is the one in the ID number. No identity is better than a wrong one.
 */
export function identityOf({ id, output }: CardProfile, values: ReadonlyMap<string, CardValue>): CardIdentity {
  const textOf = (name: string | undefined) => (name === undefined ? undefined : values.get(name)?.text)
  const identifiers = output.identifiers.flatMap(({ kind, from }) => {
    const text = textOf(from)
    return text === undefined ? [] : [identifierOf(kind, text)]
  })
  if (identifiers.length === 0) throw new CardNonsense('the card names nobody')
  const name = nameOf(textOf(output.name))
  const birthDate = agreedBirthDate(identifiers, textOf(output.birthDate))
  return {
    profileId: id,
    identifiers,
    ...(name === undefined ? {} : { name }),
    ...(birthDate === undefined ? {} : { birthDate }),
  }
}

function identifierOf(kind: CardIdentifier['kind'], text: string): CardIdentifier {
  const parsed = cardIdentifier.safeParse({ kind, value: text.toUpperCase() })
  if (!parsed.success) throw new CardNonsense(`no ${kind}`)
  if (kind === 'id-number' && !isIdNumber(parsed.data.value)) throw new CardNonsense('no ID number')
  return parsed.data
}

function nameOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (!/\p{L}|\p{Co}/u.test(text) || [...text].length > maxNameCharacters) throw new CardNonsense('no name')
  return text.normalize('NFC')
}

function agreedBirthDate(identifiers: readonly CardIdentifier[], text: string | undefined): string | undefined {
  const idNumber = identifiers.find(({ kind }) => kind === 'id-number')?.value
  const byNumber = idNumber === undefined ? undefined : birthDateOf(idNumber)
  if (text === undefined) return byNumber
  const stated = dateOfEightDigits(text)
  if (stated === undefined) throw new CardNonsense('no birth date')
  if (byNumber !== undefined && byNumber !== stated) throw new CardNonsense('two birth dates')
  return stated
}
