import { PcscFault, type PcscFaultReason } from './pcsc-transport.ts'

/** The results of PC/SC calls that we tell apart or give ourselves (PC/SC part 5; pcsc-lite's pcsclite.h). */
export const pcscResults = {
  success: 0,
  cancelled: 0x80100002,
  invalidHandle: 0x80100003,
  insufficientBuffer: 0x80100008,
  unknownReader: 0x80100009,
  sharingViolation: 0x8010000b,
  noSmartcard: 0x8010000c,
  protocolMismatch: 0x8010000f,
  notReady: 0x80100010,
  commError: 0x80100013,
  readerUnavailable: 0x80100017,
  noService: 0x8010001d,
  serviceStopped: 0x8010001e,
  unsupportedFeature: 0x8010001f,
  noReaders: 0x8010002e,
  unsupportedCard: 0x80100065,
  unresponsiveCard: 0x80100066,
  unpoweredCard: 0x80100067,
  resetCard: 0x80100068,
  removedCard: 0x80100069,
} as const

const reasons = new Map<number, PcscFaultReason>([
  [pcscResults.unknownReader, 'reader-lost'],
  [pcscResults.readerUnavailable, 'reader-lost'],
  [pcscResults.noReaders, 'reader-lost'],
  // The daemon forgets a card's handle together with its reader.
  [pcscResults.invalidHandle, 'reader-lost'],
  [pcscResults.sharingViolation, 'card-shared'],
  // Another program reset the card between two of our commands: what we had selected is gone.
  [pcscResults.resetCard, 'card-shared'],
  [pcscResults.noSmartcard, 'card-removed'],
  [pcscResults.removedCard, 'card-removed'],
  [pcscResults.unresponsiveCard, 'card-mute'],
  [pcscResults.unpoweredCard, 'card-mute'],
  [pcscResults.unsupportedCard, 'card-mute'],
  [pcscResults.protocolMismatch, 'card-mute'],
  [pcscResults.notReady, 'card-mute'],
  [pcscResults.noService, 'daemon-down'],
  // What libpcsclite says when the daemon hangs up in the middle.
  [pcscResults.commError, 'daemon-down'],
  [pcscResults.serviceStopped, 'daemon-down'],
])

/** The fault that a PC/SC call's result means. A result without a word of its own is a failed exchange with the card: `protocol`. */
export function faultOfResult(result: number, call: string): PcscFault {
  return new PcscFault(reasons.get(result) ?? 'protocol', `${call} gave 0x${result.toString(16).padStart(8, '0')}`)
}

/** How a card is used and left (PC/SC part 5): shared with other programs, either protocol, powered off when we are done. */
export const cardUse = {
  shareExclusive: 1,
  shareShared: 2,
  protocolT0: 1,
  protocolT1: 2,
  protocolAny: 3,
  unpower: 2,
} as const

/** The longest answer of a card: an extended APDU with its status word, as pcsc-lite bounds it (MAX_BUFFER_SIZE_EXTENDED). */
export const maxAnswerBytes = 4 + 3 + 65_536 + 3 + 2

/** A card's answer as a session gives it out. Throws a PcscFault for what cannot be one. */
export function checkedAnswer(answer: Uint8Array): Uint8Array {
  // A card pulled in mid-exchange comes back as a success without any bytes (measured with pcscd 1.9.9).
  if (answer.length === 0) throw new PcscFault('card-removed', 'the exchange ended without an answer')
  if (answer.length === 1) throw new PcscFault('protocol', 'an answer of one byte has no status word')
  return answer
}
