import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { queueLetter } from './queue.ts'
import { instantMs } from './time.ts'

/** A pairing code (配对码): eight random digits, shown by the station, typed once by an administrator within ten minutes. */
export const pairingCode = z.string().regex(/^\d{8}$/)

/** SHA-256 of a public key in SPKI form, its first 16 bytes in groups of four hexadecimal digits: what two people compare. */
export const keyFingerprint = z.string().regex(/^(?:[0-9a-f]{4} ){7}[0-9a-f]{4}$/)

/** What a station that nobody knows yet says of itself; it proves nothing and is only read by a person. */
export const stationAbout = z.strictObject({
  appVersion: z.string().max(40),
  hostName: z.string().max(64),
  platform: z.string().max(64),
})
export type StationAbout = z.infer<typeof stationAbout>

/** Where a pairing stands. */
export const pairingStates = ['waiting', 'approved', 'refused', 'expired'] as const
export type PairingState = (typeof pairingStates)[number]

const signedByItself = {
  'signature-invalid': { status: 401, message: 'The request is not signed by the key that it names' },
} as const

const askingStation = { pairingId: id, stationId: id, publicKey: z.string().max(200) }

/**
 * The calls of a station that nobody knows yet, each signed by the very key that it brings; served under `/pairing/v1`.
 * They prove that the caller holds the key and nothing else: who it is, a person says who sees its screen.
 */
export const stationPairingContract = {
  /** Announces a code; a repeat with the same `pairingId` changes nothing. */
  begin: oc
    .errors({
      ...signedByItself,
      'hospital-unknown': { status: 404, message: 'No such hospital at this centre' },
      'code-taken': { status: 409, message: 'Another station shows this code; draw another' },
      'too-many-pairings': { status: 429, message: 'Too many stations wait to be paired; try again later' },
    })
    .input(z.strictObject({ ...askingStation, code: pairingCode, about: stationAbout }))
    .output(z.strictObject({ expiresInMs: z.int().min(0) })),
  state: oc
    .errors({ ...signedByItself, 'pairing-unknown': { status: 404, message: 'No such pairing' } })
    .input(z.strictObject(askingStation))
    .output(z.strictObject({ state: z.enum(pairingStates) })),
}

/** A station that waits to be paired, as an administrator sees it. */
export const pendingPairing = z.strictObject({
  pairingId: id,
  keyFingerprint,
  about: stationAbout,
  begunAt: instantMs,
  expiresAt: instantMs,
  /** Set when this machine is known already and was set aside (quarantined): approving gives it back its place with a new key. */
  returning: z.strictObject({ stationId: id, name: localText, letter: queueLetter }).nullable(),
})
export type PendingPairing = z.infer<typeof pendingPairing>

const codeRefusals = {
  'code-expired': { status: 410, message: 'The code is older than ten minutes; the machine shows a new one' },
  'code-used': { status: 409, message: 'The code has been used' },
} as const

/** The pairing calls of administrators. */
export const pairingContract = {
  find: oc
    .route({ method: 'POST', path: '/pairings/find', summary: 'Look up a pairing code', tags: ['fleet'] })
    .errors({
      ...codeRefusals,
      'code-unknown': {
        status: 404,
        message: 'No machine shows this code',
        data: z.strictObject({ triesLeft: z.int().min(0) }),
      },
      'too-many-tries': {
        status: 429,
        message: 'Too many wrong codes',
        data: z.strictObject({ retryAfterS: z.int().min(1) }),
      },
    })
    .input(z.strictObject({ code: pairingCode }))
    .output(pendingPairing),
  approve: oc
    .route({
      method: 'POST',
      path: '/pairings/{pairingId}/approve',
      summary: 'Enrol a paired station',
      tags: ['fleet'],
    })
    .errors({
      ...codeRefusals,
      'pairing-unknown': { status: 404, message: 'No such pairing' },
      'fingerprint-differs': { status: 409, message: 'The machine has another key than the one that was compared' },
      'site-unknown': { status: 404, message: 'No such site' },
      'letter-taken': { status: 409, message: 'Another station of this hospital has this letter, or had it today' },
      'station-known': { status: 409, message: 'This machine is a copy of a station that works' },
      'replaced-unknown': { status: 404, message: 'No such station to replace' },
    })
    .input(
      z.strictObject({
        operationId,
        pairingId: id,
        /** The fingerprint that was compared with the machine's screen. */
        keyFingerprint,
        place: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('new'), siteId: id, name: localText, letter: queueLetter }),
          /** Takes over name, letter and site of a station, which is revoked at the same moment. */
          z.strictObject({ kind: z.literal('replacement'), replaces: id }),
          /** A station that was quarantined comes back under its new key. */
          z.strictObject({ kind: z.literal('returning') }),
        ]),
      }),
    )
    .output(z.strictObject({ stationId: id, keyFingerprint })),
  refuse: oc
    .route({ method: 'POST', path: '/pairings/{pairingId}/refuse', summary: 'Turn a pairing down', tags: ['fleet'] })
    .errors({ 'pairing-unknown': { status: 404, message: 'No such pairing' }, 'code-used': codeRefusals['code-used'] })
    .input(z.strictObject({ operationId, pairingId: id }))
    .output(z.strictObject({ refusedAt: instantMs })),
}
