import { commonParts } from './common-passwords.ts'

/** Characters at least, by code points; OWASP ASVS 6.2.1 asks for 8, the threat of shared front desks for more. */
export const passwordMinLength = 12

/**
 * Which rules passwords follow: `asvs`, OWASP ASVS 5.0 (6.2.5 and 6.2.10 forbid rules on composition and changes by the
 * calendar), or `mlps3`, for hospitals that are examined by GB/T 22239-2019 §8.1.4.1 a) (等保三级), which asks for both.
 */
export const passwordProfiles = ['asvs', 'mlps3'] as const
export type PasswordProfile = (typeof passwordProfiles)[number]

/** GB/T 22239-2019 names no figure; 90 days is what examiners of level 3 usually ask for. */
const passwordLifeMs = 90 * 24 * 3_600_000

/** Kinds of characters at least, of the four: capitals, small letters, digits, all others. */
const kindsAtLeast = 3

/** Whether a password has to be replaced for its age alone. */
export function isPasswordDue(profile: PasswordProfile, setAtMs: number | null, nowMs: number): boolean {
  return profile === 'mlps3' && setAtMs !== null && nowMs - setAtMs >= passwordLifeMs
}

/** What must be left of a password when every well-known part is taken away; fewer can be tried through. */
const ownCharactersAtLeast = 5

/** The weakness of a new password by length and guessability, by profile also composition; null when it may be used. */
export function passwordWeakness(
  password: string,
  personal: readonly string[],
  profile: PasswordProfile = 'asvs',
): 'too-short' | 'too-plain' | 'common' | null {
  const characters = [...password.normalize('NFC')]
  if (characters.length < passwordMinLength) return 'too-short'
  if (profile === 'mlps3' && kindsOf(password) < kindsAtLeast) return 'too-plain'
  return ownCharacters(password, personal) < ownCharactersAtLeast ? 'common' : null
}

function kindsOf(password: string): number {
  return [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u].filter((kind) => kind.test(password)).length
}

/**
 * How many characters are left after taking away what attackers try first: common passwords and hospital words (also in
 * digits-for-letters spelling), the person's own name and address, years, runs, repetitions.
 */
function ownCharacters(password: string, personal: readonly string[]): number {
  const own = personal.flatMap((text) => text.toLowerCase().split(/[\s@._-]+/)).filter((part) => part.length >= 2)
  const parts = [...commonParts, ...own].sort((one, other) => other.length - one.length)
  const spellings = [password.toLowerCase(), asLetters(password.toLowerCase())]
  return Math.min(...spellings.map((spelling) => remainder(spelling, parts)))
}

function remainder(spelling: string, parts: readonly string[]): number {
  let left = spelling
  for (const part of parts) left = left.replaceAll(part, ' ')
  left = left.replace(/(?:19|20)\d\d/g, ' ').replace(/[\s\p{P}\p{Sc}\p{Sk}\p{Sm}]/gu, '')
  return new Set(withoutRuns(left)).size
}

/** Drops characters that only continue a run of the alphabet or digits: `abcd`, `9876`. */
function withoutRuns(text: string): string[] {
  const characters = [...text]
  return characters.filter((character, at) => {
    const before = characters[at - 1]?.codePointAt(0)
    const now = character.codePointAt(0) ?? 0
    return before === undefined || Math.abs(now - before) > 1
  })
}

const lettersForDigits: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
}

function asLetters(text: string): string {
  return text.replace(/[013457@$]/g, (character) => lettersForDigits[character] ?? character)
}
