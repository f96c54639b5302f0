/** The scores that a rating keypad (评价器) knows, from very dissatisfied to very satisfied. */
export type RatingScore = 1 | 2 | 3 | 4 | 5

/**
 * What a rating keypad sends, as data: every message is `head`, one code, a check byte where there is one, `tail`. All messages of
 * a keypad are of one length.
 */
export interface KeypadProfile {
  head: readonly number[]
  /** The check byte over head and code: their sum or their exclusive or, in eight bits. */
  check: 'none' | 'sum' | 'xor'
  tail: readonly number[]
  keys: readonly { code: number; score: RatingScore }[]
  /** The message that a healthy keypad sends by itself; one that stays away three times means that it is mute. */
  heartbeat?: { code: number; everyMs: number }
}

const scores: readonly RatingScore[] = [1, 2, 3, 4, 5]

/**
 * The keypads that can be configured. No public standard for rating keypads exists and each vendor has its own bytes, so a
 * hospital's model becomes one more entry here. `ascii-digits`: the characters 1 to 5, as keypads that imitate a terminal send.
 * `framed-sum`: AA 55, key 01–05, sum, with a heartbeat of key 00 each five seconds.
 */
export const keypadProfiles = {
  'ascii-digits': {
    head: [],
    check: 'none',
    tail: [],
    keys: scores.map((score) => ({ code: 0x30 + score, score })),
  },
  'framed-sum': {
    head: [0xaa, 0x55],
    check: 'sum',
    tail: [],
    keys: scores.map((score) => ({ code: score, score })),
    heartbeat: { code: 0x00, everyMs: 5000 },
  },
} as const satisfies Record<string, KeypadProfile>

/** The name of a keypad profile, as it stands in a station's configuration. */
export type KeypadProfileName = keyof typeof keypadProfiles

/** The bytes of the message with this code. */
export function keypadMessage(profile: KeypadProfile, code: number): Uint8Array {
  const checked = [...profile.head, code]
  return Uint8Array.from([...checked, ...checkBytes(profile.check, checked), ...profile.tail])
}

function checkBytes(check: KeypadProfile['check'], bytes: readonly number[]): number[] {
  switch (check) {
    case 'none':
      return []
    case 'sum':
      return [bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)]
    case 'xor':
      return [bytes.reduce((xor, byte) => xor ^ byte, 0)]
    default:
      throw new TypeError(`unknown check ${JSON.stringify(check satisfies never)}`)
  }
}
