import type { CardIdentity } from '@yizhan/device-drivers/card/card-news'
import { isIdNumber } from '@yizhan/rules/patient/id-number'
import { z } from 'zod'
import type { StationLog } from '../station/station-log.ts'
import type { CredentialDecoder } from './credential-decoder.ts'

/**
 * How one province's middleware names things in `ec.query` (the decoding call of the medical-insurance platform's interface for
 * hospitals, 1.14.6). The call itself is the same everywhere; these words are not.
 */
export const ecQueryWords = z.strictObject({
  /** The member of the request's `data` in which the scanned code goes. */
  code: z.string().min(1).max(40).default('ecQrCode'),
  /** The member of the answer's `data` that holds the citizen's ID number. */
  idNumber: z.string().min(1).max(40).default('idNo'),
  /** What else the request's `data` must say, as `officeId`, `operatorName` or `deviceType`. */
  also: z.record(z.string().min(1).max(40), z.string().max(100)).default({}),
})

/** Where the middleware is and as whom it is asked. */
export interface EcQueryConfig {
  url: string
  organisationId: string
  operatorId: string
  businessType: string
  timeoutMs: number
  words: z.infer<typeof ecQueryWords>
}

/** `code` 0 is success; every other one says in `message` why the code is not taken: expired, spent, of no insured person. */
const answer = z.object({
  code: z.union([z.number(), z.string().max(40)]),
  data: z.record(z.string(), z.unknown()).nullish(),
})

/** A whole answer is under 1 kB; the library that the platform gives out reserves 8 KiB for it. */
const longestAnswerBytes = 64 * 1024

/**
 * Asks the hospital's middleware whose e-voucher a scanned code is. The code goes out in this one request and nowhere else; of
 * the answer only the ID number is taken.
 */
export function createEcQueryDecoder(config: EcQueryConfig, log: StationLog): CredentialDecoder {
  return {
    async decode(raw) {
      try {
        return readAnswer(await ask(config, raw), config.words.idNumber)
      } catch (fault) {
        // The fault's kind alone: its text may quote what was sent or answered.
        log.warn({ fault: fault instanceof Error ? fault.name : 'unknown' }, 'the decoder of e-vouchers did not answer')
        return 'unreachable'
      }
    },
  }
}

async function ask(config: EcQueryConfig, raw: string): Promise<unknown> {
  const { organisationId, operatorId, businessType, words } = config
  const data = { orgId: organisationId, businessType, operatorId, ...words.also, [words.code]: raw }
  const response = await fetch(config.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transType: 'ec.query', orgId: organisationId, data }),
    // Followed, a redirection would hand the code to whoever is named there.
    redirect: 'error',
    signal: AbortSignal.timeout(config.timeoutMs),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return JSON.parse(await readText(response))
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > longestAnswerBytes) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readAnswer(told: unknown, idNumberField: string): CardIdentity | 'unknown' {
  const { code, data } = answer.parse(told)
  if (Number(code) !== 0) return 'unknown'
  const idNumber = String(data?.[idNumberField] ?? '').toUpperCase()
  // Holders of passports and permits have other numbers, which no booking of ours is found by.
  return isIdNumber(idNumber)
    ? { profileId: 'ec-query', identifiers: [{ kind: 'id-number', value: idNumber }] }
    : 'unknown'
}
